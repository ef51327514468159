import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { codeOf } from '../../../src/domain/delivery.ts';
import { aSqlWorld, threePersons, type SqlWorld } from './sql-world.ts';

const crash = new Error('the process died');

/** The port does its work the second time; the first time it throws, before or after it. */
function breakOnce(
  world: SqlWorld,
  name: 'lookupRecipients' | 'storeDeliveries' | 'takeDeliveries' | 'recordOutcomes' | 'releaseLease',
  when: 'before' | 'after',
) {
  const port = world.ports[name] as (...given: unknown[]) => Promise<unknown>;
  let broken = false;
  Object.assign(world.ports, {
    [name]: async (...given: unknown[]) => {
      if (broken) return await port(...given);
      broken = true;
      if (when === 'after') await port(...given);
      throw crash;
    },
  });
}

test('one recipient accepts, one has no phone, one accepts the second time: the same id and bytes', async () => {
  const [one, two] = threePersons;
  await using world = await aSqlWorld([...(one && two ? [one, two] : []), { code: '03', phone: null }]);
  world.gateway.answer = ({ body }) =>
    body.includes('Persona 02') && world.gateway.received.length <= 2 ? 500 : 200;

  await world.dispatch();
  expect((await world.deliveries()).map(({ msg_Estado }) => msg_Estado)).toEqual([
    'ENVIADO',
    'REINTENTO',
    'SIN_CONTACTO',
  ]);
  expect(world.messages).toEqual([{ executionId: world.executionId, at: '2026-03-02T15:49:31Z' }]);
  expect(await world.execution()).toMatchObject({
    sch_Estado: 'EN_PROCESO',
    sch_CantMensajes: 1,
    sch_Rondas: 0,
    sch_Duenio: null,
    sch_Revisar: new Date('2026-03-02T15:50:30Z'),
  });

  await world.clock.moveTo('2026-03-02T15:49:31Z');
  expect(await world.dispatch()).toMatchObject({ kind: 'closed', state: 'PARCIAL', reason: 'sin_contacto' });

  const toSecond = world.gateway.received.filter(({ body }) => body.includes('Persona 02'));
  expect(toSecond).toHaveLength(2);
  expect(toSecond[1]?.webhookId).toBe(toSecond[0]?.webhookId);
  expect(toSecond[1]?.body).toBe(toSecond[0]?.body);
  expect(JSON.parse(toSecond[0]?.body ?? '')).toMatchObject({
    specversion: '1.0',
    id: toSecond[0]?.webhookId,
  });

  expect(await world.execution()).toMatchObject({
    sch_Estado: 'PARCIAL',
    sch_Motivo: 'sin_contacto',
    sch_DetalleError: '2 de 3 entregas aceptadas; sin contacto: 1.',
    sch_CantMensajes: 2,
    sch_Revisar: null,
    sch_LeaseHasta: null,
    sch_Clave: '2026-03-02',
  });
  expect((await world.deliveries())[2]).toMatchObject({
    msg_Destino: '',
    msgbej_Tel: null,
    msg_ProximoIntento: null,
  });
  expect(await world.faults()).toMatchObject([
    { falsch_id: world.executionId, falcfg_Cod: '000001', falemp_Cod: '0001', fal_Motivo: 'sin_contacto' },
  ]);
  expect((await world.attempts()).map(({ int_Numero, int_Http }) => [int_Numero, int_Http])).toEqual(
    expect.arrayContaining([
      [1, 200],
      [1, 500],
      [2, 200],
    ]),
  );
});

test('a delivery is kept as it was posted, with its code, its time in the tenant’s wall time and its WhatsApp id', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  await world.dispatch();
  const [delivery] = await world.deliveries();
  expect(delivery).toMatchObject({
    msg_Cod: codeOf(delivery?.msg_id ?? 0),
    msgcfg_Cod: '000001',
    msgper_Cod: '01',
    msgper_Nombre: 'Persona 01 Ñandú',
    msg_Destino: expect.stringMatching(/^\+549?1155550001$/) as string,
    msgbej_Tel: delivery?.msg_Destino,
    msg_Estado: 'ENVIADO',
    msg_Texto: 'Hola Persona 01 Ñandú: Corralón San Martín debe 1500.50',
    msg_Wamid: 'wamid.7',
    msg_FechaEnvio: new Date('2026-03-02T12:49:00Z'),
    msg_Intentos: 1,
    msg_ProximoIntento: null,
    msg_Error: null,
  });
  const [posted] = world.gateway.received;
  expect(posted?.webhookId).toBe(delivery?.msg_Uuid?.toLowerCase());
  expect(posted?.body).toContain('Corralón San Martín debe 1500.50');
  expect(await world.execution()).toMatchObject({
    sch_Estado: 'ENVIADA',
    sch_CantMensajes: 1,
    sch_Revisar: null,
    sch_FechaIntento: new Date('2026-03-02T12:49:00Z'),
  });
  expect(await world.faults()).toEqual([]);
});

