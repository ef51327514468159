import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScanReport } from '../../../src/scan/record-cycle.ts';
import { scanDueAlerts } from '../../../src/scan/scan-due-alerts.ts';
import { scanPortsOf } from '../../../src/wiring/build-scan.ts';
import { emptyDatabase, type TestDatabase } from '../../support/control-database.ts';
import { scanPolicy } from '../../support/scan-policy.ts';
import { aGateway } from '../dispatch/gateway.ts';
import { createTenantTables, fillControl, fillTenant } from '../dispatch/sql-rows.ts';
import { manageWorld, type ManageWorld } from './manage-world.ts';

const persons = [
  { code: '01', phone: '011 5555-0001' },
  { code: '02', phone: '011 5555-0001' },
  { code: '03', phone: '12' },
  { code: '04', phone: '011 5555-0004' },
];

let world: ManageWorld;
let erp: TestDatabase;
let gateway: Awaited<ReturnType<typeof aGateway>>;
let scan: () => Promise<ScanReport>;

/**
 * Daily at 12:49 (15:49 UTC): on 2 March sent through a scan and a dispatch, on 3 March its query fails, on 4 March no scan
 * runs from noon to 14:00, then an operator pauses it. The tests go through the days in order.
 */
beforeAll(async () => {
  gateway = await aGateway();
  gateway.answer = ({ body }) => (body.includes('Persona 04') ? 410 : 200);
  world = await manageWorld('2026-03-02T15:48:00Z', { environment: { WEBHOOK_ALLOWED_HOSTS: gateway.host } });
  erp = await emptyDatabase();
  await createTenantTables(erp.db);
  await fillTenant(erp.db, persons);
  await fillControl(world.db, erp.connection, gateway.host);
  await sql`UPDATE CT_Alertas_Plantillas SET pla_Cuerpo = N'{{ fac_Cliente }} debe {{ fac_Saldo }}'`.execute(
    world.db,
  );
  const { clock, log, db } = world;
  const queue = { sendDispatch: async () => undefined, nudgeReports: async () => undefined };
  scan = scanDueAlerts(scanPortsOf(scanPolicy, { clock, log, db, queue }));
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await erp[Symbol.asyncDispose]();
  await gateway.close();
});

interface Answer {
  outcome: string;
  sentence: { es: string; en: string };
  steps: { step: string; ok: boolean | null; evidence: string; at?: string }[];
  person: { code: string; name: string } | null;
  persons: { code: string }[];
  execution: number | null;
  executions: { id: number; origin: string; state: string; delivery: object | null }[];
}

