import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../support/control-database.ts';
import { sqlProxy } from '../../support/sql-proxy.ts';
import { withLogin } from '../../support/tenant-database.ts';
import { aGateway } from '../dispatch/gateway.ts';
import { claim, createTenantTables, fillControl, fillTenant, tenantTables } from '../dispatch/sql-rows.ts';
import { allRows } from './all-rows.ts';
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

beforeAll(async () => {
  gateway = await aGateway();
  world = await manageWorld('2026-03-02T15:49:00.700Z', {
    environment: { WEBHOOK_ALLOWED_HOSTS: gateway.host },
  });
  erp = await emptyDatabase();
  await createTenantTables(erp.db);
  await fillTenant(erp.db, persons);
  await fillControl(world.db, erp.connection, gateway.host);
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await erp[Symbol.asyncDispose]();
  await gateway.close();
});

/** What a test changed is as before it. */
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).toReversed()) await each();
});

async function change(statement: string, back: string): Promise<void> {
  await sql.raw(statement).execute(world.db);
  undo.push(() => sql.raw(back).execute(world.db));
}

interface Shown {
  goesOut: boolean;
  occurrence: { at: string; scheduled: boolean };
  obstacles: { reason: string; outcome: string | null; detail: string; advice: string }[];
  recipients: Record<string, number>;
  notRecipients: string[];
  webhook: Record<string, unknown> | null;
  rows: { columns: string[]; rows: object[]; truncated: boolean } | null;
  deliveries: {
    person: string;
    destination: string | null;
    outcome: string;
    reason: string | null;
    text: string | null;
    rows: object | null;
    body: { contentType: string; text: string } | null;
  }[];
}

async function preview(request: object = {}): Promise<Shown> {
  const { status, body } = await world.post('alerts/000001/preview', request);
  expect(body).toEqual(expect.anything());
  expect(status).toBe(200);
  return body as Shown;
}

async function reasons(request: object = {}): Promise<unknown[]> {
  const { obstacles } = await preview(request);
  return obstacles.map(({ reason, outcome }) => [reason, outcome]);
}

const query = 'UPDATE CT_Alertas_Queries SET qry_Sql =';
const usualQuery = `${query} 'SELECT fac_Cliente, fac_Saldo FROM VtaFacturas', qry_OmitirSiVacio = 0, qry_Parametros = NULL`;
const template = 'UPDATE CT_Alertas_Plantillas SET pla_Cuerpo =';
const usualTemplate = `${template} N'Hola {{ destinatario.nombre }}: {{ fac_Cliente }} debe {{ fac_Saldo }}'`;
const config = 'UPDATE CT_Alertas_Config SET';
const usualConfig = `${config} cfg_Activo = 1, cfgcan_Cod = '0001', cfg_Frecuencia = 'DIARIO', cfgprf_Cod = 'COB',
  cfgper_Cod = NULL, cfg_MaxDestinatarios = NULL, cfgemp_Cod = '0001'`;
const webhook = 'UPDATE CT_Alertas_Webhooks SET';
const usualWebhook = `${webhook} whk_Activo = 1, whk_Formato = NULL, whk_Cuerpo = NULL, whk_Cabeceras = NULL,
  whk_TimeoutSeg = NULL`;