test('the same message twice at once sends once', async () => {
  await using world = await aSqlWorld();
  const reports = await Promise.all([world.dispatch(), world.dispatch()]);
  expect(world.gateway.received).toHaveLength(3);
  expect(reports.map(({ kind }) => kind).sort()).toEqual(['closed', 'ignored']);
  expect(await world.dispatch()).toMatchObject({ kind: 'ignored', because: 'finished' });
  expect(world.gateway.received).toHaveLength(3);
});

test('two retries at once send once', async () => {
  await using world = await aSqlWorld();
  world.gateway.answer = () => 503;
  await world.dispatch();
  world.gateway.answer = () => 200;
  await world.clock.moveTo('2026-03-02T15:49:31Z');
  await Promise.all([world.dispatch(), world.dispatch()]);
  expect(world.gateway.received).toHaveLength(6);
  expect((await world.execution()).sch_Estado).toBe('ENVIADA');
});

test.each([
  ['after opening', 'lookupRecipients', 'before'],
  ['after storing', 'storeDeliveries', 'after'],
  ['after taking', 'takeDeliveries', 'after'],
  ['after recording', 'recordOutcomes', 'after'],
] as const)(
  'a crash %s is carried on by the next message, and nobody gets it twice',
  async (_where, name, when) => {
    await using world = await aSqlWorld();
    breakOnce(world, name, when);
    breakOnce(world, 'releaseLease', 'before');
    await expect(world.dispatch()).rejects.toThrow();
    await world.clock.moveBy({ minutes: 3 });
    await world.dispatch();
    expect(world.gateway.received).toHaveLength(3);
    expect(await world.execution()).toMatchObject({ sch_Estado: 'ENVIADA', sch_CantMensajes: 3 });
    expect(await world.attempts()).toHaveLength(3);
  },
);

test('a crash between the answers and their record repeats them with the same ids and bytes', async () => {
  await using world = await aSqlWorld();
  breakOnce(world, 'recordOutcomes', 'before');
  await expect(world.dispatch()).rejects.toThrow();
  await world.clock.moveBy({ minutes: 3 });
  await world.dispatch();
  const sent = (from: number) =>
    world.gateway.received
      .slice(from, from + 3)
      .map(({ webhookId, body }) => `${webhookId} ${body}`)
      .toSorted();
  expect(world.gateway.received).toHaveLength(6);
  expect(sent(3)).toEqual(sent(0));
  expect((await world.execution()).sch_Estado).toBe('ENVIADA');
});

test('a fault gives the lease back, so that the host can try again at once', async () => {
  await using world = await aSqlWorld();
  breakOnce(world, 'lookupRecipients', 'before');
  await expect(world.dispatch()).rejects.toThrow(crash);
  expect(await world.execution()).toMatchObject({ sch_Duenio: null, sch_LeaseHasta: null, sch_Rondas: 1 });
  expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
});

test('a process that dies keeps its lease for its time, and says when to look again', async () => {
  await using world = await aSqlWorld();
  breakOnce(world, 'lookupRecipients', 'before');
  breakOnce(world, 'releaseLease', 'before');
  await expect(world.dispatch()).rejects.toThrow(crash);
  const { sch_Estado, sch_LeaseHasta, sch_Revisar } = await world.execution();
  const leaseEnd = new Date('2026-03-02T15:50:00Z');
  expect([sch_Estado, sch_LeaseHasta, sch_Revisar]).toEqual(['EN_PROCESO', leaseEnd, leaseEnd]);
  expect(await world.dispatch()).toMatchObject({ because: 'held' });
});

