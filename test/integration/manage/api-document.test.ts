import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiDocumentOf, operationsOf, type ApiDocument, type JsonSchema } from './api-document.ts';
import { manageWorld, type ManageWorld } from './manage-world.ts';
import { rightRequest } from './right-request.ts';

let world: ManageWorld;
let served: Record<string, unknown>;
let document: ApiDocument;
let ajv: Ajv2020;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T13:00:00Z');
  await seed();
  served = (await world.get('openapi.json')).body as Record<string, unknown>;
  document = apiDocumentOf(served);
  ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    formats: { 'date-time': isInstant, date: /^\d{4}-\d\d-\d\d$/ },
  });
  ajv.addSchema(served, 'api');
});
afterAll(() => world[Symbol.asyncDispose]());

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(served)).toEqual({ valid: true });
  });

  test('names every operation once, with a key and a problem that it may answer', () => {
    const operations = operationsOf(document);
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(document.security).toEqual([{ key: [] }]);
    for (const { operationId, responses } of operations) {
      const problem = responses['default']?.content?.['application/problem+json']?.schema;
      expect([operationId, problem]).toEqual([operationId, { $ref: '#/components/schemas/Problem' }]);
      const success = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      expect([operationId, success.length > 0]).toEqual([operationId, true]);
      for (const [, { content }] of success) expect(content?.['application/json']?.schema).toBeDefined();
    }
  });

  test('describes the parameters that stand in each path, and shows what each parameter may look like', () => {
    const unclear = operationsOf(document).flatMap(({ operationId, path, parameters }) => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      const missing = inPath.filter((name) => !described.includes(name ?? ''));
      const obscure = parameters.filter(({ schema }) => !isShown(schema)).map(({ name }) => name);
      return [...missing, ...obscure].map((name) => `${operationId}: ${name}`);
    });
    expect(unclear).toEqual([]);
  });

  test('holds to itself in its examples', () => {
    const wrong = [...examplesIn(served, '')].flatMap(({ pointer, example }) => {
      const holds = validatorAt(pointer);
      return holds(example) ? [] : [`${pointer}: ${JSON.stringify(example)} ${ajv.errorsText(holds.errors)}`];
    });
    expect(wrong).toEqual([]);
  });

  test('keeps null out of schemas that others share', () => {
    const nullable = Object.entries(document.components.schemas).filter(([, { type }]) =>
      Array.isArray(type),
    );
    expect(nullable.map(([name]) => name)).toEqual([]);
  });
});

test('every GET answers what the document says', async () => {
  const wrong: string[] = [];
  for (const operation of operationsOf(document).filter(({ method }) => method === 'GET')) {
    const { path } = rightRequest(operation, document);
    const { status, body } = await world.get(path.replace('manage/', ''));
    const holds = answerValidator(operation.path, 'get', '200', 'application~1json');
    if (status !== 200 || !holds(body))
      wrong.push(`${path}: ${status} ${ajv.errorsText(holds.errors)} ${JSON.stringify(body)}`);
  }
  expect(wrong).toEqual([]);
});

test.each([
  ['alerts/NADIE', 404],
  ['alerts/000002/occurrences', 409],
  ['executions/99', 404],
  ['executions?state=nada&limit=0&nadie=1', 400],
  ['nada', 404],
])('the problem of %s is one that the document describes', async (path, expected) => {
  const { status, body } = await world.get(path);
  const holds = validatorAt('/components/schemas/Problem');
  expect({ status, holds: holds(body), errors: holds.errors }).toEqual({
    status: expected,
    holds: true,
    errors: null,
  });
});

function answerValidator(path: string, method: string, status: string, type: string): ValidateFunction {
  const escaped = path.replaceAll('/', '~1');
  return validatorAt(`/paths/${escaped}/${method}/responses/${status}/content/${type}/schema`);
}

function validatorAt(pointer: string): ValidateFunction {
  return ajv.compile({ $ref: `api#${encodeURI(pointer)}` });
}

function isInstant(text: string): boolean {
  try {
    return Temporal.Instant.from(text).epochMilliseconds !== undefined;
  } catch {
    return false;
  }
}

function isShown({ example, default: standard, enum: values, type }: JsonSchema): boolean {
  return example !== undefined || standard !== undefined || values !== undefined || type === 'boolean';
}

