// Faults and poison: whatever stands in a table shapes neither the headers nor the parts of a mail.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import { nudge } from '../../../src/domain/nudge.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { aMailServer, type MailServerForTests } from './a-mail-server.ts';
import { aFault, mailWorld } from './mail-world.ts';

const world = mailWorld();

/** What stands in every column that a mail shows, and how a reader sees it. */
const values: readonly [string, string, string][] = [
  ['a plain name', 'Ñandú & Cía', 'Ñandú & Cía'],
  ['line breaks', 'x\r\nBcc: intruso@example.com\r\n\r\n<p>y', 'x Bcc: intruso@example.com <p>y'],
  ['line breaks of Unicode', 'x\u2028Bcc: a\u2029b\u0085c\u000bd', 'x Bcc: a b c d'],
  [
    'a script',
    '<script>alert(1)</script><img src=x onerror=a()>',
    '<script>alert(1)</script><img src=x onerror=a()>',
  ],
  ['ends of elements', '</title></td></table><!--', '</title></td></table><!--'],
  ['quotes', `" onclick="a()" ' \` <a href='x'>`, `" onclick="a()" ' \` <a href='x'>`],
  ['a further address', '", <intruso@example.com>, "', '", <intruso@example.com>, "'],
  ['an encoded word', '=?utf-8?Q?x=0D=0ABcc:_y?=', '=?utf-8?Q?x=0D=0ABcc:_y?='],
  ['the end of a message', 'x\r\n.\r\nMAIL FROM:<a@b>', 'x . MAIL FROM:<a@b>'],
  [
    'the end of a part',
    'x\n----_NmP-1-Part_1--\nContent-Type: text/html',
    'x ----_NmP-1-Part_1-- Content-Type: text/html',
  ],
  ['marks of direction', 'a\u202egpj.exe\u202c\u2067b\u200f\u061c', 'agpj.exeb'],
  ['emoji', '👩‍👩‍👧 ñ 💸', '👩‍👩‍👧 ñ 💸'],
  ['a sentence of ours', 'x\n\nQué hacer: pague', 'x Qué hacer: pague'],
  ['placeholders', '{{ constructor }} {nombre} ${x} %s', '{{ constructor }} {nombre} ${x} %s'],
  ['as much as fits', 'ñ'.repeat(100), 'ñ'.repeat(100)],
];

async function fill(value: string): Promise<void> {
  const id = await world.anExecution('000001', '12:00:00', 'PARCIAL');
  await sql`
    UPDATE CT_Empresas SET emp_Nombre = ${value};
    UPDATE CT_Alertas_Config SET cfg_Nombre = ${value};
    UPDATE CT_Alertas_Admin_Emails SET adm_Nombre = ${value};
    INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Nombre, msg_Destino, msg_Estado, msg_Error)
    VALUES (${id}, ${value}, 'a', 'RECHAZADO', ${`webhook_rechazo: ${value}`})`.execute(world.db);
  const given = { reason: 'no_termina', executionId: id, detail: value, body: value } as const;
  await insertFaults(world.db, [aFault('12:00:00', given)]);
}

/** All of a mail that does not come from a table. */
function shapeOf({ headers, text = '', html = '' }: MailServerForTests['mails'][number]) {
  return {
    headers: headers.map(({ key }) => key),
    lines: text.trim().split('\n').length,
    elements: html.match(/<[^>]*>/g),
  };
}

async function mailWith(value: string): Promise<MailServerForTests['mails'][number]> {
  await using server = await aMailServer();
  await fill(value);
  await world.mailerOn(server.port, clockAt('2026-03-02T12:00:00Z')).report(nudge);
  const [mail] = server.mails;
  if (mail === undefined || server.mails.length > 1) throw new Error(`${server.mails.length} mails`);
  return mail;
}

let plain: ReturnType<typeof shapeOf> | undefined;

test.each(values)('%s in every column', async (_what, value, shown) => {
  const mail = await mailWith(value);
  plain ??= shapeOf(mail);
  expect(shapeOf(mail)).toEqual(plain);
  expect(mail.recipients).toEqual(['todo@example.com', 'norte@example.com']);
  const name = shown.replaceAll('=?', '= ?');
  expect([mail.from, mail.to]).toEqual([
    { name: 'Vigía', address: 'vigia@example.com' },
    [
      { name, address: 'todo@example.com' },
      { name, address: 'norte@example.com' },
    ],
  ]);
  expect(mail.subject).toBe(`[Vigía] ${shown}: el envío no logra terminar`);
  expect(mail.text?.split('\n').filter((line) => line.includes(shown))).toEqual([
    `${shown}: el envío no logra terminar`,
    `Empresa: ${shown} (E001)`,
    `000001 ${shown}, ejecución 1 — 02/03/2026 09:00:00`,
    `  ${shown}`,
    `  Sin entregar a ${shown}: ${shown}.`,
    `  Contenido: ${shown}`,
  ]);
  const html = mail.html?.replaceAll(/<title>.*?<\/title>/g, '').replaceAll(/<[^>]*>/g, '\n') ?? '';
  const escaped = html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
  expect(escaped.split(shown)).toHaveLength(8);
});