test('a tenant whose server says nothing is a wait', async () => {
  const mute = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  await using world = await aSqlWorld();
  const { port } = mute.address() as AddressInfo;
  const connection = `Server=127.0.0.1,${port};Database=x;User Id=u;Password=p;Connect Timeout=1`;
  await world.db
    .updateTable('CT_Empresas')
    .set({ emp_Conexion: Buffer.from(connection).toString('base64') })
    .execute();
  expect(await world.dispatch()).toMatchObject({ kind: 'open' });
  expect(await world.execution()).toMatchObject({
    sch_Estado: 'EN_PROCESO',
    sch_Motivo: 'empresa_no_disponible',
    sch_Duenio: null,
    sch_LeaseHasta: new Date('2026-03-02T15:49:30Z'),
    sch_Revisar: new Date('2026-03-02T15:50:30Z'),
    sch_Rondas: 0,
  });
  expect(world.messages).toEqual([{ executionId: world.executionId, at: '2026-03-02T15:49:31Z' }]);
  mute.close();
});

test('after such a wait the execution goes out, and the reason to wait is forgotten', async () => {
  await using world = await aSqlWorld();
  const { lookupRecipients } = world.ports;
  world.ports.lookupRecipients = async () => ({
    kind: 'passing',
    reason: 'empresa_no_disponible',
    detail: 'No.',
  });
  await world.dispatch();
  world.ports.lookupRecipients = lookupRecipients;
  await world.clock.moveBy({ seconds: 31 });
  await world.dispatch();
  expect(await world.execution()).toMatchObject({
    sch_Estado: 'ENVIADA',
    sch_Motivo: null,
    sch_DetalleError: null,
  });
});

test('a deactivated alert cancels the execution and gives its key up', async () => {
  await using world = await aSqlWorld();
  await sql`UPDATE CT_Alertas_Config SET cfg_Activo = 0`.execute(world.db);
  await world.dispatch();
  expect(await world.execution()).toMatchObject({
    sch_Estado: 'CANCELADA',
    sch_Motivo: 'alerta_desactivada',
    sch_Clave: null,
    sch_Revisar: null,
  });
});

test('an alert edited to a later time of the day moves its execution', async () => {
  await using world = await aSqlWorld();
  await sql`UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '13:30:00'`.execute(world.db);
  await world.dispatch();
  expect(await world.execution()).toMatchObject({
    sch_Estado: 'PENDIENTE',
    sch_Ocurrencia: new Date('2026-03-02T16:30:00Z'),
    sch_Revisar: new Date('2026-03-02T16:32:00Z'),
    sch_Duenio: null,
  });
  expect(world.messages).toEqual([{ executionId: world.executionId, at: '2026-03-02T16:29:55Z' }]);
});

test('once prepared, edits change nothing: the retry goes where the first attempt went, with the same bytes', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  world.gateway.answer = () => 500;
  await world.dispatch();
  world.gateway.answer = () => 200;
  await sql`UPDATE CT_Alertas_Config SET cfg_Activo = 0, cfgtip_Cod = 'XXX', cfgemp_Cod = NULL`.execute(
    world.db,
  );
  await sql`UPDATE CT_Empresas SET emp_ZonaHoraria = 'America/New_York'`.execute(world.db);
  await world.clock.moveTo('2026-03-02T15:49:31Z');
  await world.dispatch();
  const [first, second] = world.gateway.received;
  expect([second?.webhookId, second?.body]).toEqual([first?.webhookId, first?.body]);
  expect((await world.execution()).sch_Estado).toBe('ENVIADA');
  expect((await world.deliveries())[0]?.msg_FechaEnvio).toEqual(new Date('2026-03-02T10:49:31Z'));
});

test.each([
  ['pauemp_Cod', '0001'],
  ['paucfg_Cod', '000001'],
  ['paucan_Cod', '0001'],
])('a pause whose %s is %s skips the execution', async (column, code) => {
  await using world = await aSqlWorld();
  await sql`INSERT INTO CT_Scheduler_Pausas (${sql.ref(column)}, pau_Desde)
    VALUES (${code}, CAST('2026-03-02T00:00:00' AS DATETIME2(3)))`.execute(world.db);
  await world.dispatch();
  expect(await world.execution()).toMatchObject({ sch_Estado: 'OMITIDA', sch_Motivo: 'pausa' });
  expect(await world.faults()).toEqual([]);
});

