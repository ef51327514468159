import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manageWorld, type ManageWorld } from './manage-world.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const connection = base64('Server=db;Database=erp;User Id=lector;Password=s3creta');

let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T13:00:00Z', {
    environment: { SMTP_SERVER: 'smtp.example', SMTP_FROM: 'vigia@example.com', ALERTS_ONLY: '' },
  });
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Conexion) VALUES ('E1', ${connection});
    INSERT INTO CT_Alertas_Webhooks (whk_Cod, whktip_Cod, whk_Url, whk_Secreto) VALUES
      ('W1', 'T1', 'https://hooks.example.com/a?token=s3creto', 'whsec_c2VjcmV0bw==');
    INSERT INTO CT_Alertas_Plantillas (pla_Cod, platip_Cod, pla_Cuerpo) VALUES ('P1', 'T1', N'Hola {{ destinatario.nombre }}');
    INSERT INTO CT_Alertas_Queries (qry_Cod, qrytip_Cod, qry_Sql, qry_Parametros) VALUES
      ('Q1', 'T1', N'SELECT * FROM Vencen WHERE dias < @dias AND empresa = @empresa', N'{"dias": 30}');
    INSERT INTO CT_Alertas_Admin_Emails (adm_Email, adm_Activo) VALUES (N'ana@example.com', 1);
    INSERT INTO CT_Alertas_Config
      (cfg_Cod, cfgemp_Cod, cfgtip_Cod, cfgcan_Cod, cfgprf_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio)
    VALUES ('A1', 'E1', 'T1', '0001', 'F1', 'PERIODICO', 'DIARIO', '08:00');`.execute(world.db);
});
afterAll(() => world[Symbol.asyncDispose]());

interface Shown {
  table: string | null;
  code: string | null;
  column: string | null;
  value: string | null;
  reason: string;
  detail: string;
  since: string | null;
}

const problemsOf = async (query = '') => {
  const { body } = await world.get(`problems${query}`);
  return (body as { problems: Shown[] }).problems;
};

/** The problems there are while something stands wrong. */
const problemsWhile = async (wrong: string, right: string) => {
  await sql.raw(wrong).execute(world.db);
  try {
    return await problemsOf();
  } finally {
    await sql.raw(right).execute(world.db);
  }
};

test('a configuration that works has no problems', async () => {
  expect((await world.get('problems')).body).toEqual({ problems: [], next: null });
});

describe('GET problems tells', () => {
  const set = (table: string, key: string, column: string, wrong: string, right = 'NULL') =>
    [
      `UPDATE ${table} SET ${column} = ${wrong} WHERE ${key}`,
      `UPDATE ${table} SET ${column} = ${right} WHERE ${key}`,
    ] as const;
  const alert = (column: string, wrong: string, right?: string) =>
    set('CT_Alertas_Config', "cfg_Cod = 'A1'", column, wrong, right);
  const webhook = (column: string, wrong: string, right?: string) =>
    set('CT_Alertas_Webhooks', "whk_Cod = 'W1'", column, wrong, right);
  const query = (column: string, wrong: string, right?: string) =>
    set('CT_Alertas_Queries', "qry_Cod = 'Q1'", column, wrong, right);
  const template = (column: string, wrong: string, right?: string) =>
    set('CT_Alertas_Plantillas', "pla_Cod = 'P1'", column, wrong, right);
  const tenant = (column: string, wrong: string, right?: string) =>
    set('CT_Empresas', "emp_Cod = 'E1'", column, wrong, right);
  const body = "N'Hola {{ destinatario.nombre }}'";
  const url = "'https://hooks.example.com/a?token=s3creto'";

  test.each([
    [
      alert('cfg_Frecuencia', "'A VECES'", "'DIARIO'"),
      'A1',
      'cfg_Frecuencia',
      'A VECES',
      'configuracion_invalida',
    ],
    [alert('cfg_HoraEnvio', 'NULL', "'08:00'"), 'A1', 'cfg_HoraEnvio', null, 'configuracion_invalida'],
    [alert('cfg_RecuperacionMin', '-1'), 'A1', 'cfg_RecuperacionMin', '-1', 'configuracion_invalida'],
    [alert('cfgemp_Cod', "'E9'", "'E1'"), 'A1', 'cfgemp_Cod', 'E9', 'configuracion_invalida'],
    [alert('cfgcan_Cod', "'9'", "'0001'"), 'A1', 'cfgcan_Cod', '9', 'configuracion_invalida'],
    [alert('cfgprf_Cod', 'NULL', "'F1'"), 'A1', 'cfgper_Cod', null, 'configuracion_invalida'],
    [alert('cfg_MaxDestinatarios', '0'), 'A1', 'cfg_MaxDestinatarios', '0', 'configuracion_invalida'],
    [webhook('whk_Activo', '0', '1'), 'A1', 'cfgtip_Cod', 'T1', 'sin_webhook'],
    [template('placan_Cod', "'0002'"), 'A1', 'cfgtip_Cod', 'T1', 'sin_plantilla'],
    [template('pla_Cuerpo', "''", body), 'A1', 'cfgtip_Cod', 'T1', 'sin_plantilla'],
    [webhook('whk_Url', "'ftp://x'", url), 'W1', 'whk_Url', null, 'configuracion_invalida'],
    [webhook('whk_Url', "'http://hooks.example.com'", url), 'W1', 'whk_Url', null, 'webhook_direccion'],
    [webhook('whk_Url', "'https://10.0.0.1/'", url), 'W1', 'whk_Url', null, 'webhook_direccion'],
    [webhook('whk_TimeoutSeg', '90'), 'W1', 'whk_TimeoutSeg', '90', 'configuracion_invalida'],
    [webhook('whk_Formato', "'xml'"), 'W1', 'whk_Formato', 'xml', 'configuracion_invalida'],
    [webhook('whk_Cabeceras', "'{'"), 'W1', 'whk_Cabeceras', null, 'configuracion_invalida'],
    [
      webhook('whk_Secreto', "'env:FALTA'", "'whsec_c2VjcmV0bw=='"),
      'W1',
      'whk_Secreto',
      null,
      'configuracion_invalida',
    ],
    [webhook('whk_Secreto', 'NULL', "'whsec_c2VjcmV0bw=='"), 'W1', 'whk_Secreto', null, 'webhook_sin_firma'],
    [
      query('qry_Parametros', "'[]'", `'{"dias": 30}'`),
      'Q1',
      'qry_Parametros',
      '[]',
      'configuracion_invalida',
    ],
    [
      query('qry_Parametros', 'NULL', `'{"dias": 30}'`),
      'Q1',
      'qry_Sql',
      expect.stringContaining('SELECT'),
      'consulta_error',
    ],
    [query('qry_TimeoutSeg', '500'), 'Q1', 'qry_TimeoutSeg', '500', 'configuracion_invalida'],
    [template('pla_Cuerpo', "'{% if x %}'", body), 'P1', 'pla_Cuerpo', '{% if x %}', 'plantilla_invalida'],
    [template('pla_Asunto', "'{{ x | nada }}'"), 'P1', 'pla_Asunto', '{{ x | nada }}', 'plantilla_invalida'],
    [
      tenant('emp_Conexion', "'%%%'", `'${connection}'`),
      'E1',
      'emp_Conexion',
      null,
      'empresa_conexion_invalida',
    ],
    [
      tenant('emp_Conexion', "'env:FALTA'", `'${connection}'`),
      'E1',
      'emp_Conexion',
      null,
      'empresa_conexion_invalida',
    ],
    [tenant('emp_ZonaHoraria', "'Marte'"), 'E1', 'emp_ZonaHoraria', 'Marte', 'configuracion_invalida'],
    [tenant('emp_Pais', "'ZZ'"), 'E1', 'emp_Pais', 'ZZ', 'configuracion_invalida'],
    [
      set('CT_Alertas_Admin_Emails', 'adm_id = 1', 'admemp_Cod', "'E7'"),
      null,
      'admemp_Cod',
      'E1',
      'sin_administradores',
    ],
    [
      set('CT_Alertas_Admin_Emails', 'adm_id = 1', 'adm_Activo', '0', '1'),
      null,
      'adm_Activo',
      null,
      'sin_administradores',
    ],
  ])('%j', async ([wrong, right], code, column, value, reason) => {
    const found = await problemsWhile(wrong, right);
    expect(found).toEqual([expect.objectContaining({ code, column, value, reason, since: null })]);
    expect(found[0]?.detail).not.toBe('');
    expect(JSON.stringify(found)).not.toMatch(/s3cret/);
    expect(await problemsOf()).toEqual([]);
  });

  test('a query that the read-only lock refuses, with the word and its place', async () => {
    const [wrong, right] = query(
      'qry_Sql',
      "N'DELETE FROM Vencen'",
      "N'SELECT * FROM Vencen WHERE dias < @dias AND empresa = @empresa'",
    );
    expect(await problemsWhile(wrong, right)).toMatchObject([
      {
        table: 'CT_Alertas_Queries',
        code: 'Q1',
        column: 'qry_Sql',
        reason: 'consulta_rechazada',
        detail: expect.stringContaining('«DELETE»'),
      },
    ]);
  });

  test('an address that no mail can go to, and that nobody is told then', async () => {
    const [wrong, right] = set(
      'CT_Alertas_Admin_Emails',
      'adm_id = 1',
      'adm_Email',
      "N'ana arroba'",
      "N'ana@example.com'",
    );
    expect(await problemsWhile(wrong, right)).toMatchObject([
      { table: 'CT_Alertas_Admin_Emails', code: null, reason: 'sin_administradores' },
      {
        table: 'CT_Alertas_Admin_Emails',
        code: '1',
        column: 'adm_Email',
        value: 'ana arroba',
        reason: 'correo_administrador',
      },
    ]);
  });

  test('nothing of an alert that is inactive', async () => {
    const off = 'UPDATE CT_Alertas_Config SET cfg_Activo = 0, cfg_Frecuencia = NULL, cfgcan_Cod = NULL';
    const on = "UPDATE CT_Alertas_Config SET cfg_Activo = 1, cfg_Frecuencia = 'DIARIO', cfgcan_Cod = '0001'";
    expect(await problemsWhile(off, on)).toEqual([]);
  });
});

describe('GET problems says since when', () => {
  beforeAll(async () => {
    await sql`
      UPDATE CT_Alertas_Webhooks SET whk_TimeoutSeg = 90;
      UPDATE CT_Alertas_Config SET cfg_Frecuencia = 'A VECES';
      INSERT INTO CT_Scheduler_Agenda (agecfg_Cod, age_Huella, age_Problema, age_ProblemaDesde) VALUES
        ('A1', 'x', N'cfg_Frecuencia dice…', '2026-03-01T10:00:00');
      INSERT INTO CT_Scheduler_Averias (aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos, ave_Cerrada)
      VALUES ('E1', 'configuracion_invalida', '2026-03-01', '2026-03-01', 2, 0, NULL),
        ('E1', 'consulta_error', '2026-03-01', '2026-03-01', 1, 0, NULL),
        ('E1', 'empresa_login', '2026-02-01', '2026-02-01', 1, 0, '2026-02-02');
      INSERT INTO CT_Scheduler_Fallas (falave_id, fal_Motivo, falcfg_Cod, falemp_Cod, fal_Detalle, fal_Fecha) VALUES
        (1, 'configuracion_invalida', 'A1', 'E1', N'Webhook W1: whk_TimeoutSeg es 90; debe estar entre 1 y 60.', '2026-03-01T12:00:00'),
        (1, 'configuracion_invalida', 'A1', 'E1', N'Webhook W1: whk_TimeoutSeg es 90; debe estar entre 1 y 60.', '2026-03-02T12:00:00'),
        (2, 'consulta_error', 'A1', 'E1', N'207: no existe la columna dias', '2026-03-01T11:00:00'),
        (3, 'empresa_login', 'A1', 'E1', N'Login failed', '2026-02-01T11:00:00');`.execute(world.db);
  });

  test('the scan found it, whoever sent the alert met it, and what only shows then', async () => {
    expect((await world.get('problems')).body).toEqual({
      problems: [
        {
          table: 'CT_Alertas_Config',
          code: 'A1',
          column: 'cfg_Frecuencia',
          value: 'A VECES',
          reason: 'configuracion_invalida',
          detail: expect.stringContaining('cfg_Frecuencia dice "A VECES"'),
          tenant: 'E1',
          since: '2026-03-01T10:00:00Z',
          alerts: [],
          alertCount: 0,
        },
        {
          table: 'CT_Alertas_Queries',
          code: 'Q1',
          column: 'qry_Sql',
          value: expect.stringContaining('SELECT'),
          reason: 'consulta_error',
          detail: '207: no existe la columna dias',
          tenant: 'E1',
          since: '2026-03-01T11:00:00Z',
          alerts: ['A1'],
          alertCount: 1,
        },
        {
          table: 'CT_Alertas_Webhooks',
          code: 'W1',
          column: 'whk_TimeoutSeg',
          value: '90',
          reason: 'configuracion_invalida',
          detail: expect.any(String),
          tenant: null,
          since: '2026-03-01T12:00:00Z',
          alerts: ['A1'],
          alertCount: 1,
        },
      ],
      next: null,
    });
  });

  test('and gives them by table, by tenant and page by page', async () => {
    const columnsOf = (problems: Shown[]) => problems.map(({ column }) => column);
    expect(columnsOf(await problemsOf('?table=CT_Alertas_Webhooks'))).toEqual(['whk_TimeoutSeg']);
    expect(columnsOf(await problemsOf('?tenant=e1'))).toEqual([
      'cfg_Frecuencia',
      'qry_Sql',
      'whk_TimeoutSeg',
    ]);
    const first = (await world.get('problems?limit=2')).body as { problems: Shown[]; next: string };
    expect(columnsOf(first.problems)).toEqual(['cfg_Frecuencia', 'qry_Sql']);
    expect(columnsOf(await problemsOf(`?cursor=${first.next}`))).toEqual(['whk_TimeoutSeg']);
    expect(await world.get('problems?table=CT_Otra')).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('query.table must be one of CT_Alertas_Config') },
    });
  });
});

test('GET problems tells of a shared row which alerts are sent by it, the first 20, and tells it to their tenants', async () => {
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Conexion) VALUES ('E2', ${connection}), ('E3', ${connection});
    INSERT INTO CT_Alertas_Webhooks (whk_Cod, whktip_Cod, whkcan_Cod, whk_Url, whk_Secreto, whk_TimeoutSeg) VALUES
      ('W2', 'T1', '0002', 'https://hooks.example.com/b', 'whsec_c2VjcmV0bw==', 90);
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfgtip_Cod, cfgcan_Cod, cfgprf_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio)
    SELECT CONCAT('B', 100 + n), CASE n WHEN 0 THEN 'E2' ELSE 'E3' END, 'T1', '0002', 'F1', 'PERIODICO', 'DIARIO', '08:00'
    FROM OPENJSON(${JSON.stringify(Array.from({ length: 21 }, (_, n) => ({ n })))}) WITH (n INT);`.execute(
    world.db,
  );
  const [first, second] = await problemsOf('?table=CT_Alertas_Webhooks');
  expect(first).toMatchObject({ code: 'W1', alerts: ['A1'], alertCount: 1 });
  expect(second).toMatchObject({ code: 'W2', alertCount: 21 });
  expect(second).toHaveProperty('alerts.length', 20);
  const codesOf = async (tenant: string) =>
    (await problemsOf(`?table=CT_Alertas_Webhooks&tenant=${tenant}`)).map(({ code }) => code);
  expect(await codesOf('E1')).toEqual(['W1']);
  expect(await codesOf('E2')).toEqual(['W2']);
  await sql`
    DELETE FROM CT_Alertas_Config WHERE cfg_Cod LIKE 'B%';
    DELETE FROM CT_Alertas_Webhooks WHERE whk_Cod = 'W2';
    DELETE FROM CT_Empresas WHERE emp_Cod IN ('E2', 'E3');`.execute(world.db);
});