/** Every example beside a type or a `$ref`, with the JSON pointer of its schema. */
function* examplesIn(value: unknown, pointer: string): Generator<{ pointer: string; example: unknown }> {
  if (typeof value !== 'object' || value === null) return;
  if ('example' in value && ('type' in value || '$ref' in value)) yield { pointer, example: value.example };
  for (const [name, below] of Object.entries(value))
    if (name !== 'example')
      yield* examplesIn(below, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

/** A bit of everything, so that lists have something in them. */
async function seed(): Promise<void> {
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre, emp_Conexion) VALUES ('E01', N'Uno', N'no es base64');
    INSERT INTO CT_Alertas_Tipos (tip_Cod, tip_Nombre) VALUES ('T1', N'Vencimientos');
    INSERT INTO CT_Alertas_Config
      (cfg_Cod, cfg_Nombre, cfgemp_Cod, cfgtip_Cod, cfgcan_Cod, cfgprf_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio,
        cfg_DiasSemana, cfg_DiasMes, cfg_FechasPuntuales)
    VALUES
      ('000001', N'Diaria', 'E01', 'T1', '0001', 'P1', 'PERIODICO', 'DIARIO', '12:00', NULL, NULL, NULL),
      ('000002', N'Mala', 'E01', 'T1', '0002', 'P1', 'PERIODICO', 'MENSUAL', '12:00', NULL, '40', NULL),
      ('000003', N'Semanal', 'E01', 'T1', '0002', 'P1', 'PERIODICO', 'SEMANAL', '12:00', '1,3', NULL, NULL),
      ('000004', N'Mensual', 'E01', 'T1', '0003', 'P1', 'PERIODICO', 'MENSUAL', '12:00', NULL, '1,31', NULL),
      ('000005', NULL, 'E01', NULL, NULL, NULL, 'PUNTUAL', NULL, NULL, NULL, NULL, '2026-03-03 10:00, x');
    INSERT INTO CT_Scheduler_Agenda (agecfg_Cod, age_Huella, age_Proxima, age_Problema, age_ProblemaDesde)
    VALUES ('000001', 'x', '2026-03-02T12:00:00-03:00', NULL, NULL), ('000002', 'x', NULL, N'cfg_DiasMes', '2026-03-01');
    INSERT INTO CT_Scheduler_Alertas
      (schcfg_Cod, sch_Fecha, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Clave, sch_Motivo, sch_DetalleError,
        sch_CantMensajes, sch_Preparada, sch_Revisar)
    VALUES
      ('000001', '2026-03-02', 'PARCIAL', 'AGENDA', '2026-03-02T09:00:00-03:00', '2026-03-02', 'entregas_fallidas', N'1 de 2', 1,
        '2026-03-02T11:59:55', NULL),
      ('000001', '2026-03-02', 'EN_PROCESO', 'MANUAL', '2026-03-02T09:30:00-03:00', 'R:1', 'empresa_no_disponible', NULL, 0,
        NULL, '2026-03-02T13:05:00'),
      ('000009', '2024-01-01', 'ENVIADA', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    INSERT INTO CT_Alertas_Mensajes
      (msgsch_id, msgper_Cod, msgper_Nombre, msg_Destino, msg_Estado, msg_Uuid, msg_Asunto, msg_Texto, msg_Error, msg_Wamid,
        msg_ProximoIntento)
    VALUES
      (1, N'P1', N'Ana', N'+5491123456789', 'ENVIADO', NEWID(), N'Aviso', N'Hola', NULL, 'wamid.1', NULL),
      (1, N'P2', NULL, N'', 'REINTENTO', NULL, NULL, NULL, N'webhook_fallo: 503', NULL, '2026-03-02T13:02:00');
    INSERT INTO CT_Alertas_Intentos (intmsg_id, int_Numero, int_Fecha, int_DuracionMs, int_Http, int_Error, int_Respuesta)
    VALUES (1, 1, '2026-03-02T12:00:00.012', 20, 200, NULL, N'{"id":1}'), (2, 1, '2026-03-02T12:00:00', 9, NULL, N'webhook_red', NULL);
    INSERT INTO CT_Scheduler_Ciclos
      (cic_Inicio, cic_DuracionMs, cic_Candidatas, cic_Reclamadas, cic_Perdidas, cic_Barridas, cic_Error)
    VALUES ('2026-03-02T12:59:00', 40, 2, 1, 0, 0, NULL), ('2026-03-02T12:58:00', 40, 2, 1, 0, 0, N'1205');
    INSERT INTO CT_Scheduler_Averias
      (aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos, ave_ProximoAviso)
    VALUES ('E01', 'consulta_error', '2026-03-02T12:00:00', '2026-03-02T12:00:00', 2, 1, '2026-03-02T13:15:00');
    INSERT INTO CT_Scheduler_Fallas (falsch_id, falcfg_Cod, falemp_Cod, falave_id, fal_Motivo, fal_Detalle, fal_Fecha, fal_Informada)
    VALUES (1, '000001', 'E01', 1, 'consulta_error', N'207', '2026-03-02T12:00:00', NULL),
      (NULL, NULL, NULL, NULL, 'mensaje_ajeno', NULL, '2026-03-02T12:00:00', '2026-03-02T12:01:00');
    INSERT INTO CT_Scheduler_Pausas (pauemp_Cod, paucfg_Cod, paucan_Cod, pau_Desde, pau_Hasta, pau_Quien, pau_Motivo)
    VALUES ('E01', NULL, NULL, '2026-03-02T12:00:00', NULL, N'ana', N'mudanza'),
      (NULL, '000003', '0002', '2026-03-02T12:00:00', '2026-03-03T12:00:00', NULL, NULL);
    INSERT INTO CT_Scheduler_Auditoria (aud_Fecha, aud_Quien, aud_Accion, aud_Objeto, aud_Detalle)
    VALUES ('2026-03-02T12:00:00', N'ana', 'pause', N'tenant E01', N'{"why":"mudanza"}'),
      ('2026-03-02T12:00:00', N'unknown', 'resume', N'everything', NULL);`.execute(world.db);
}