test('a pause that is over, has not begun or is for others skips nothing', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  await sql`
    INSERT INTO CT_Scheduler_Pausas (pauemp_Cod, paucfg_Cod, paucan_Cod, pau_Desde, pau_Hasta) VALUES
      ('0001', NULL, NULL, '2026-03-02T00:00:00', '2026-03-02T15:49:00'),
      (NULL, '000001', NULL, '2026-03-02T15:49:01', NULL),
      ('0002', NULL, NULL, '2026-03-02T00:00:00', NULL),
      (NULL, '000002', NULL, '2026-03-02T00:00:00', NULL),
      ('0001', NULL, '0002', '2026-03-02T00:00:00', NULL)`.execute(world.db);
  expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
});

test('a query that the tenant’s server refuses fails the execution and is reported', async () => {
  await using world = await aSqlWorld();
  await sql`UPDATE CT_Alertas_Queries SET qry_Sql = 'SELECT nada FROM NoExiste'`.execute(world.db);
  await world.dispatch();
  expect(await world.execution()).toMatchObject({
    sch_Estado: 'ERROR',
    sch_Motivo: 'consulta_error',
    sch_CantMensajes: 0,
  });
  expect((await world.faults()).map(({ fal_Motivo }) => fal_Motivo)).toEqual(['consulta_error']);
});

test('a dispatch that never ends in order fails what was accepted in part as partial', async () => {
  await using world = await aSqlWorld();
  world.gateway.answer = ({ body }) => (body.includes('Persona 01') ? 200 : 500);
  await world.dispatch();
  await sql`UPDATE CT_Scheduler_Alertas SET sch_Rondas = 10`.execute(world.db);
  await world.clock.moveBy({ minutes: 1 });
  await world.dispatch();
  expect(await world.execution()).toMatchObject({
    sch_Estado: 'PARCIAL',
    sch_Motivo: 'no_termina',
    sch_CantMensajes: 1,
  });
  expect((await world.deliveries()).map(({ msg_Estado }) => msg_Estado)).toEqual([
    'ENVIADO',
    'ERROR',
    'ERROR',
  ]);
});

test('the most specific webhook wins, and an inactive one is none', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  const { host } = world.gateway;
  const values = { whktip_Cod: 'FAC', whkcan_Cod: '0001' };
  await world.db
    .insertInto('CT_Alertas_Webhooks')
    .values([
      { ...values, whk_Cod: 'A0', whk_Url: `http://${host}/inactive`, whk_Activo: false },
      { ...values, whk_Cod: 'W2', whk_Url: `http://${host}/own` },
    ])
    .execute();
  await world.dispatch();
  expect(JSON.parse((await world.execution()).sch_PayloadJson ?? '')).toMatchObject({
    webhook: 'W2',
    tenant: '0001',
  });
});

test('the template of the channel wins over that of any channel', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  const own = { pla_Cod: 'P2', platip_Cod: 'FAC', placan_Cod: '0001', pla_Cuerpo: 'Del canal' };
  const other = { pla_Cod: 'P0', platip_Cod: 'FAC', placan_Cod: '0003', pla_Cuerpo: 'De otro canal' };
  await world.db.insertInto('CT_Alertas_Plantillas').values([own, other]).execute();
  await world.dispatch();
  expect((await world.deliveries()).map(({ msg_Texto }) => msg_Texto)).toEqual(['Del canal']);
});

test('500 recipients cost the control database four round trips', async () => {
  const many = Array.from({ length: 500 }, (_, index) => ({
    code: String(index).padStart(3, '0'),
    phone: `011 5555-${String(1000 + index)}`,
  }));
  await using world = await aSqlWorld(many);
  await world.dispatch();
  expect(world.gateway.received).toHaveLength(500);
  expect(await world.execution()).toMatchObject({ sch_Estado: 'ENVIADA', sch_CantMensajes: 500 });
  expect(world.statements).toHaveLength(4);
});

test('more than one round’s deliveries all go out', async () => {
  const many = Array.from({ length: 620 }, (_, index) => ({
    code: String(index).padStart(3, '0'),
    phone: `011 5555-${String(1000 + index)}`,
  }));
  await using world = await aSqlWorld(many);
  await world.dispatch();
  expect(new Set(world.gateway.received.map(({ webhookId }) => webhookId)).size).toBe(620);
  expect(await world.execution()).toMatchObject({ sch_Estado: 'ENVIADA', sch_CantMensajes: 620 });
});
