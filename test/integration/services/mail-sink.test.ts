import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMailSink, type ReceivedMail } from '../../../dev/services/mail-sink.ts';
import { freePort } from '../../support/free-port.ts';

let url: string;
let smtp: number;
let sink: Awaited<ReturnType<typeof startMailSink>>;

beforeAll(async () => {
  smtp = await freePort();
  const mails = await freePort();
  url = `http://127.0.0.1:${mails}`;
  sink = await startMailSink({ smtp, mails });
});
afterAll(() => sink.close());

async function send(subject: string, html: string): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtp, auth: { user: 'u', pass: 'p' } });
  await transport.sendMail({
    from: 'vigia@example.com',
    to: ['a@example.com', 'b@example.com'],
    subject,
    html,
    text: 'texto',
  });
  transport.close();
}

test('a mail is shown as JSON with its parts, and on a page that runs nothing of it', async () => {
  await send('Aviso: ñandú <b>', '<p>hola</p><script>alert(1)</script>');
  const [mail] = (await (await fetch(`${url}/mails`)).json()) as ReceivedMail[];
  expect(mail).toMatchObject({
    from: 'vigia@example.com',
    to: ['a@example.com', 'b@example.com'],
    subject: 'Aviso: ñandú <b>',
    text: 'texto\n',
  });
  expect(mail?.html).toContain('<p>hola</p>');

  expect(await (await fetch(url)).text()).toContain('Aviso: ñandú &lt;b&gt;');
  const body = await fetch(`${url}/mails/${mail?.id}/body`);
  expect(body.headers.get('content-security-policy')).toContain('sandbox');

  await fetch(`${url}/mails`, { method: 'DELETE' });
  expect(await (await fetch(`${url}/mails`)).json()).toEqual([]);
});

test('an address that is not there says what is', async () => {
  const answer = await fetch(`${url}/nothing`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('/mails');
});
