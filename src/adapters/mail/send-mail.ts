import type { SendMail } from '../../poison/send-mail.ts';

export interface MailServer {
  server: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS where the server offers it, and always before a login. */
  secure: boolean;
  login: { user: string; password: string } | null;
  from: string;
}

/** For a whole mail, however slowly the server answers: a function that waits for ever takes its process with it. */
const timeLimitMs = 60_000;

/** The answer to an address that is refused for good begins with this class of code, or a higher one. */
const permanent = 500;

/** An SMTP client that is loaded with the first mail. One connection per mail, given up on after a minute. */
export function sendMail(settings: MailServer, limitMs = timeLimitMs): SendMail {
  let client: ReturnType<typeof openClient> | null = null;
  return async (mail, to) => {
    client ??= openClient(settings);
    const {
      accepted,
      rejected,
      rejectedErrors = [],
    } = await (
      await client
    ).sendMail({
      from: { name: 'Vigía', address: settings.from },
      to: to.map(({ email, name }) => ({ name: name ?? '', address: email })),
      ...mail,
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal: AbortSignal.timeout(limitMs),
    });
    const codes = new Map(rejectedErrors.map(({ recipient, responseCode }) => [recipient, responseCode]));
    return {
      accepted: accepted.length,
      refused: rejected.map((address) => ({
        address,
        putOff: (codes.get(address) ?? permanent) < permanent,
      })),
    };
  };
}

async function openClient({ server, port, secure, login }: MailServer) {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host: server,
    port,
    secure,
    // A password goes over no open connection.
    requireTLS: login !== null,
    ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
