import { redactor, type Redact } from '../../core/redact.ts';
import type { WebhookCall } from '../../dispatch/deliver/deliver-webhook.ts';

type Secretive = Pick<WebhookCall, 'url' | 'headers' | 'secrets'>;

/** Webhooks whose secrets are remembered. */
const most = 500;

/** Strikes what an answer may echo of a call out of it. Made once for each webhook: that takes longer than a call. */
export function redactors(): (call: Secretive) => Redact {
  const made = new Map<string, Redact>();
  return ({ url, headers, secrets }) => {
    const key = JSON.stringify([url, headers, secrets]);
    const known = made.get(key);
    if (known !== undefined) return known;
    const [oldest] = made.keys();
    if (made.size >= most && oldest !== undefined) made.delete(oldest);
    const fresh = redactor(knownSecrets({ url, headers, secrets }));
    made.set(key, fresh);
    return fresh;
  };
}

/** The URL and its telling parts, header values, webhook secrets. */
export function knownSecrets({ url: text, headers, secrets }: Secretive): readonly string[] {
  const url = URL.parse(text.trim());
  const inUrl = url === null ? [text.trim()] : secretsInUrl(text.trim(), url);
  return [
    ...inUrl,
    ...Object.values(headers).flatMap(credentialsIn),
    ...secrets.flatMap((secret) => [secret, secret.replace(/^whsec_/, '')]),
  ];
}

function secretsInUrl(text: string, url: URL): readonly string[] {
  const inPath = url.pathname.split('/').filter((part) => part.length >= 16 || /\d/.test(part));
  const inQuery = url.search
    .slice(1)
    .split('&')
    .map((pair) => pair.replace(/^[^=]*=/, ''));
  const { href, pathname, search, username, password } = url;
  const written = [text, href, pathname + search, pathname, ...inPath, ...inQuery, username, password];
  return [...written.flatMap((part) => [part, decoded(part)]), ...url.searchParams.values()];
}

/** A header's value, the same without its scheme (`Bearer`), and the user and password of `Basic`. */
function credentialsIn(value: string): readonly string[] {
  const [, scheme, rest = ''] = /^(\S+) +(.*)$/.exec(value) ?? [];
  if (scheme === undefined) return [value];
  if (scheme.toLowerCase() !== 'basic') return [value, rest];
  const pair = Buffer.from(rest, 'base64').toString();
  return [value, rest, pair, pair.replace(/^[^:]*:/, '')];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