describe('GET problems no longer tells what was met before it was mended', () => {
  const reasons = async () => (await problemsOf()).map(({ reason }) => reason);
  beforeAll(async () => {
    await sql`
      UPDATE CT_Alertas_Webhooks SET whk_TimeoutSeg = NULL;
      UPDATE CT_Alertas_Config SET cfg_Frecuencia = 'DIARIO';
      DELETE FROM CT_Scheduler_Agenda;
      DELETE FROM CT_Scheduler_Fallas;
      INSERT INTO CT_Scheduler_Fallas (falave_id, fal_Motivo, falcfg_Cod, falemp_Cod, fal_Detalle, fal_Fecha) VALUES
        (2, 'consulta_tiempo', 'A1', 'E1', N'Pasó 30 s.', '2026-03-01T11:00:00'),
        (2, 'empresa_puede_escribir', 'A1', 'E1', N'El usuario puede escribir', '2026-03-01T11:00:00');`.execute(
      world.db,
    );
  });

  test('before anything has worked it tells them', async () => {
    expect(await reasons()).toEqual(['consulta_tiempo', 'empresa_puede_escribir']);
  });

  test('a check of the tenant that finds it well', async () => {
    await sql`
      INSERT INTO CT_Scheduler_Auditoria (aud_Fecha, aud_Quien, aud_Accion, aud_Objeto, aud_Detalle) VALUES
        ('2026-03-01T10:59:00', N'ana', 'tenant.check', N'tenant E1', N'{"ok":true,"reasons":[]}'),
        ('2026-03-01T12:00:00', N'ana', 'tenant.check', N'tenant E1', N'{"ok":false,"reasons":["empresa_login"]}');`.execute(
      world.db,
    );
    expect(await reasons()).toEqual(['consulta_tiempo', 'empresa_puede_escribir']);
    await sql`UPDATE CT_Scheduler_Auditoria SET aud_Detalle = N'{"ok":true,"reasons":[]}'`.execute(world.db);
    expect(await reasons()).toEqual(['consulta_tiempo']);
  });

  test('an execution of the alert that was prepared since, and did not end by the same', async () => {
    await sql`
      INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado, sch_Motivo, sch_Preparada) VALUES
        ('A1', '2026-03-01', 'ENVIADA', NULL, '2026-03-01T10:00:00'),
        ('A1', '2026-03-01', 'ERROR', 'consulta_tiempo', '2026-03-01T12:00:00');`.execute(world.db);
    expect(await reasons()).toEqual(['consulta_tiempo']);
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Motivo = NULL, sch_Estado = 'ENVIADA'`.execute(world.db);
    expect(await reasons()).toEqual([]);
  });
});

test('an installation without mail settings says so', async () => {
  await using bare = await manageWorld('2026-03-02T13:00:00Z');
  expect((await bare.get('problems')).body).toMatchObject({
    problems: [
      { table: null, code: null, column: 'SMTP_SERVER', reason: 'correo_sin_configurar' },
      { table: 'CT_Alertas_Admin_Emails', reason: 'sin_administradores' },
    ],
  });
});

test('an installation whose mail and call-backs wait for the Key Vault starts, and says what to do about each', async () => {
  const referring = (secret: string) =>
    `@Microsoft.KeyVault(SecretUri=https://kv-vigia.vault.azure.net/secrets/${secret})`;
  await using waiting = await manageWorld('2026-03-02T13:00:00Z', {
    environment: {
      SMTP_SERVER: 'smtp.example.com',
      SMTP_USER: 'vigia@example.com',
      SMTP_PASSWORD: referring('SMTP-PASSWORD'),
      CALLBACK_SECRET: '@Microsoft.KeyVault(VaultName=kv-otro;SecretName=CALLBACK-SECRET)',
    },
  });
  const { body } = await waiting.get('problems');
  const ofSettings = (body as { problems: Shown[] }).problems.filter(({ table }) => table === null);
  expect(ofSettings.map(({ column, reason, value }) => [column, reason, value])).toEqual([
    ['CALLBACK_SECRET', 'ajuste_sin_valor', null],
    ['SMTP_PASSWORD', 'correo_sin_configurar', null],
  ]);
  expect(ofSettings.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(
      /se rechaza.* Cargue el secreto CALLBACK-SECRET en kv-otro .*rol Key Vault Secrets User/,
    ),
    expect.stringMatching(/ningún correo.* Cargue el secreto SMTP-PASSWORD en kv-vigia\.vault\.azure\.net /),
  ]);
});
