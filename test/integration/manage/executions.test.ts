import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T13:00:00Z');
  await sql`
    INSERT INTO CT_Empresas (emp_Cod) VALUES ('E1'), ('E2');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod) VALUES ('A1', 'E1'), ('A2', 'E2');
    INSERT INTO CT_Scheduler_Alertas
      (schcfg_Cod, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Clave, sch_Motivo, sch_DetalleError, sch_CantMensajes,
        sch_Preparada)
    VALUES
      ('A1', 'ENVIADA', NULL, NULL, NULL, NULL, NULL, 2, NULL),
      ('A1', 'PARCIAL', 'AGENDA', '2026-03-02T09:00:00-03:00', '2026-03-02', NULL, N'1 de 2', 1, '2026-03-02T11:59:55'),
      ('A2', 'ERROR', 'AGENDA', '2026-03-02T10:00:00-03:00', '2026-03-02', 'consulta_error', N'207', 0, NULL),
      ('A3', 'PERDIDA', 'AGENDA', '2026-03-01T10:00:00-03:00', '2026-03-01', 'no_ejecutada', NULL, 0, NULL);
    INSERT INTO CT_Alertas_Mensajes
      (msgsch_id, msgper_Cod, msgper_Nombre, msg_Destino, msg_Estado, msg_Uuid, msg_Asunto, msg_Texto, msg_Error, msg_Wamid,
        msg_ProximoIntento)
    VALUES
      (2, N'P1', N'Ana', N'+5491123456789', 'ENVIADO', '0195B7A0-3C1E-7D2A-9D6E-3A2F1B4C5D6E', NULL, N'Hola, Ana', NULL,
        'wamid.1', NULL),
      (2, N'P2', N'Luis', N'+5491123456780', 'REINTENTO', NULL, NULL, N'Hola, Luis', N'webhook_fallo: 503', NULL,
        '2026-03-02T13:02:00');
    INSERT INTO CT_Alertas_Intentos (intmsg_id, int_Numero, int_Fecha, int_DuracionMs, int_Http, int_Error, int_Respuesta)
    VALUES (1, 1, '2026-03-02T12:00:00.012', 20, 200, NULL, N'{"id":1}'), (2, 1, '2026-03-02T12:00:00.013', 31, 503, N'webhook_fallo', N''),
      (2, 2, '2026-03-02T12:01:00', 30, 503, N'webhook_fallo', N'');`.execute(world.db);
});
afterAll(() => world[Symbol.asyncDispose]());

const idsOf = async (query: string) => {
  const { body } = await world.get(`executions${query}`);
  const { executions, next } = body as { executions: { id: number }[]; next: string | null };
  return { ids: executions.map(({ id }) => id), next };
};

describe('GET executions', () => {
  test('shows who asked, and nobody where somebody has spoilt the text that says so', async () => {
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Pedido = CASE sch_id WHEN 3 THEN N'{"by":"ana"}' ELSE N'{"by' END
      WHERE sch_id IN (3, 4)`.execute(world.db);
    const { body } = await world.get('executions');
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Pedido = NULL`.execute(world.db);
    const { executions } = body as { executions: { askedBy: string | null }[] };
    expect(executions.map(({ askedBy }) => askedBy)).toEqual([null, 'ana', null, null]);
  });

  test('shows what ran, newest first, what the system before us wrote too', async () => {
    const { body } = await world.get('executions');
    expect(body).toMatchObject({
      executions: [
        { id: 4, alert: 'A3', tenant: null, state: 'PERDIDA', reason: 'no_ejecutada' },
        { id: 3, alert: 'A2', tenant: 'E2', state: 'ERROR', detail: '207' },
        {
          id: 2,
          alert: 'A1',
          tenant: 'E1',
          occurrence: '2026-03-02T09:00:00-03:00',
          key: '2026-03-02',
          origin: 'AGENDA',
          state: 'PARCIAL',
          accepted: 1,
          preparedAt: '2026-03-02T11:59:55Z',
        },
        { id: 1, alert: 'A1', occurrence: null, origin: null, state: 'ENVIADA' },
      ],
      next: null,
    });
  });

  test.each([
    ['?alert=A1', [2, 1]],
    ['?tenant=E2', [3]],
    ['?state=ERROR', [3]],
    ['?reason=no_ejecutada', [4]],
    ['?from=2026-03-02T12:00:00Z&to=2026-03-02T13:00:00Z', [2]],
    ['?from=2026-03-02T12:00:01Z', [3]],
    ['?tenant=E1&alert=A2', []],
    ['?tenant=E1&state=PARCIAL&from=2026-03-02T12:00:00Z', [2]],
    ['?tenant=E1&limit=1&cursor=2', [1]],
    ['?alert=A1&state=PARCIAL&to=2026-03-02T12:00:00Z', []],
    ['?to=2026-03-02T12:00:01Z', [4, 2]],
    ['?from=2027-01-01T00:00:00Z', []],
  ])('finds %s', async (query, ids) => {
    expect(await idsOf(query)).toEqual({ ids, next: null });
  });

  test('goes on where the page before ended, to the last', async () => {
    expect(await idsOf('?limit=3')).toEqual({ ids: [4, 3, 2], next: '2' });
    expect(await idsOf('?limit=3&cursor=2')).toEqual({ ids: [1], next: null });
  });

  test('refuses a state that there is none of, by name', async () => {
    expect(await world.get('executions?state=error')).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('query.state must be one of PENDIENTE, EN_PROCESO') },
    });
  });
});

