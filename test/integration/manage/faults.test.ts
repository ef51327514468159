import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aMailServer, type MailServerForTests } from '../poison/a-mail-server.ts';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let server: MailServerForTests;
let world: ManageWorld;
beforeAll(async () => {
  server = await aMailServer();
  world = await manageWorld('2026-03-02T12:00:00Z', {
    environment: {
      SMTP_SERVER: '127.0.0.1',
      SMTP_PORT: String(server.port),
      SMTP_FROM: 'vigia@example.com',
      SMTP_SECURE: 'false',
    },
  });
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre) VALUES ('E1', N'Farmacia Norte');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod) VALUES ('A1', 'E1');
    INSERT INTO CT_Alertas_Admin_Emails (adm_Email, adm_Activo) VALUES (N'ana@example.com', 1);`.execute(
    world.db,
  );
});
beforeEach(async () => {
  await sql`
    TRUNCATE TABLE CT_Scheduler_Fallas;
    TRUNCATE TABLE CT_Scheduler_Averias;
    INSERT INTO CT_Scheduler_Fallas (fal_Motivo, fal_Detalle, fal_Fecha, falcfg_Cod, falemp_Cod, falsch_id) VALUES
      ('consulta_error', N'Falla uno', '2026-03-02T12:00:00', 'A1', 'E1', 7),
      ('mensaje_ajeno', N'Falla dos', '2026-03-02T12:01:00', NULL, NULL, NULL),
      ('consulta_error', N'Falla tres', '2026-03-02T12:02:00', 'A1', 'E1', 8);`.execute(world.db);
  server.mails.length = 0;
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const faultsOf = async (query = '') => {
  const { body } = await world.get(`faults${query}`);
  return body as { faults: { id: number; state: string; incident: object | null }[]; next: string | null };
};
const audited = async () =>
  (await world.get('audit')).body as { entries: { act: string; on: string; detail: object | null }[] };
const mailed = () => server.mails.map(({ subject }) => subject);

describe('GET faults', () => {
  test('shows one under its number', async () => {
    expect(await world.get('faults/2')).toMatchObject({
      status: 200,
      body: (await faultsOf()).faults[1],
    });
    expect(await world.get('faults/999')).toMatchObject({ status: 404, body: { code: 'unknown_fault' } });
    expect(await world.get('faults/x')).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  test('shows what waits for a mail, newest first, and what was told when, with its incident', async () => {
    expect((await faultsOf()).faults).toMatchObject([
      { id: 3, state: 'waiting', incident: null },
      {
        id: 2,
        at: '2026-03-02T12:01:00Z',
        reason: 'mensaje_ajeno',
        detail: 'Falla dos',
        alert: null,
        tenant: null,
        execution: null,
        state: 'waiting',
      },
      { id: 1, alert: 'A1', tenant: 'E1', execution: 7 },
    ]);
    await world.report();
    expect((await faultsOf()).faults).toMatchObject([
      {
        id: 3,
        state: 'reported',
        reportedAt: '2026-03-02T12:00:00Z',
        discarded: null,
        incident: { since: '2026-03-02T12:00:00Z', faults: 2, mails: 1, endedAt: null },
      },
      { id: 2, state: 'reported' },
      { id: 1, state: 'reported' },
    ]);
  });

  test.each([
    ['?state=waiting', [3, 2, 1]],
    ['?state=reported', []],
    ['?alert=a1', [3, 1]],
    ['?tenant=E1', [3, 1]],
    ['?reason=mensaje_ajeno', [2]],
    ['?from=2026-03-02T12:01:00Z&to=2026-03-02T12:02:00Z', [2]],
    ['?cursor=2', [1]],
  ])('finds %s', async (query, ids) => {
    expect((await faultsOf(query)).faults.map(({ id }) => id)).toEqual(ids);
  });

  test('goes on where the page before ended', async () => {
    expect((await faultsOf('?limit=2')).next).toBe('2');
    expect((await faultsOf('?limit=2&cursor=2')).next).toBeNull();
  });
});

describe('DELETE faults/{id}', () => {
  test('takes it out of the outbox: no mail tells it, and its row says who wanted that and why', async () => {
    const answer = await world.delete('faults/2?why=era%20una%20prueba', '', { 'x-operator': 'ana' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: 2,
        state: 'discarded',
        discarded: { at: '2026-03-02T12:00:00Z', by: 'ana', why: 'era una prueba' },
      },
    });
    expect((await audited()).entries[0]).toMatchObject({
      act: 'fault.discard',
      on: 'fault 2',
      detail: { why: 'era una prueba' },
    });
    await world.report();
    expect(mailed()).toEqual(['[Vigía] Farmacia Norte: consulta con errores']);
  });

  test('repeated changes nothing, and is not on record again', async () => {
    await world.delete('faults/2?why=uno', '');
    const before = await audited();
    expect((await world.delete('faults/2?why=dos', '')).body).toMatchObject({ discarded: { why: 'uno' } });
    expect(await audited()).toEqual(before);
  });

  test('refuses one that was reported, one that is not there, and no reason', async () => {
    await world.report();
    const before = await audited();
    expect(await world.delete('faults/1?why=x', '')).toMatchObject({
      status: 409,
      body: { code: 'fault_reported', detail: 'Fault 1 was reported at 2026-03-02T12:00:00Z.' },
    });
    expect(await world.delete('faults/99?why=x', '')).toMatchObject({
      status: 404,
      body: { code: 'unknown_fault' },
    });
    expect(await world.delete('faults/1', '')).toMatchObject({
      status: 400,
      body: { detail: 'query.why is missing.' },
    });
    expect(await world.delete('faults/1?why=%20', '')).toMatchObject({
      status: 400,
      body: { detail: 'query.why must say why.' },
    });
    expect(await audited()).toEqual(before);
  });
});

describe('POST faults/{id}/retry', () => {
  test('mails what was reported once more, at once, though no digest is due', async () => {
    await world.report();
    server.mails.length = 0;
    const woken = world.nudges.length;
    const answer = await world.post('faults/1/retry', '', { 'x-operator': 'ana' });
    expect(answer).toMatchObject({ status: 202, body: { id: 1, state: 'waiting', reportedAt: null } });
    expect(world.nudges).toHaveLength(woken + 1);
    expect((await audited()).entries[0]).toMatchObject({ act: 'fault.retry', on: 'fault 1', detail: null });
    await world.report();
    expect(mailed()).toEqual(['[Vigía] A pedido: Farmacia Norte: consulta con errores']);
    expect(server.mails[0]?.text).toContain('Falla uno');
    expect(server.mails[0]?.text).not.toContain('Falla tres');
    await world.report();
    expect(server.mails).toHaveLength(1);
    const [, , first] = (await faultsOf()).faults;
    expect(first).toMatchObject({ id: 1, state: 'reported', incident: { faults: 2, mails: 2 } });
  });

  test('mails a fault of an incident that is long over in one mail that says so, and reopens nothing', async () => {
    await sql`
      INSERT INTO CT_Scheduler_Averias (aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos, ave_Cerrada)
      VALUES ('E1', 'consulta_error', '2026-02-01', '2026-02-01', 1, 2, '2026-02-02');
      UPDATE CT_Scheduler_Fallas SET fal_Informada = fal_Fecha, falave_id = 1, fal_Fecha = '2026-02-01';`.execute(
      world.db,
    );
    await world.post('faults/1/retry', '');
    await world.report();
    await world.report();
    expect(mailed()).toEqual(['[Vigía] A pedido: Farmacia Norte: consulta con errores']);
    expect(server.mails[0]?.text).toContain('Falla uno');
    expect((await faultsOf('?state=waiting')).faults).toEqual([]);
    const { rows } = await sql`SELECT 1 AS x FROM CT_Scheduler_Averias WHERE ave_Cerrada IS NULL`.execute(
      world.db,
    );
    expect(rows).toEqual([]);
  });

  test('mails a fault of an incident that has just ended without reopening it', async () => {
    await world.report();
    await sql`UPDATE CT_Scheduler_Averias SET ave_Cerrada = '2026-03-02T11:59:00' WHERE ave_Motivo = 'consulta_error'`.execute(
      world.db,
    );
    server.mails.length = 0;
    await world.post('faults/1/retry', '');
    await world.report();
    await world.report();
    expect(mailed()).toEqual(['[Vigía] A pedido: Farmacia Norte: consulta con errores']);
    expect(server.mails[0]?.text).toContain('no son fallas nuevas. El incidente ya terminó.');
    const { rows } = await sql`
      SELECT ave_Fallas, ave_Reaperturas, ave_Cerrada FROM CT_Scheduler_Averias
      WHERE ave_Motivo = 'consulta_error'`.execute(world.db);
    expect(rows).toEqual([
      { ave_Fallas: 2, ave_Reaperturas: 0, ave_Cerrada: new Date('2026-03-02T11:59:00Z') },
    ]);
  });

  test('takes a discard back', async () => {
    await world.delete('faults/2?why=x', '');
    expect((await world.post('faults/2/retry', '')).body).toMatchObject({
      state: 'waiting',
      discarded: null,
    });
    await world.report();
    expect(mailed()).toContainEqual(expect.stringContaining('mensaje'));
  });

  test('a mail that is being written without it cannot pass for its report', async () => {
    await world.report();
    await sql`UPDATE CT_Scheduler_Averias SET ave_ProximoAviso = '2026-03-02T12:05:00'`.execute(world.db);
    await world.post('faults/1/retry', '');
    const { rows } = await sql`SELECT falave_id FROM CT_Scheduler_Fallas WHERE fal_id = 1`.execute(world.db);
    expect(rows).toEqual([{ falave_id: null }]);
    await world.report();
    expect((await faultsOf('?state=waiting')).faults).toHaveLength(1);
  });

  test('says that there is no such fault, and records nothing', async () => {
    const before = await audited();
    expect(await world.post('faults/99/retry', '')).toMatchObject({
      status: 404,
      body: { code: 'unknown_fault' },
    });
    expect(await audited()).toEqual(before);
  });

  test('where no mail can go out says which setting is missing', async () => {
    await using bare = await manageWorld('2026-03-02T12:00:00Z');
    expect(await bare.post('faults/1/retry', '')).toMatchObject({
      status: 409,
      body: { code: 'mail_off', detail: expect.stringContaining('SMTP_SERVER') },
    });
  });
});
