import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ProblemDocument } from '../../../src/manage/contract/problem.ts';
import { allRows } from './all-rows.ts';
import { apiDocumentOf } from './api-document.ts';
import { malformedRequests, type MalformedRequest, type Random } from './malformed-requests.ts';
import { manageWorld, type ManageWorld } from './manage-world.ts';

const seed = 6;
/** So that every act could be done. */
const environment = { SMTP_SERVER: '127.0.0.1', SMTP_FROM: 'vigia@example.com' };
let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T10:00:00-03:00', { environment });
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre) VALUES ('E01', N'Uno');
    INSERT INTO CT_Alertas_Config
      (cfg_Cod, cfgemp_Cod, cfgtip_Cod, cfgcan_Cod, cfgper_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio)
    VALUES ('000001', 'E01', 'T1', '0001', 'P1', 'PERIODICO', 'DIARIO', '12:00');
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Clave, sch_Preparada)
    VALUES ('000001', 'ERROR', 'AGENDA', '2026-03-01T12:00:00-03:00', '2026-03-01', '2026-03-01T14:59:55');
    INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msg_Destino, msg_Estado, msg_Texto)
    VALUES (1, N'P1', N'ana@example.com', 'ERROR', N'Hola');
    INSERT INTO CT_Scheduler_Fallas (fal_Motivo, fal_Fecha) VALUES ('consulta_error', '2026-03-01T15:00:00');`.execute(
    world.db,
  );
});
afterAll(() => world[Symbol.asyncDispose]());

test(`refuses every malformed request with a problem that names the fault, and writes nothing (seed ${seed})`, async () => {
  const { body } = await world.get('openapi.json');
  const requests = malformedRequests(apiDocumentOf(body), randomOf(seed));
  expect(requests.length).toBeGreaterThan(300);
  const before = await allRows(world.db);
  const taken: string[] = [];
  for (const request of requests) {
    const wrong = await wrongWithAnswer(request);
    if (wrong !== undefined) taken.push(`${request.what}: ${wrong}`);
  }
  expect(taken).toEqual([]);
  expect(await allRows(world.db)).toEqual(before);
  expect(world.log.events).toEqual([]);
});

async function wrongWithAnswer({ path, init, at }: MalformedRequest): Promise<string | undefined> {
  const answer = await world.send(path, init);
  const text = await answer.text();
  if (answer.status < 400 || answer.status >= 500) return `${answer.status} ${text}`;
  if (answer.headers.get('content-type') !== 'application/problem+json') return `no problem: ${text}`;
  const { success, data, error } = ProblemDocument.safeParse(JSON.parse(text));
  if (!success) return `${error.message}: ${text}`;
  if (data.status !== answer.status) return `says ${data.status} with ${answer.status}`;
  if (text.length > 5_000) return `says too much: ${text.length} characters`;
  if (at === undefined || data.values?.some((value) => `${value.at}.`.startsWith(`${at}.`))) return undefined;
  return `does not name ${at}: ${text}`;
}

/** mulberry32 */
function randomOf(start: number): Random {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
