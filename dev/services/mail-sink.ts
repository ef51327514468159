import { buffer } from 'node:stream/consumers';
import PostalMime, { type Address } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { listen, sendJson, sendPage, sendText, type Listening } from './listen.ts';
import { escapeHtml, page, pagePolicy, table, timeOfDay } from './page.ts';

/** A mail as `GET /mails` shows it. `at` is the time of arrival in ms since 1970. */
export interface ReceivedMail {
  id: number;
  at: number;
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
  html: string;
  headers: Readonly<Record<string, string>>;
}

const kept = 1_000;

/**
 * An SMTP server that delivers nothing. It keeps the last 1,000 mails in memory, shows them on a page (`/`, `/mails/{id}`)
 * and as JSON (`GET /mails`); `DELETE /mails` forgets them. Any user and password are accepted.
 */
export async function startMailSink(ports: { smtp: number; mails: number }): Promise<Listening> {
  const mails: ReceivedMail[] = [];
  let lastId = 0;

  const smtp = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: (auth, _session, callback) => callback(null, { user: auth.username ?? 'anyone' }),
    onData(stream, session, callback) {
      const at = Date.now();
      const to = session.envelope.rcptTo.map((recipient) => recipient.address);
      buffer(stream)
        .then((raw) => PostalMime.parse(raw))
        .then((mail) => {
          mails.push({
            id: ++lastId,
            at,
            from: addressOf(mail.from),
            to,
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            html: mail.html ?? '',
            headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
          });
          if (mails.length > kept) mails.shift();
          callback();
        })
        .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error))));
    },
  });
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject);
    smtp.listen(ports.smtp, '127.0.0.1', resolve);
  });
  smtp.on('error', () => {}); // a client that hangs up is not the sink's trouble

  const web = await listen(ports.mails, (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://sink');
    const one = /^\/mails\/(\d+)(\/body)?$/.exec(pathname);
    const mail = one && mails.find(({ id }) => id === Number(one[1]));
    if (request.method === 'DELETE' && pathname === '/mails') {
      mails.length = 0;
      sendJson(response, 200, []);
    } else if (request.method !== 'GET') sendText(response, 405, 'GET, or DELETE /mails');
    else if (pathname === '/mails') sendJson(response, 200, mails);
    else if (pathname === '/') sendPage(response, listPage(mails), pagePolicy);
    else if (mail && one[2])
      sendPage(response, mail.html || `<pre>${escapeHtml(mail.text)}</pre>`, mailPolicy);
    else if (mail) sendPage(response, mailPage(mail), pagePolicy);
    else sendText(response, 404, `Nothing at ${pathname}: try /, /mails or /mails/{id}`);
  });

  return {
    async close() {
      await web.close();
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
    },
  };
}

/** A mail's own HTML runs nothing and loads nothing. */
const mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

function addressOf(address: Address | undefined): string {
  return address?.address ?? '';
}

function listPage(mails: readonly ReceivedMail[]): string {
  const rows = mails
    .toReversed()
    .map((mail) => [
      timeOfDay(mail.at),
      escapeHtml(mail.to.join(', ')),
      `<a href="/mails/${mail.id}">${escapeHtml(mail.subject || '(sin asunto)')}</a>`,
    ]);
  const list =
    rows.length === 0
      ? '<p class="quiet">Todavía no llegó ninguno.</p>'
      : table(['Hora', 'Para', 'Asunto'], rows);
  return page('Correos recibidos', list, { follow: true });
}

function mailPage(mail: ReceivedMail): string {
  const body = `<p><a href="/">← todos</a></p>
<p>De ${escapeHtml(mail.from)} para ${escapeHtml(mail.to.join(', '))}</p>
<iframe src="/mails/${mail.id}/body" sandbox title="Correo"></iframe>
<h2>Texto</h2><pre>${escapeHtml(mail.text)}</pre>`;
  return page(mail.subject || '(sin asunto)', body);
}
