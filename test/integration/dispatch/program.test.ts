import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { createVigia } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { aSqlWorld, type SqlWorld } from './sql-world.ts';

/** The whole program, wired as it is, on the world's databases; it may post to the gateway. */
function programOn(world: SqlWorld, environment: Record<string, string> = {}) {
  const config = loadConfig({
    CONTROL_DATABASE: world.connection,
    AzureWebJobsStorage: storageConnection(inject('ports')),
    WEBHOOK_ALLOWED_HOSTS: world.gateway.host.replace(/:\d+$/, ''),
    ...environment,
  });
  const app = createVigia(config, { clock: world.clock, write: () => undefined });
  return { ...app, [Symbol.asyncDispose]: app.close };
}

test.each([
  [
    'in DELIVERY_MODE=record does everything but the call',
    { DELIVERY_MODE: 'record' },
    0,
    'DELIVERY_MODE=record',
  ],
  ['posts in any other mode', {}, 3, '{"wamid":"wamid.7"}'],
])('the program %s', async (_what, environment, posted, answer) => {
  await using world = await aSqlWorld();
  await using app = programOn(world, environment);
  expect(await app.dispatchAlert({ executionId: world.executionId })).toMatchObject({ state: 'ENVIADA' });
  expect(world.gateway.received).toHaveLength(posted);
  const deliveries = await world.deliveries();
  expect(deliveries.map(({ msg_Estado }) => msg_Estado)).toEqual(['ENVIADO', 'ENVIADO', 'ENVIADO']);
  expect(deliveries[0]?.msg_Texto).toBe('Hola Persona 01 Ñandú: Corralón San Martín debe 1500.50');
  expect((await world.attempts()).map(({ int_Respuesta }) => int_Respuesta)).toEqual([
    answer,
    answer,
    answer,
  ]);
});

test.each([
  ['in DELIVERY_MODE=record connects to nobody', { DELIVERY_MODE: 'record' }, 0],
  ['in any other mode has connected to the webhook', {}, 3],
])('before the instant the program %s', async (_what, environment, connections) => {
  await using world = await aSqlWorld();
  await using app = programOn(world, environment);
  await sql`
    UPDATE CT_Scheduler_Alertas SET sch_Origen = 'MANUAL',
      sch_Ocurrencia = CAST('2026-03-02T12:49:05-03:00' AS DATETIMEOFFSET(0))`.execute(world.db);
  const next = () => world.clock.next?.toString();
  const running = app.dispatchAlert({ executionId: world.executionId });
  await expect.poll(next).toBe('2026-03-02T15:49:03Z');
  await world.clock.moveBy({ seconds: 3 });
  await expect.poll(next).toBe('2026-03-02T15:49:04.999Z');
  await expect.poll(() => world.gateway.connections).toBe(connections);
  await world.clock.moveBy({ seconds: 2, milliseconds: 100 });
  expect(await running).toMatchObject({ state: 'ENVIADA' });
  expect(world.gateway.connections).toBe(connections);
});

test('no part of a secret survives in a foreign message that is cut where the secret stands', async () => {
  await using world = await aSqlWorld();
  await using app = programOn(world, {
    SMTP_SERVER: '127.0.0.1',
    SMTP_PORT: '1',
    SMTP_USER: 'vigia@example.com',
    SMTP_PASSWORD: 'clave-del-correo',
  });
  expect(await app.dispatchAlert(`${'x'.repeat(3990)}clave-del-correo`)).toEqual({ kind: 'foreign' });
  const [fault] = await world.faults();
  expect(fault?.fal_Cuerpo).toBe(`${'x'.repeat(3990)}•••`);
});