test('finds the executions of a span, be they few or thousands', async () => {
  const ids = JSON.stringify(Array.from({ length: 2_500 }, (_, n) => n));
  await sql`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Origen, sch_Ocurrencia)
    SELECT 'A9', CASE WHEN n = 3 THEN 'ERROR' ELSE 'ENVIADA' END, 'AGENDA', DATEADD(MINUTE, n, CAST('2025-01-01T00:00:00Z' AS DATETIMEOFFSET(0)))
    FROM OPENJSON(${ids}) WITH (n INT '$')
    ORDER BY n`.execute(world.db);
  const [newest = 0] = (await idsOf('?to=2026-01-01T00:00:00Z&limit=1')).ids;
  expect(newest).toBeGreaterThanOrEqual(2_504);
  expect(await idsOf('?from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&state=ERROR')).toEqual({
    ids: [newest - 2_496],
    next: null,
  });
  expect((await idsOf('?from=2025-01-02T17:38:00Z&to=2026-01-01T00:00:00Z')).ids).toEqual([
    newest,
    newest - 1,
  ]);
  await sql`DELETE FROM CT_Scheduler_Alertas WHERE schcfg_Cod = 'A9'`.execute(world.db);
});

describe('GET executions/{id}', () => {
  test('shows every delivery, what it said, its attempts and their answers', async () => {
    expect((await world.get('executions/2')).body).toMatchObject({
      id: 2,
      state: 'PARCIAL',
      deliveries: [
        {
          id: 1,
          webhookId: '0195b7a0-3c1e-7d2a-9d6e-3a2f1b4c5d6e',
          person: 'P1',
          name: 'Ana',
          destination: '+5491123456789',
          state: 'ENVIADO',
          messageId: 'wamid.1',
          text: 'Hola, Ana',
          nextAttempt: null,
          attempts: [
            {
              number: 1,
              at: '2026-03-02T12:00:00.012Z',
              durationMs: 20,
              status: 200,
              error: null,
              answer: '{"id":1}',
            },
          ],
        },
        {
          person: 'P2',
          state: 'REINTENTO',
          error: 'webhook_fallo: 503',
          nextAttempt: '2026-03-02T13:02:00Z',
          attempts: [
            { number: 1, status: 503 },
            { number: 2, status: 503 },
          ],
        },
      ],
      next: null,
    });
  });

  test('goes through its deliveries page by page', async () => {
    const first = await world.get('executions/2?limit=1');
    expect(first.body).toMatchObject({ deliveries: [{ person: 'P1' }], next: '1' });
    const second = await world.get('executions/2?limit=1&cursor=1');
    expect(second.body).toMatchObject({ deliveries: [{ person: 'P2' }], next: null });
  });

  test.each([
    ['executions/99', 404, 'unknown_execution'],
    ['executions/x', 400, 'invalid_request'],
    ['executions/9999999999', 400, 'invalid_request'],
  ])('answers %s with a problem', async (path, status, code) => {
    expect(await world.get(path)).toMatchObject({ status, body: { code } });
  });
});