async function why(date: string, person?: string, alert = '000001'): Promise<Answer> {
  const asked = person === undefined ? '' : `&person=${encodeURIComponent(person)}`;
  const { status, body } = await world.get(`why?alert=${alert}&date=${date}${asked}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as Answer;
}

const passed = ({ steps }: Answer) => steps.filter(({ ok }) => ok === true).map(({ step }) => step);
const failed = ({ steps }: Answer) => steps.filter(({ ok }) => ok === false).map(({ step }) => step);

describe('GET why, before the first scan and with its claim', () => {
  test('says that an alert does not exist', async () => {
    expect(await why('2026-03-02', undefined, 'NADA')).toMatchObject({
      outcome: 'unknown-alert',
      execution: null,
    });
  });

  test.each([
    [
      '01',
      'due',
      'va a salir el 02/03/2026 a las 12:49, y Persona 01 Ñandú (01) la recibe en +5491155550001.',
    ],
    ['ñandú 03', 'no-contact', 'pero no para Persona 03 Ñandú (03): no tiene un celular válido'],
    ['Pedro', 'not-a-recipient', 'pero «Pedro» no está entre sus destinatarios.'],
    ['persona', 'several-persons', 'Por «persona» responden 4 personas: Persona 01 Ñandú (01), '],
  ])('asks the tenant’s database whether %s will get it', async (person, outcome, sentence) => {
    const answer = await why('2026-03-02', person);
    expect(answer).toMatchObject({ outcome });
    expect(answer.sentence.es).toContain(sentence);
  });

  test('answers without the tenant’s database when it does not', async () => {
    const { rows } = await sql<{ emp_Conexion: string }>`SELECT emp_Conexion FROM CT_Empresas`.execute(
      world.db,
    );
    await sql`UPDATE CT_Empresas SET emp_Conexion = 'eA=='`.execute(world.db);
    const answer = await why('2026-03-02', '01');
    await sql`UPDATE CT_Empresas SET emp_Conexion = ${rows[0]?.emp_Conexion}`.execute(world.db);
    expect(answer).toMatchObject({ outcome: 'due' });
    expect(answer.sentence.es).toContain('; si «01» está entre los destinatarios no se sabe: ');
    expect(answer.steps.find(({ step }) => step === 'recipient')).toMatchObject({ ok: null });
  });

  test('tells when it will go out, and that the day before came before the first scan', async () => {
    expect((await why('2026-03-02')).sentence.es).toBe(
      'Todavía no salió: la alerta 000001 «Facturas impagas» va a salir el 02/03/2026 a las 12:49.',
    );
    await scan();
    expect((await why('2026-03-02')).sentence.es).toBe(
      'Todavía no salió: la alerta 000001 «Facturas impagas» está reclamada y sale el 02/03/2026 a las 12:49.',
    );
    expect(await why('2026-03-01', 'Persona')).toMatchObject({
      outcome: 'not-scanned',
      sentence: {
        es: expect.stringContaining('su primer ciclo registrado fue el 02/03/2026 a las 12:48.') as string,
      },
    });
  });
});

describe('GET why, after a dispatch', () => {
  test('counts what became of the messages', async () => {
    await world.clock.moveTo('2026-03-02T15:49:00Z');
    await world.dispatch(1);
    const answer = await why('2026-03-02');
    expect(answer).toMatchObject({ outcome: 'partly-accepted', execution: 1, person: null });
    expect(answer.sentence.es).toContain('el webhook aceptó 1 de 4 mensajes');
    expect(passed(answer)).toEqual([
      ...['exists', 'active', 'due', 'scanned', 'claimed', 'recipient', 'contact', 'sent', 'answered'],
    ]);
    expect(answer.steps.find(({ step }) => step === 'scanned')).toMatchObject({
      evidence: 'El ciclo 1 del 02/03/2026 12:48 (CT_Scheduler_Ciclos).',
      at: '2026-03-02T15:48:00Z',
    });
  });

  test.each([
    ['01', 'accepted', /salió hacia \+5491155550001: el webhook lo aceptó \(HTTP 200\)/, []],
    ['persona 02', 'duplicate', /el mismo texto que el de 01 \(aceptado por el webhook\)\./, ['sent']],
    ['Nandu 03', 'no-contact', /no salió: no tiene un celular válido/, ['contact']],
    ['04', 'refused', /fue rechazado: .*410/, ['answered']],
    ['09', 'not-a-recipient', /«09» no estaba entre los 4 destinatarios/, ['recipient']],
    ['Pedro', 'not-a-recipient', /«Pedro» no estaba entre los 4 destinatarios/, ['recipient']],
  ])('tells what became of that of %s', async (person, outcome, sentence, stopped) => {
    const answer = await why('2026-03-02', person);
    expect(answer).toMatchObject({ outcome });
    expect(answer.sentence.es).toMatch(sentence);
    expect(failed(answer)).toEqual(stopped);
  });

  test('shows the attempt with its time, and names the person', async () => {
    const answer = await why('2026-03-02', '04');
    expect(answer.person).toEqual({ code: '04', name: 'Persona 04 Ñandú' });
    expect(answer.steps.find(({ step }) => step === 'answered')).toMatchObject({
      evidence: expect.stringMatching(/^HTTP 410 en \d+ ms\. msg_Estado RECHAZADO\./) as string,
      at: '2026-03-02T15:49:00Z',
    });
    expect(answer.executions).toMatchObject([
      { id: 1, origin: 'AGENDA', state: 'PARCIAL', delivery: { state: 'RECHAZADO' } },
    ]);
  });

  test('asks back when several answer to a name', async () => {
    const answer = await why('2026-03-02', 'ñandu');
    expect(answer).toMatchObject({ outcome: 'several-persons', person: null });
    expect(answer.persons.map(({ code }) => code)).toEqual(['01', '02', '03', '04']);
  });

  test('follows what gateways tell later', async () => {
    await sql`
      UPDATE CT_Alertas_Mensajes SET msg_Estado = 'RESPONDIDO', msg_FechaRespuesta = '2026-03-02T13:05:00'
      WHERE msgper_Cod = '01'`.execute(world.db);
    const answer = await why('2026-03-02', '01');
    expect(answer).toMatchObject({ outcome: 'replied' });
    expect(answer.sentence.en).toContain('arrived and was answered on 2026-03-02 at 13:05.');
    expect(passed(answer)).toContain('delivered');
  });

  test('names whom a gateway could not deliver to, instead of calling it accepted', async () => {
    const { rows } = await sql<{ msg_Estado: string }>`
      UPDATE CT_Alertas_Mensajes SET msg_Estado = 'FALLIDO', msg_Error = N'entrega_fallida: El número no existe.'
      OUTPUT deleted.msg_Estado WHERE msgper_Cod = '01'`.execute(world.db);
    const answer = await why('2026-03-02');
    expect(answer).toMatchObject({ outcome: 'undelivered' });
    expect(answer.sentence.es).toMatch(
      /no se pudo entregar \(Persona 01 Ñandú \(01\): el número no existe\)\.$/,
    );
    expect(failed(answer)).toEqual(['delivered']);
    await sql`
      UPDATE CT_Alertas_Mensajes SET msg_Estado = ${rows[0]?.msg_Estado}, msg_Error = NULL
      WHERE msgper_Cod = '01'`.execute(world.db);
  });

  test('concludes from a resend of another day, and tells the first try too', async () => {
    await sql`
      INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado, sch_Origen, schsch_id, sch_Ocurrencia, sch_Preparada)
      VALUES ('000001', '2026-03-03', 'ENVIADA', 'REENVIO', 1, CAST('2026-03-03T10:00:00-03:00' AS DATETIMEOFFSET(0)),
        '2026-03-03T13:00:00');
      INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msgper_Nombre, msg_Destino, msg_Estado, msg_Intentos)
      VALUES (2, N'04', N'Persona 04', N'+5491155550004', 'ENTREGADO', 1);`.execute(world.db);
    const answer = await why('2026-03-02', '04');
    expect(answer).toMatchObject({ outcome: 'delivered', execution: 2 });
    expect(answer.sentence.es).toMatch(
      /el 03\/03\/2026 a las 10:00 \(reenvío\) para Persona 04.* fue entregado; además, para esa fecha: 12:49 rechazado/,
    );
    expect(answer.executions.map(({ id }) => id)).toEqual([2, 1]);
  });
});

describe('GET why, of days on which nothing went out', () => {
  test('says why the execution failed, and when somebody was last among the recipients', async () => {
    await world.clock.moveTo('2026-03-03T15:48:30Z');
    await scan();
    await sql`UPDATE CT_Alertas_Queries SET qry_Sql = 'SELECT x FROM Nada'`.execute(world.db);
    await world.clock.moveTo('2026-03-03T15:49:00Z');
    const { rows } = await sql<{ id: number }>`SELECT MAX(sch_id) AS id FROM CT_Scheduler_Alertas`.execute(
      world.db,
    );
    await world.dispatch(rows[0]?.id ?? 0);
    const answer = await why('2026-03-03', '01');
    expect(answer).toMatchObject({ outcome: 'failed' });
    expect(answer.sentence.es).toContain('terminó con error: SQL Server respondió 208');
    expect(answer.steps.find(({ step }) => step === 'recipient')).toMatchObject({ ok: null });
  });

  test('says that no scan ran, before and after a scan finds out', async () => {
    await world.clock.moveTo('2026-03-04T15:00:00Z');
    await scan();
    await world.clock.moveTo('2026-03-04T16:00:00Z');
    expect((await why('2026-03-04')).sentence.es).toContain(
      'todavía puede salir si un ciclo la toma el 04/03/2026 a las 13:19 o antes',
    );
    await world.clock.moveTo('2026-03-04T17:00:00Z');
    expect((await why('2026-03-04')).sentence.es).toContain('el próximo ciclo la registrará como perdida');
    await scan();
    const answer = await why('2026-03-04');
    expect(answer).toMatchObject({ outcome: 'missed' });
    expect(answer.sentence.es).toContain(
      'Vigía no hizo ningún ciclo entre el 04/03/2026 a las 12:00 y el 04/03/2026 a las 14:00.',
    );
    expect(failed(answer)).toEqual(['scanned']);
  });

  test('tells who paused it and why, of a day to come', async () => {
    await world.post('pause', { alert: '000001', why: 'feriado' }, { 'x-operator': 'ana' });
    const answer = await why('2026-03-05');
    expect(answer).toMatchObject({ outcome: 'omitted' });
    expect(answer.sentence.es).toContain('hay una pausa sin fecha de fin, puesta por ana (feriado).');
    await world.post('resume', { alert: '000001' });
    expect(await why('2026-03-05')).toMatchObject({ outcome: 'due' });
  });

  test('says when a weekly alert was and will be due', async () => {
    await sql`UPDATE CT_Alertas_Config SET cfg_Frecuencia = 'SEMANAL', cfg_DiasSemana = '1'`.execute(
      world.db,
    );
    const answer = await why('2026-03-05');
    expect(answer).toMatchObject({ outcome: 'not-due' });
    expect(answer.sentence.en).toBe(
      'Nothing was due on 2026-03-05: alert 000001 “Facturas impagas” goes out on Mondays at 12:49; the one before was on 2026-03-02 at 12:49; the next is on 2026-03-09 at 12:49.',
    );
  });
});

test.each([
  ['why', 'query.alert'],
  ['why?alert=000001', 'query.date'],
  ['why?alert=000001&date=ayer', 'query.date must be a date of the tenant’s calendar, such as 2026-03-02'],
  ['why?alert=000001&date=2026-02-30', 'query.date must be a date'],
  ['why?alert=000001&date=-271821-04-19', 'query.date must be a date'],
  ['why?alert=000001&date=0001-01-01', 'query.date must be a date'],
  ['why?alert=000001&date=2026-03-02&person=%00', 'query.person must not contain the character NUL'],
  ['why?alert=000001&date=2026-03-02&who=x', 'query.who'],
])('GET %s is refused by name', async (path, detail) => {
  expect(await world.get(path)).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', detail: expect.stringContaining(detail) as string },
  });
});

test.each(['0002-01-01', '9997-12-31', '2026-12-31'])('a date as far as %s is answered', async (date) => {
  expect((await why(date, '«%')).steps).toHaveLength(10);
});