describe('POST alerts/{code}/preview', () => {
  test('shows who would get what, and who not and why', async () => {
    const shown = await preview();
    expect(shown).toMatchObject({
      alert: '000001',
      name: 'Facturas impagas',
      tenant: '0001',
      goesOut: true,
      recordOnly: false,
      obstacles: [],
      occurrence: { at: '2026-03-02T12:49:00-03:00', local: '2026-03-02T12:49:00', scheduled: true },
      recipients: { total: 4, checked: 4, deliver: 3, withoutContact: 1, duplicates: 0, withoutRows: 0 },
      webhook: {
        code: 'W1',
        origin: `http://${gateway.host}`,
        format: 'cloudevents',
        timeoutSeconds: 15,
        headers: [],
        signed: true,
      },
      rows: {
        columns: ['fac_Cliente', 'fac_Saldo'],
        rows: [{ fac_Cliente: 'Corralón San Martín', fac_Saldo: 1500.5 }],
        truncated: false,
      },
    });
    expect(shown.deliveries).toMatchObject([
      {
        person: '01',
        name: 'Persona 01 Ñandú',
        destination: '+5491155550001',
        outcome: 'deliver',
        text: 'Hola Persona 01 Ñandú: Corralón San Martín debe 1500.50',
        rows: null,
      },
      { person: '02', destination: '+5491155550001', outcome: 'deliver' },
      {
        person: '03',
        destination: null,
        outcome: 'no_contact',
        reason: 'contacto_invalido',
        detail: 'No tiene un Tcon_Celular válido en el contacto 03.',
        text: null,
        body: null,
      },
      { person: '04', outcome: 'deliver' },
    ]);
  });

  test('shows the body byte for byte as its dispatch then posts it, but for the ids', async () => {
    // Longer than its column: what is posted is what is kept.
    await change(
      `UPDATE CT_Alertas_Plantillas SET pla_Asunto = N'{% for n in (1..1100) %}Ñ{% endfor %}'`,
      'UPDATE CT_Alertas_Plantillas SET pla_Asunto = NULL',
    );
    const { deliveries } = await preview();
    const executionId = await claimed();
    expect(await world.dispatch(executionId)).toMatchObject({ kind: 'closed', state: 'PARCIAL' });
    const { rows } = await sql<{ id: number; uuid: string; person: string }>`
      SELECT msg_id AS id, LOWER(msg_Uuid) AS uuid, msgper_Cod AS person FROM CT_Alertas_Mensajes`.execute(
      world.db,
    );
    const posted = gateway.received.map(({ webhookId, headers, body }) => {
      const { id, person } = rows.find(({ uuid }) => uuid === webhookId) ?? { id: -1, person: '' };
      const text = body
        .replace(webhookId, '00000000-0000-0000-0000-000000000000')
        .replace(`"executionId":${executionId},"deliveryId":${id}`, '"executionId":0,"deliveryId":0');
      return { person, body: { contentType: headers['content-type'], text } };
    });
    const shown = deliveries.flatMap(({ person, body }) => (body === null ? [] : [{ person, body }]));
    expect(shown).toHaveLength(3);
    expect(posted.toSorted((a, b) => a.person.localeCompare(b.person))).toEqual(shown);
  });

  test('writes nothing, sends nothing and calls nobody', async () => {
    const calls = gateway.connections;
    const before = [await allRows(world.db), await allRows(erp.db, tenantTables)];
    await preview();
    await preview({ occurrence: '2031-07-01T00:00:00Z', persons: ['01'], limit: 1 });
    expect([await allRows(world.db), await allRows(erp.db, tenantTables)]).toEqual(before);
    expect(world.messages).toEqual([]);
    expect(gateway.connections).toBe(calls);
  });

  test.each([
    ['a query for all', 'SELECT fac_Cliente, fac_Saldo FROM VtaFacturas'],
    ['a query for each', "SELECT fac_Cliente, fac_Saldo FROM VtaFacturas WHERE @persona <> ''x''"],
    ['a query for each that fails', "SELECT fac_Cliente, fac_Saldo FROM NoHay WHERE @persona <> ''x''"],
  ])('with %s it costs no more round trips than a dispatch', async (_name, statement) => {
    await using proxy = await sqlProxy(erp.connection);
    await leadErpTo(proxy.connection);
    await change(`${query} '${statement}'`, usualQuery);
    await preview(); // opens the connections
    const cost = async (work: () => Promise<unknown>) => {
      const before = { control: world.statements(), erp: proxy.messages() };
      await work();
      return { control: world.statements() - before.control, erp: proxy.messages() - before.erp };
    };
    const executionId = await claimed();
    const ofDispatch = await cost(() => world.dispatch(executionId));
    const ofPreview = await cost(() => preview());
    expect(ofPreview.control).toBe(1);
    expect(ofDispatch.control).toBeGreaterThan(1);
    expect(ofPreview.erp).toBeLessThanOrEqual(ofDispatch.erp);
    expect(ofPreview.erp).toBeGreaterThan(0);
  });

  test('finds the second one with the same destination and text', async () => {
    await change(`${template} N'Vence hoy'`, usualTemplate);
    const { recipients, deliveries } = await preview();
    expect(recipients).toMatchObject({ deliver: 2, duplicates: 1 });
    expect(deliveries[1]).toMatchObject({
      person: '02',
      outcome: 'duplicate',
      reason: 'duplicado',
      detail: 'mismo destino y texto que 01.',
      body: null,
    });
  });

  test('is as of the occurrence that is given', async () => {
    await change(
      `${query} 'SELECT CONVERT(VARCHAR(10), @fecha, 120) AS fac_Cliente, 1 AS fac_Saldo'`,
      usualQuery,
    );
    const { occurrence, rows, deliveries } = await preview({ occurrence: '2026-12-31T23:30:05Z' });
    expect(occurrence).toEqual({
      at: '2026-12-31T20:30:05-03:00',
      local: '2026-12-31T20:30:05',
      scheduled: false,
    });
    expect(rows?.rows).toEqual([{ fac_Cliente: '2026-12-31', fac_Saldo: 1 }]);
    expect(JSON.parse(deliveries[0]?.body?.text ?? '')).toMatchObject({
      data: { occurrence: '2026-12-31T20:30:05-03:00' },
    });
  });

  test('shows so many as asked for, and counts all', async () => {
    const { recipients, deliveries } = await preview({ limit: 1 });
    expect(deliveries.map(({ person }) => person)).toEqual(['01']);
    expect(recipients).toMatchObject({ total: 4, checked: 4, deliver: 3, withoutContact: 1 });
  });

  test('shows the persons named alone, and who of them is no recipient', async () => {
    const { recipients, deliveries, notRecipients, goesOut } = await preview({ persons: ['04', '99'] });
    expect(deliveries.map(({ person }) => person)).toEqual(['04']);
    expect(recipients).toMatchObject({ total: 1, deliver: 1 });
    expect(notRecipients).toEqual(['99']);
    expect(goesOut).toBe(true);
    expect(await reasons({ persons: ['99'] })).toEqual([['sin_destinatarios', 'ERROR']]);
  });

  test('shows each one’s own rows, and leaves out who has none', async () => {
    await change(
      `${query} 'SELECT fac_Cliente, fac_Saldo FROM VtaFacturas WHERE @persona = ''04''', qry_OmitirSiVacio = 1`,
      usualQuery,
    );
    const { rows, recipients, deliveries, goesOut } = await preview();
    expect(rows).toBeNull();
    expect(recipients).toMatchObject({ total: 4, checked: 4, deliver: 1, withoutRows: 3 });
    expect(deliveries.map(({ outcome, rows: own }) => [outcome, own !== null])).toEqual([
      ['no_rows', false],
      ['no_rows', false],
      ['no_rows', false],
      ['deliver', true],
    ]);
    expect(goesOut).toBe(true);
    expect((await preview({ limit: 2 })).recipients).toMatchObject({ total: 4, checked: 2, withoutRows: 2 });
    expect(await reasons({ persons: ['01'] })).toEqual([['sin_filas', 'OMITIDA']]);
  });

  test('shows and posts the rows that would be kept, and says that there are more', async () => {
    await change(
      `${query} 'SELECT REPLICATE(''x'', 6000) AS fac_Cliente, n AS fac_Saldo
        FROM (VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10),(11),(12)) v (n)'`,
      usualQuery,
    );
    const { rows, deliveries } = await preview({ limit: 1 });
    expect(rows).toMatchObject({ truncated: true });
    expect(rows?.rows).toHaveLength(10);
    const body = JSON.parse(deliveries[0]?.body?.text ?? '') as { data: { query: { rows: object[] } } };
    expect(body.data.query).toMatchObject({ truncated: true });
    expect(body.data.query.rows).toEqual(rows?.rows);
  });

  test.each([
    [`${config} cfg_Activo = 0`, usualConfig, 'alerta_desactivada', null, 3],
    [`${config} cfg_Frecuencia = 'CADA TANTO'`, usualConfig, 'configuracion_invalida', null, 3],
    [`${config} cfgcan_Cod = '9'`, usualConfig, 'configuracion_invalida', 'ERROR', 0],
    [`${config} cfgemp_Cod = 'NADIE'`, usualConfig, 'configuracion_invalida', 'ERROR', 0],
    [`${config} cfgprf_Cod = NULL`, usualConfig, 'configuracion_invalida', 'ERROR', 0],
    [`${config} cfgprf_Cod = 'NADA'`, usualConfig, 'sin_destinatarios', 'OMITIDA', 0],
    [`${config} cfgper_Cod = '99'`, usualConfig, 'sin_destinatarios', 'ERROR', 0],
    [`${config} cfgper_Cod = '03'`, usualConfig, 'sin_contactos_utiles', 'ERROR', 0],
    [`${config} cfg_MaxDestinatarios = 3`, usualConfig, 'demasiados_destinatarios', 'ERROR', 3],
    [`${config} cfg_MaxDestinatarios = 0`, usualConfig, 'configuracion_invalida', 'ERROR', 3],
    [
      'UPDATE CT_Empresas SET emp_Activo = 0',
      'UPDATE CT_Empresas SET emp_Activo = 1',
      'empresa_inactiva',
      'OMITIDA',
      3,
    ],
    [
      `INSERT INTO CT_Scheduler_Pausas (pau_Desde, pau_Quien, pau_Motivo) VALUES ('2026-01-01', 'Ana', 'mudanza')`,
      'DELETE FROM CT_Scheduler_Pausas',
      'pausa',
      'OMITIDA',
      3,
    ],
    [`${webhook} whk_Activo = 0`, usualWebhook, 'sin_webhook', 'ERROR', 3],
    [`${webhook} whk_Cabeceras = 'no es JSON'`, usualWebhook, 'configuracion_invalida', 'ERROR', 3],
    [`${webhook} whk_TimeoutSeg = 99`, usualWebhook, 'configuracion_invalida', 'ERROR', 3],
    [
      `${webhook} whk_Formato = 'plantilla', whk_Cuerpo = '{"texto": {{ mensaje.texto }} }'`,
      usualWebhook,
      'plantilla_invalida',
      'ERROR',
      0,
    ],
    [`${template} N'Hola {{ nadie }}'`, usualTemplate, 'plantilla_invalida', 'ERROR', 0],
    [`${template} N''`, usualTemplate, 'sin_plantilla', 'ERROR', 0],
    [`${query} 'SELECT 1 AS fac_Cliente FROM NoHay'`, usualQuery, 'consulta_error', 'ERROR', 0],
    [`${query} 'DELETE FROM VtaFacturas'`, usualQuery, 'consulta_rechazada', 'ERROR', 0],
    [
      `${query} 'SELECT fac_Cliente, fac_Saldo FROM VtaFacturas WHERE 1 = 0', qry_OmitirSiVacio = 1`,
      usualQuery,
      'sin_filas',
      'OMITIDA',
      3,
    ],
    [
      `UPDATE CT_Alertas_Queries SET qry_Parametros = '[1]'`,
      usualQuery,
      'configuracion_invalida',
      'ERROR',
      0,
    ],
  ])('after %s says why', async (statement, back, reason, outcome, deliver) => {
    await change(statement, back);
    const { obstacles, recipients, goesOut } = await preview();
    expect(obstacles).toEqual([{ reason, outcome, detail: expect.any(String), advice: expect.any(String) }]);
    expect(goesOut).toBe(false);
    expect(recipients['deliver']).toBe(deliver);
  });

  test('of a schedule that cannot be read, that the alert goes out by hand all the same', async () => {
    await change(`${config} cfg_Frecuencia = 'CADA TANTO'`, usualConfig);
    const { obstacles } = await preview();
    expect(obstacles).toMatchObject([
      {
        reason: 'configuracion_invalida',
        advice: expect.stringMatching(/ Hasta entonces no sale por la agenda; pedida a mano, sí\.$/),
      },
    ]);
  });

  test('tells everything that is in the way, each with what to do', async () => {
    await change(`${config} cfg_Activo = 0, cfg_MaxDestinatarios = 2`, usualConfig);
    await change('UPDATE CT_Empresas SET emp_Activo = 0', 'UPDATE CT_Empresas SET emp_Activo = 1');
    await change(
      `INSERT INTO CT_Scheduler_Pausas (pauemp_Cod, pau_Desde) VALUES ('0001', '2026-01-01')`,
      'DELETE FROM CT_Scheduler_Pausas',
    );
    await change(`${webhook} whk_Activo = 0`, usualWebhook);
    await change(`${template} NULL`, usualTemplate);
    const { obstacles, deliveries, recipients } = await preview({ limit: 2 });
    expect(obstacles.map(({ reason }) => reason)).toEqual([
      'alerta_desactivada',
      'empresa_inactiva',
      'pausa',
      'sin_webhook',
      'sin_plantilla',
      'demasiados_destinatarios',
    ]);
    expect(obstacles[3]).toEqual({
      reason: 'sin_webhook',
      outcome: 'ERROR',
      detail: 'Ningún webhook activo corresponde al tipo y al canal de la alerta.',
      advice: 'Cargue en CT_Alertas_Webhooks una fila activa para el tipo y el canal de la alerta.',
    });
    expect(recipients).toMatchObject({ total: 4, checked: 2 });
    expect(deliveries).toMatchObject([
      { person: '01', destination: '+5491155550001', outcome: 'undecided', text: null, body: null },
      { person: '02', outcome: 'undecided' },
    ]);
  });

  test('tells why the company’s database gives nothing, as a dispatch would', async () => {
    await leadErpTo(withLogin(erp.connection, 'nobody', 'wr0ng-secret'));
    const refused = await preview();
    expect(refused.obstacles).toMatchObject([{ reason: 'empresa_login', outcome: 'ERROR' }]);
    expect(refused.recipients).toMatchObject({ total: 0 });
    expect(JSON.stringify(refused)).not.toContain('wr0ng-secret');
    await leadErpTo(erp.connection.replace(/Server=[^;]*/i, 'Server=127.0.0.1,1'));
    expect(await reasons()).toEqual([['empresa_no_disponible', 'espera']]);
    await sql`UPDATE CT_Empresas SET emp_Conexion = 'env:NADA'`.execute(world.db);
    expect(await reasons()).toEqual([['empresa_conexion_invalida', 'ERROR']]);
  });

  test('shows no secret of the webhook and the company', async () => {
    await change(
      `${webhook} whk_Url = 'http://${gateway.host}/hooks/T0K3N-in-path?key=K3Y-in-query',
        whk_Cabeceras = '{"Authorization":"Bearer H34D3R-value"}'`,
      `${usualWebhook}, whk_Url = 'http://${gateway.host}/whatsapp'`,
    );
    const shown = await preview();
    expect(shown.webhook).toMatchObject({ origin: `http://${gateway.host}`, headers: ['authorization'] });
    expect(JSON.stringify(shown)).not.toMatch(/T0K3N|K3Y-in|H34D3R|un-secreto-largo|Password/);
    expect(JSON.stringify(shown)).not.toContain(Buffer.from(erp.connection).toString('base64'));
  });

  test('strikes the secrets and header values of the webhook out of a body that repeats them', async () => {
    await change(
      `${webhook} whk_Cabeceras = '{"Authorization":"Bearer H34D3R-value"}', whk_Formato = 'plantilla',
        whk_Cuerpo = '{"token": "H34D3R-value", "key": "un-secreto-largo", "to": "{{ destinatario.contacto }}"}'`,
      usualWebhook,
    );
    const { deliveries } = await preview();
    expect(JSON.parse(deliveries[0]?.body?.text ?? '')).toEqual({
      token: '•••',
      key: '•••',
      to: '+5491155550001',
    });
  });

  test('an address that is not allowed is an obstacle', async () => {
    await change(
      `${webhook} whk_Url = 'https://10.0.0.7/x'`,
      `${webhook} whk_Url = 'http://${gateway.host}/whatsapp'`,
    );
    expect(await reasons()).toEqual([['webhook_direccion', 'ERROR']]);
  });
});

