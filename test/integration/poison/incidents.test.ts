import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import { nudge } from '../../../src/domain/nudge.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { aMailServer } from './a-mail-server.ts';
import { aFault, mailWorld } from './mail-world.ts';

const start = '2026-03-02T12:00:00Z';
const world = mailWorld();

describe('an incident', () => {
  test('is mailed at its opening, in digests, and at its end an hour after the last fault', async () => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    const { report } = world.mailerOn(server.port, clock);
    const faults: Record<number, string> = { 0: '12:00:00', 5: '12:05:00', 20: '12:20:00', 70: '13:10:00' };
    const sent: Record<number, string> = {};
    for (let minute = 0; minute <= 140; minute++) {
      const at = faults[minute];
      if (at !== undefined) await insertFaults(world.db, [aFault(at)]);
      await report(nudge);
      const mail = server.mails.shift();
      if (mail) sent[minute] = mail.subject ?? '';
      await clock.moveBy({ minutes: 1 });
    }
    const cause = 'Farmacia Norte: la base de la empresa no responde';
    expect(sent).toEqual({
      0: `[Vigía] ${cause}`,
      15: `[Vigía] Sigue (1 falla nueva): ${cause}`,
      60: `[Vigía] Sigue (1 falla nueva): ${cause}`,
      130: `[Vigía] Terminó: ${cause}`,
    });
  });

  test('of one alert ends when that alert goes out', async () => {
    await using server = await aMailServer();
    const clock = clockAt('2026-03-02T12:02:00Z');
    const { report } = world.mailerOn(server.port, clock);
    await insertFaults(world.db, [aFault('12:01:00', { reason: 'sin_webhook' })]);
    await world.anExecution('000001', '12:00:00', 'ENVIADA');
    await report(nudge);
    await world.anExecution('000002', '12:02:00', 'ENVIADA');
    await world.anExecution('000001', '12:02:00', 'PARCIAL');
    await report(nudge);
    expect(server.mails).toHaveLength(1);
    await world.anExecution('000001', '12:02:00', 'ENVIADA');
    await report(nudge);
    expect(server.mails.map(({ subject }) => subject)).toEqual([
      '[Vigía] Farmacia Norte: falta el webhook',
      '[Vigía] Terminó: Farmacia Norte: falta el webhook',
    ]);
    expect(server.mails[1]?.text).toContain('Lo que fallaba volvió a funcionar.');
  });

  test('of a whole company ends when any of its alerts gets its rows', async () => {
    await using server = await aMailServer();
    const { report } = world.mailerOn(server.port, clockAt(start));
    await sql`INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod) VALUES ('000003', 'E001')`.execute(
      world.db,
    );
    await insertFaults(world.db, [aFault('12:00:00')]);
    await report(nudge);
    await world.anExecution('000003', '12:01:00', 'EN_PROCESO');
    await report(nudge);
    expect(server.mails.map(({ subject }) => subject)).toContain(
      '[Vigía] Terminó: Farmacia Norte: la base de la empresa no responde',
    );
  });

  test('that comes back within an hour of its end is not opened anew, and ends only after a quiet hour', async () => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    const { report } = world.mailerOn(server.port, clock);
    for (let turn = 0; turn < 20; turn++) {
      const minute = String(turn * 2).padStart(2, '0');
      await insertFaults(world.db, [aFault(`12:${minute}:00`, { reason: 'consulta_error' })]);
      await report(nudge);
      await world.anExecution('000001', `12:${minute}:30`, 'ENVIADA');
      await clock.moveBy({ minutes: 1 });
      await report(nudge);
      await clock.moveBy({ minutes: 1 });
    }
    await clock.moveTo('2026-03-02T13:38:00Z');
    await report(nudge);
    expect(server.mails.map(({ subject }) => subject?.replace(/ Farmacia Norte.*/, ''))).toEqual([
      '[Vigía]',
      '[Vigía] Terminó:',
      '[Vigía] Sigue (8 fallas nuevas):',
      '[Vigía] Terminó:',
    ]);
  });

  test('that comes back is mailed about a quarter of an hour later, however old it is', async () => {
    await using server = await aMailServer();
    const clock = clockAt('2026-03-02T16:00:00Z');
    const { report } = world.mailerOn(server.port, clock);
    await insertFaults(world.db, [aFault('10:00:00'), aFault('15:59:00')]);
    await report(nudge);
    await world.anExecution('000001', '16:00:00', 'ENVIADA');
    await report(nudge);
    await clock.moveTo('2026-03-02T16:10:00Z');
    await insertFaults(world.db, [aFault('16:10:00')]);
    await report(nudge);
    expect(server.mails).toHaveLength(2);
    await clock.moveBy({ minutes: 15 });
    await report(nudge);
    expect(server.mails[2]).toMatchObject({
      subject: '[Vigía] Sigue (1 falla nueva): Farmacia Norte: la base de la empresa no responde',
      text: expect.stringContaining('Desde: 02/03/2026 13:10:00.'),
    });
  });

  test('that begins more than an hour after the end of the last is a new one', async () => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    const { report } = world.mailerOn(server.port, clock);
    await insertFaults(world.db, [aFault('12:00:00')]);
    await report(nudge);
    await clock.moveBy({ hours: 1 });
    await report(nudge);
    await clock.moveBy({ hours: 1 });
    await insertFaults(world.db, [aFault('14:00:00')]);
    await report(nudge);
    const { rows } =
      await sql`SELECT ave_Fallas, ave_Avisos, ave_Reaperturas FROM CT_Scheduler_Averias ORDER BY ave_id`.execute(
        world.db,
      );
    expect(rows).toEqual([
      { ave_Fallas: 1, ave_Avisos: 2, ave_Reaperturas: 0 },
      { ave_Fallas: 1, ave_Avisos: 1, ave_Reaperturas: 0 },
    ]);
  });

  test('of a cause that this version does not know is mailed about all the same', async () => {
    await using server = await aMailServer();
    await insertFaults(world.db, [aFault('12:00:00')]);
    await sql`UPDATE CT_Scheduler_Fallas SET fal_Motivo = 'otra_cosa'`.execute(world.db);
    await world.mailerOn(server.port, clockAt(start)).report(nudge);
    expect(server.mails[0]).toMatchObject({
      subject: '[Vigía] Farmacia Norte: otra_cosa',
      text: expect.stringContaining('No responde.'),
    });
  });
});

