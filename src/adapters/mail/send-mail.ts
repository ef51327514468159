import type { Transporter } from 'nodemailer';
import type { Administrator } from '../../poison/read-report.ts';
import type { SendMail } from '../../poison/send-mail.ts';

type Accepted = string | { address: string };

export interface MailServer {
  server: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
  secure: boolean;
  login: { user: string; password: string } | null;
  from: string;
}

/** An SMTP client that is loaded with the first mail. One connection per mail, given up on after half a minute. */
export function sendMail(settings: MailServer): SendMail {
  let transporter: Promise<Transporter<{ accepted: Accepted[] }>> | null = null;
  return async (mail, to) => {
    transporter ??= openTransporter(settings);
    const { accepted } = await (
      await transporter
    ).sendMail({
      from: { name: 'Vigía', address: settings.from },
      to: to.map(({ email, name }) => ({ name: name ?? '', address: email })),
      ...mail,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    return { accepted: accepted.length, refused: refusedOf(to, accepted) };
  };
}

/** The client writes some domains in another form: where all were taken, none is looked for. */
function refusedOf(to: readonly Administrator[], accepted: readonly Accepted[]): readonly string[] {
  if (accepted.length >= to.length) return [];
  const taken = new Set(
    accepted.map((each) => (typeof each === 'string' ? each : each.address).toLowerCase()),
  );
  return to.map(({ email }) => email).filter((email) => !taken.has(email.trim().toLowerCase()));
}

async function openTransporter({ server, port, secure, login }: MailServer) {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host: server,
    port,
    secure,
    ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
