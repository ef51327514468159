import { oneLine } from './escape.ts';
import type { Administrator } from './read-report.ts';

/** One mailbox as SMTP takes it: nothing in it can end the address or begin another one. */
const mailbox = /^[^\s\p{Cc}@"<>(),:;\\[\]]{1,64}@[^\s\p{Cc}@"<>(),:;\\[\]]{1,255}$/u;

/** To whom a mail can go, each address once, and whose adm_Email is no address. */
export function mailAddressesOf(administrators: readonly Administrator[]): {
  usable: readonly Administrator[];
  unusable: readonly Administrator[];
} {
  const tidy = administrators.map(({ email, name, tenant }) => ({
    email: email.trim(),
    name: name === null ? null : nameOf(name),
    tenant,
  }));
  const { usable = [], unusable = [] } = Object.groupBy(tidy, ({ email }) =>
    mailbox.test(email) ? 'usable' : 'unusable',
  );
  const byAddress = Map.groupBy(usable, ({ email }) => email.toLowerCase());
  return { usable: [...byAddress.values()].flatMap(([first]) => first ?? []), unusable };
}

/** What looks like an encoded word of RFC 2047 would be decoded by mail programs, line breaks and all. */
function nameOf(text: string): string {
  return oneLine(text).replaceAll('=?', '= ?');
}
