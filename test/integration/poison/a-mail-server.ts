import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { freePort } from '../../support/free-port.ts';

export interface MailServerForTests extends AsyncDisposable {
  port: number;
  mails: (Email & { recipients: readonly string[] })[];
}

/** Takes every mail, except for the given recipients. `await using` stops it. */
export async function aMailServer({
  refused = [],
}: { refused?: readonly string[] } = {}): Promise<MailServerForTests> {
  const mails: MailServerForTests['mails'] = [];
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onRcptTo: ({ address }, _session, callback) =>
      callback(refused.includes(address) ? new Error(`${address} is refused`) : null),
    onData(stream, session, callback) {
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      buffer(stream)
        .then((raw) => PostalMime.parse(raw))
        .then((mail) => void mails.push({ ...mail, recipients }))
        .then(() => callback(), callback);
    },
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port,
    mails,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
