import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { metRow } from '../../../src/manage/problems/met-row.ts';
import type { MetFault, StoredConfiguration } from '../../../src/manage/problems/stored-configuration.ts';

const template = (pla_Cod: string, placan_Cod: string | null) => ({
  ...{ pla_Cod, platip_Cod: 'T1', placan_Cod, pla_Asunto: null, pla_Cuerpo: 'Hola {{ x }}' },
});
const webhook = (whk_Cod: string, whkcan_Cod: string | null) => ({
  ...{ whk_Cod, whktip_Cod: 'T1', whkcan_Cod, whk_Url: null, whk_Secreto: null, whk_Cabeceras: null },
  ...{ whk_Formato: 'plantilla', whk_Cuerpo: '{}', whk_TimeoutSeg: null },
});
const query = (qry_Cod: string, qrytip_Cod: string) => ({
  ...{ qry_Cod, qrytip_Cod, qry_Sql: 'SELECT 1', qry_Parametros: null, qry_TimeoutSeg: null },
});
const configuration: StoredConfiguration = {
  ...{ alerts: [], tenants: [], administrators: [], users: [], met: [] },
  templates: [template('P1', null), template('P2', '0002')],
  webhooks: [webhook('W1', null), webhook('W2', '0002')],
  queries: [query('Q0', 'T0'), query('Q1', 'T1'), query('Q2', 'T1')],
};
const met = (reason: string, detail: string, more: Partial<MetFault> = {}): MetFault => ({
  ...{ reason, detail, alert: 'A1', tenant: 'E1', type: 't1 ', channel: '0001' },
  since: Temporal.Instant.from('2026-03-02T12:00:00Z'),
  ...more,
});

test.each([
  [met('consulta_error', '207'), 'CT_Alertas_Queries Q1 qry_Sql'],
  [met('consulta_tiempo', 'Pasó 30 s.'), 'CT_Alertas_Queries Q1 qry_Sql'],
  [met('plantilla_invalida', 'pla_Cuerpo: «x» no existe.'), 'CT_Alertas_Plantillas P1 pla_Cuerpo'],
  [
    met('plantilla_invalida', 'pla_Asunto: «x» no existe.', { channel: '0002' }),
    'CT_Alertas_Plantillas P2 pla_Asunto',
  ],
  [met('plantilla_invalida', 'whk_Cuerpo: no es JSON.'), 'CT_Alertas_Webhooks W1 whk_Cuerpo'],
  [
    met('plantilla_invalida', 'whk_Cuerpo: no es JSON.', { channel: '0002' }),
    'CT_Alertas_Webhooks W2 whk_Cuerpo',
  ],
  [met('empresa_login', 'Login failed'), 'CT_Empresas E1 emp_Conexion'],
  [met('empresa_es_control', '…'), 'CT_Empresas E1 emp_Conexion'],
  [met('empresa_puede_escribir', '…'), 'CT_Empresas E1 emp_Conexion'],
  [met('sin_destinatarios', '…'), 'CT_Alertas_Config A1 cfgprf_Cod'],
  [met('demasiados_destinatarios', '…'), 'CT_Alertas_Config A1 cfg_MaxDestinatarios'],
])('what a run met is told of the row that has to be mended: %j', (fault, place) => {
  const row = metRow(fault, configuration);
  expect(`${row?.table} ${row?.code} ${row?.findings[0]?.column}`).toBe(place);
  expect(row).toMatchObject({ tenant: 'E1', alert: 'A1', since: fault.since });
});

test.each([
  met('configuracion_invalida', 'Webhook W1: …'),
  met('webhook_red', '…'),
  met('de_otra_version', '…'),
  met('consulta_error', '207', { type: 'T9' }),
  met('plantilla_invalida', 'pla_Cuerpo: …', { type: null }),
])('what lies in no row, or is seen in the row itself, is not told twice: %j', (fault) => {
  expect(metRow(fault, configuration)).toBeNull();
});

test.each([
  met('plantilla_invalida', 'pla_Cuerpo: «fila.y» no existe (línea 1); existen x.'),
  met('plantilla_invalida', 'pla_Cuerpo: «{{ x }» no se cierra (línea 1).'),
  met('plantilla_invalida', 'pla_Cuerpo: el filtro «nada» no existe (línea 1).'),
  met('consulta_error', "SQL Server respondió 207: Invalid column name 'dias'."),
  met(
    'correo_administrador',
    'adm_Email «ana arroba» de CT_Alertas_Admin_Emails: no es una dirección de correo.',
  ),
])('what the row disproves as it stands now is not told: %j', (fault) => {
  expect(metRow(fault, configuration)).toBeNull();
});

test.each([
  met('plantilla_invalida', 'pla_Cuerpo: «fila.X» no existe (línea 1); existen y.'),
  met('plantilla_invalida', 'pla_Cuerpo: el texto necesita demasiada memoria.'),
  met('consulta_error', 'SQL Server respondió 8134: Divide by zero error encountered.'),
  met('consulta_error', "SQL Server respondió 207: Invalid column name '1'."),
])('what may still be so is told: %j', (fault) => {
  expect(metRow(fault, configuration)).not.toBeNull();
});

test('an address that the mail server refuses is told of the row that has it', () => {
  const administrators = [{ adm_id: 4, adm_Email: 'ana@example.com', admemp_Cod: null }];
  const detail = 'adm_Email «ana@example.com» de CT_Alertas_Admin_Emails: la rechaza el servidor de correo.';
  expect(metRow(met('correo_administrador', detail), { ...configuration, administrators })).toMatchObject({
    code: '4',
    findings: [{ column: 'adm_Email' }],
  });
});
