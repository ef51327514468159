import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { freePort } from '../../support/free-port.ts';

export interface MailServerForTests extends AsyncDisposable {
  port: number;
  mails: (Email & { recipients: readonly string[]; raw: string })[];
  /** Those that it was told. */
  passwords: (string | null | undefined)[];
}

interface Refusals {
  /** Answered with 550. */
  refused?: readonly string[];
  /** Answered with 450. */
  putOff?: readonly string[];
  /** Takes the mail, and ends the connection instead of saying so. */
  breaksAfterMail?: boolean;
}

/** Takes every mail and every login without encryption, except for the given recipients. `await using` stops it. */
export async function aMailServer({
  refused = [],
  putOff = [],
  breaksAfterMail = false,
}: Refusals = {}): Promise<MailServerForTests> {
  const mails: MailServerForTests['mails'] = [];
  const passwords: MailServerForTests['passwords'] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth({ username, password }, _session, callback) {
      passwords.push(password);
      callback(null, { user: username });
    },
    onRcptTo({ address }, _session, callback) {
      if (refused.includes(address)) return callback(answer(550, `${address} is refused`));
      if (putOff.includes(address)) return callback(answer(450, `${address} later`));
      callback(null);
    },
    onData(stream, session, callback) {
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      buffer(stream)
        .then(async (raw) => ({ ...(await PostalMime.parse(raw)), recipients, raw: raw.toString() }))
        .then((mail) => void mails.push(mail))
        .then(() => {
          if (breaksAfterMail) for (const connection of server.connections) connection.close();
          else callback();
        }, callback);
    },
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port,
    mails,
    passwords,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function answer(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** A server that never comes to an end: `mute` says nothing at all, `endless` goes on answering the first command. */
export async function aHangingServer(
  how: 'mute' | 'endless',
): Promise<{ port: number; open: () => number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (how === 'mute') return;
    socket.write('220 here\r\n');
    socket.once('data', () => {
      const talk = setInterval(() => socket.write('250-more\r\n'), 5);
      socket.on('close', () => clearInterval(talk));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
