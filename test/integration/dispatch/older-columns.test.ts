import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Person } from '../../../src/dispatch/prepare/lookup-recipients.ts';
import { aSqlWorld, threePersons } from './sql-world.ts';

const byMail = (code: string, mail: string): Person => ({
  code,
  name: `Zoë 🦉 ${code}`,
  contacts: [{ code: '1', phone: null, mail }],
});

/** Alerts by mail, on tables of the system before us. */
async function aWorld(persons: readonly Person[]) {
  const world = await aSqlWorld(threePersons, { older: true });
  await sql`UPDATE CT_Alertas_Config SET cfgcan_Cod = '0002'`.execute(world.db);
  world.ports.lookupRecipients = async () => ({ kind: 'answer', value: persons });
  return world;
}

test('a mail address too long for its column is that one person’s trouble', async () => {
  const long = `${'a'.repeat(60)}@${'b.'.repeat(150)}example.com`;
  await using world = await aWorld([
    byMail('01', 'ana@example.com'),
    byMail('02', long),
    byMail('03', 'eva@example.com'),
  ]);
  await world.dispatch();
  expect((await world.deliveries()).map(({ msg_Estado, msg_Destino }) => [msg_Estado, msg_Destino])).toEqual([
    ['ENVIADO', 'ana@example.com'],
    ['SIN_CONTACTO', ''],
    ['ENVIADO', 'eva@example.com'],
  ]);
});

test('a mail address of 320 characters is used whole, beside the telephone column of 50', async () => {
  const labels = Array.from({ length: 4 }, () => 'b'.repeat(59)).join('.');
  const mail = `${'a'.repeat(64)}@${labels}.com.ar`;
  await using world = await aWorld([byMail('01', mail)]);
  await world.dispatch();
  const [delivery] = await world.deliveries();
  expect([delivery?.msg_Estado, delivery?.msg_Destino, delivery?.msgbej_Tel]).toEqual([
    'ENVIADO',
    mail,
    mail.slice(0, 50),
  ]);
});

test('ids and answers that no column holds are left out, and the other rows of their set are stored', async () => {
  const answers: Record<string, string> = {
    '01': JSON.stringify({ wamid: 'w'.repeat(300) }),
    '02': JSON.stringify({ wamid: 'wamid.2', text: `\0${'🦉'.repeat(2000)}` }),
    '03': JSON.stringify({ wamid: '🦉🦉' }),
  };
  await using world = await aWorld(Object.keys(answers).map((code) => byMail(code, `p${code}@example.com`)));
  world.ports.deliverWebhook = async ({ body }) => {
    const code = /🦉 (0\d)/.exec(body)?.[1] ?? '';
    return { kind: 'answered', status: 200, body: answers[code] ?? '', retryAfter: null, ms: 1 };
  };
  expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
  const kept = await world.deliveries();
  expect(kept.map(({ msg_Estado }) => msg_Estado)).toEqual(['ENVIADO', 'ENVIADO', 'ENVIADO']);
  expect(kept.slice(0, 2).map(({ msg_Wamid }) => msg_Wamid)).toEqual([null, 'wamid.2']);
  const texts = (await world.attempts()).map(({ int_Respuesta }) => int_Respuesta ?? '');
  expect(texts.map((text) => text.length <= 1024 && text.isWellFormed())).toEqual([true, true, true]);
});

test('one outcome that cannot be stored leaves its foreign values out, and the others keep theirs', async () => {
  await using world = await aWorld(['01', '02', '03'].map((code) => byMail(code, `p${code}@example.com`)));
  world.ports.deliverWebhook = async ({ body }) => {
    const wamid = body.includes('🦉 02') ? 'poison' : 'wamid.fine';
    return { kind: 'answered', status: 200, body: JSON.stringify({ wamid }), retryAfter: null, ms: 1 };
  };
  await sql`ALTER TABLE CT_Alertas_Mensajes ADD CONSTRAINT CK_Prueba CHECK (msg_Wamid <> 'poison')`.execute(
    world.db,
  );
  expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
  const kept = (await world.deliveries()).map(({ msg_Estado, msg_Wamid, msg_Error }) => [
    msg_Estado,
    msg_Wamid,
    msg_Error?.split(':')[0],
  ]);
  expect(kept).toEqual([
    ['ENVIADO', 'wamid.fine', undefined],
    ['ENVIADO', null, 'dato_cortado'],
    ['ENVIADO', 'wamid.fine', undefined],
  ]);
  expect(await world.attempts()).toHaveLength(3);
});

test('rows and names beyond the columns’ code page are posted as they are, at every attempt', async () => {
  await using world = await aWorld([byMail('01', 'ana@example.com')]);
  await sql`UPDATE VtaFacturas SET fac_Cliente = ${'Peña 🦉 日本'}`.execute(world.tenant.db);
  world.gateway.answer = () => (world.gateway.received.length === 1 ? 500 : 200);
  await world.dispatch();
  await world.clock.moveBy({ seconds: 31 });
  await world.dispatch();
  const [first, second] = world.gateway.received;
  expect(first?.body).toContain('Peña 🦉 日本');
  expect(first?.body).toContain('Zoë 🦉 01');
  expect(second?.body).toBe(first?.body);
});