async function claimed(): Promise<number> {
  undo.push(() =>
    sql`DELETE FROM CT_Alertas_Intentos; DELETE FROM CT_Alertas_Mensajes; DELETE FROM CT_Scheduler_Alertas;
      DELETE FROM CT_Scheduler_Fallas`.execute(world.db),
  );
  return await claim(world.db);
}

async function leadErpTo(connection: string): Promise<void> {
  await change(
    `UPDATE CT_Empresas SET emp_Conexion = '${Buffer.from(connection).toString('base64')}'`,
    `UPDATE CT_Empresas SET emp_Conexion = '${Buffer.from(erp.connection).toString('base64')}'`,
  );
}

describe('a preview that cannot be made', () => {
  test.each([
    ['alerts/NADIE/preview', {}, 404, 'unknown_alert', 'CT_Alertas_Config has no row NADIE.'],
    ['alerts/000001/preview', { ocurrence: 1 }, 400, 'invalid_request', 'body.ocurrence is not known here'],
    ['alerts/000001/preview', { limit: 101 }, 400, 'invalid_request', 'body.limit must be at most 100'],
    [
      'alerts/000001/preview',
      { occurrence: 'mañana' },
      400,
      'invalid_request',
      'body.occurrence must be an instant',
    ],
    ['alerts/000001/preview', { persons: [] }, 400, 'invalid_request', 'body.persons must name somebody'],
    ['alerts/000001/preview', [], 400, 'invalid_request', 'body must be a JSON object'],
    ['alerts/000001/preview?limit=1', {}, 400, 'invalid_request', 'query.limit is not known here'],
  ])('%s %j is a problem', async (path, body, status, code, detail) => {
    expect(await world.post(path, body)).toEqual({
      status,
      type: 'application/problem+json',
      body: expect.objectContaining({ code, detail: expect.stringContaining(detail) }),
    });
  });

  test('a body that is not said to be JSON is not passed over', async () => {
    const told = { method: 'POST', headers: { 'content-type': 'text/plain' } };
    const answer = await world.send('manage/alerts/000001/preview', { ...told, body: '{"limit":1}' });
    expect(answer.status).toBe(415);
    expect((await world.send('manage/alerts/000001/preview', { method: 'POST' })).status).toBe(200);
  });
});

test('an installation that only records, or leaves the alert to another system, says so', async () => {
  await using other = await manageWorld('2026-03-02T15:49:00Z', {
    environment: { DELIVERY_MODE: 'record', ALERTS_ONLY: 'tenant:OTRA', WEBHOOK_ALLOWED_HOSTS: gateway.host },
  });
  await fillControl(other.db, erp.connection, gateway.host);
  expect((await other.post('alerts/000001/preview', {})).body).toMatchObject({
    recordOnly: true,
    goesOut: false,
    obstacles: [{ reason: 'fuera_de_alcance', outcome: null }],
    recipients: { deliver: 3 },
  });
});