describe('a fault that an operator discards', () => {
  const discard = (detail: string) =>
    sql`UPDATE CT_Scheduler_Fallas SET fal_Descartada = fal_Fecha WHERE fal_Detalle LIKE ${detail}`.execute(
      world.db,
    );
  const closed = async () => {
    const { rows } = await sql<{ closed: boolean }>`
      SELECT CAST(CASE WHEN ave_Cerrada IS NULL THEN 0 ELSE 1 END AS BIT) AS closed FROM CT_Scheduler_Averias`.execute(
      world.db,
    );
    return rows.map((row) => row.closed);
  };

  test('is not told, and keeps no other from being told', async () => {
    await using server = await aMailServer();
    await insertFaults(world.db, [
      aFault('12:00:00', { detail: 'Una.' }),
      aFault('12:00:00', { detail: 'Otra.' }),
    ]);
    const clock = clockAt(start);
    await world.mailerOn(0, clock, { sendMail: null }).report(nudge);
    await discard('Una.');
    await insertFaults(world.db, [aFault('12:00:00', { detail: 'Ninguna.' })]);
    await discard('Ninguna.');
    await world.mailerOn(server.port, clock).report(nudge);
    expect(server.mails.map(({ text }) => text?.match(/Fallas.*|\w+na\.|Otra\./g))).toEqual([
      ['Fallas: 2, de ellas 1 nueva.', 'Otra.'],
    ]);
  });

  test('ends its incident without a mail when nobody was told yet, and what fails next is told at once', async () => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    const { report } = world.mailerOn(server.port, clock);
    await insertFaults(world.db, [aFault('12:00:00'), aFault('12:00:01')]);
    await world.mailerOn(0, clock, { sendMail: null }).report(nudge);
    await discard('%');
    await report(nudge);
    expect([server.mails, await closed()]).toEqual([[], [true]]);
    await clock.moveBy({ minutes: 10 });
    await insertFaults(world.db, [aFault('12:10:00', { detail: 'Nueva.' })]);
    await report(nudge);
    expect(server.mails.map(({ text }) => text?.includes('Nueva.'))).toEqual([true]);
  });

  test('is no success: an incident that was told of ends after its quiet hour', async () => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    const { report } = world.mailerOn(server.port, clock);
    await insertFaults(world.db, [aFault('12:00:00', { reason: 'sin_webhook' })]);
    await report(nudge);
    await discard('%');
    await clock.moveBy({ minutes: 59 });
    await report(nudge);
    expect([server.mails.length, await closed()]).toEqual([1, [false]]);
    await clock.moveBy({ minutes: 1 });
    await report(nudge);
    expect(server.mails[1]?.text).toContain('No hubo fallas nuevas en la última hora');
    expect(await closed()).toEqual([true]);
  });
});
