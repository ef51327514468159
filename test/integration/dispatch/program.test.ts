import { expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { createVigia } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { serverConnection } from '../../support/control-database.ts';
import { aSqlWorld, type SqlWorld } from './sql-world.ts';

/** The whole program, wired as it is, on the world's databases; it may post to the gateway. */
function programOn(world: SqlWorld, environment: Record<string, string> = {}) {
  const config = loadConfig({
    CONTROL_DATABASE: serverConnection(world.database),
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
