// Faults and poison: a mail that cannot be sent stays in the outbox, and the function never fails for that.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { sendMail } from '../../../src/adapters/mail/send-mail.ts';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import { nudge } from '../../../src/domain/nudge.ts';
import { freePort } from '../../support/free-port.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { aHangingServer, aMailServer, type MailServerForTests } from './a-mail-server.ts';
import { aFault, mailWorld } from './mail-world.ts';

const start = '2026-03-02T12:00:00Z';
const world = mailWorld();

function subjectsOf({ mails }: MailServerForTests): readonly string[] {
  return mails.map(({ subject = '' }) => subject.replace('[Vigía] ', ''));
}

async function unreported(): Promise<number> {
  const { rows } = await sql`SELECT fal_id FROM CT_Scheduler_Fallas WHERE fal_Informada IS NULL`.execute(
    world.db,
  );
  return rows.length;
}

async function administrators(...rows: readonly { email: string | null; tenant?: string }[]): Promise<void> {
  await sql`
    DELETE FROM CT_Alertas_Admin_Emails;
    INSERT INTO CT_Alertas_Admin_Emails (adm_Email, admemp_Cod)
    SELECT email, tenant FROM OPENJSON(${JSON.stringify(rows)}) WITH (email NVARCHAR(320), tenant VARCHAR(6))`.execute(
    world.db,
  );
}

const cause = 'Farmacia Norte: la base de la empresa no responde';

describe('a mail server that', () => {
  test('is away gets the mail when it is back', async () => {
    const clock = clockAt(start);
    await insertFaults(world.db, [aFault('12:00:00')]);
    const { report, events } = world.mailerOn(await freePort(), clock);
    await report(nudge);
    expect([events(), await unreported()]).toEqual([['mail.failed'], 1]);

    await using server = await aMailServer();
    const later = world.mailerOn(server.port, clock);
    await clock.moveBy({ minutes: 4 });
    await later.report(nudge);
    expect(server.mails).toEqual([]);
    await clock.moveBy({ minutes: 1 });
    await later.report(nudge);
    expect([subjectsOf(server), await unreported()]).toEqual([[cause], 0]);
  });

  test('is away for a day gets one mail with all that happened meanwhile', async () => {
    const clock = clockAt(start);
    await insertFaults(world.db, [aFault('12:00:00', { detail: 'Primera.' })]);
    const { report } = world.mailerOn(await freePort(), clock);
    await report(nudge);
    await clock.moveTo('2026-03-02T12:30:00Z');
    await insertFaults(world.db, [aFault('12:30:00', { detail: 'Segunda.' })]);
    await report(nudge);
    await clock.moveTo('2026-03-03T12:00:00Z');
    await using server = await aMailServer();
    await world.mailerOn(server.port, clock).report(nudge);
    expect(subjectsOf(server)).toEqual([`Terminó: ${cause}`]);
    expect(server.mails[0]?.text).toMatch(/Fallas: 2\.[^]*Segunda\.[^]*Primera\./);
    expect(await unreported()).toBe(0);
  });

  test.each(['mute', 'endless'] as const)('hangs (%s) is given up on, and the mail is kept', async (how) => {
    await using hanging = await aHangingServer(how);
    const clock = clockAt(start);
    await insertFaults(world.db, [aFault('12:00:00')]);
    const settings = { server: '127.0.0.1', port: hanging.port, secure: false, login: null };
    const impatient = sendMail({ ...settings, from: 'vigia@example.com' }, 200);
    const { report, events } = world.mailerOn(0, clock, { sendMail: impatient });
    await report(nudge);
    expect([events(), await unreported()]).toEqual([['mail.failed'], 1]);

    await using server = await aMailServer();
    await clock.moveBy({ minutes: 5 });
    await world.mailerOn(server.port, clock).report(nudge);
    expect(subjectsOf(server)).toEqual([cause]);
  });

  test('offers no encryption gets no password, and the mail is kept', async () => {
    await using open = await aMailServer();
    await insertFaults(world.db, [aFault('12:00:00')]);
    const settings = { server: '127.0.0.1', port: open.port, secure: false, from: 'vigia@example.com' };
    const login = { user: 'vigia', password: 'clave-del-correo' };
    const { report, events } = world.mailerOn(0, clockAt(start), {
      sendMail: sendMail({ ...settings, login }),
    });
    await report(nudge);
    expect([events(), await unreported()]).toEqual([['mail.failed'], 1]);
    expect([open.passwords, open.mails]).toEqual([[], []]);
  });

  test('takes a mail and breaks off before it says so gets it again, because it may not have taken it', async () => {
    const clock = clockAt(start);
    await insertFaults(world.db, [aFault('12:00:00')]);
    await using breaking = await aMailServer({ breaksAfterMail: true });
    await world.mailerOn(breaking.port, clock).report(nudge);
    await using server = await aMailServer();
    await clock.moveBy({ minutes: 5 });
    await world.mailerOn(server.port, clock).report(nudge);
    expect([subjectsOf(breaking), subjectsOf(server)]).toEqual([[cause], [cause]]);
  });

  test('refuses everybody keeps the mail waiting', async () => {
    await using server = await aMailServer({ refused: ['todo@example.com', 'norte@example.com'] });
    await insertFaults(world.db, [aFault('12:00:00')]);
    const { report, events } = world.mailerOn(server.port, clockAt(start));
    await report(nudge);
    expect([events(), await unreported()]).toEqual([['mail.failed'], 1]);
  });

  test('puts an address off reaches the others, and the address is not called bad', async () => {
    await using server = await aMailServer({ putOff: ['norte@example.com'] });
    await insertFaults(world.db, [aFault('12:00:00')]);
    const { report, events, log } = world.mailerOn(server.port, clockAt(start));
    await report(nudge);
    await report(nudge);
    expect(server.mails.map(({ recipients }) => recipients)).toEqual([['todo@example.com']]);
    expect(events()).toEqual(['mail.sent', 'mail.put-off']);
    expect(log.events[1]?.fields).toMatchObject({ addresses: 'norte@example.com' });
  });

  test('is not configured leaves the faults where they are, and says so once', async () => {
    const clock = clockAt(start);
    await insertFaults(world.db, [aFault('12:00:00'), aFault('12:00:01')]);
    const { report, log } = world.mailerOn(0, clock, { sendMail: null });
    await report(nudge);
    await clock.moveBy({ minutes: 1 });
    await report(nudge);
    expect(log.events).toEqual([{ event: 'mail.not-configured', fields: { faults: 2 } }]);

    await using server = await aMailServer();
    await world.mailerOn(server.port, clock).report(nudge);
    expect([subjectsOf(server), await unreported()]).toEqual([[cause], 0]);
  });
});

describe('an address of an administrator', () => {
  test.each([
    ['that the server refuses', 'nadie@example.com', 'la rechaza el servidor de correo'],
    ['that is none', 'sin arroba', 'no es una dirección de correo'],
    ['that is two', 'a@example.com, b@example.com', 'no es una dirección de correo'],
    ['that would begin a command', 'a@example.com>\r\nDATA', 'no es una dirección de correo'],
  ])('%s is told once to those who do get mails, however many mails follow', async (_what, email, why) => {
    await administrators({ email: 'todo@example.com' }, { email });
    await using server = await aMailServer({ refused: ['nadie@example.com'] });
    const clock = clockAt(start);
    const { report, log } = world.mailerOn(server.port, clock);
    await insertFaults(world.db, [aFault('12:00:00')]);
    for (let minutes = 0; minutes <= 120; minutes += 10) {
      await report(nudge);
      await clock.moveBy({ minutes: 10 });
    }
    expect(subjectsOf(server)).toEqual([
      cause,
      'un administrador no recibe correos',
      `Terminó: ${cause}`,
      'Terminó: un administrador no recibe correos',
    ]);
    expect(new Set(server.mails.flatMap(({ recipients }) => recipients))).toEqual(
      new Set(['todo@example.com']),
    );
    const shown = email.replaceAll(/[\r\n]+/g, ' ');
    expect(server.mails[1]?.text).toContain(`adm_Email «${shown}» de CT_Alertas_Admin_Emails: ${why}.`);
    expect(log.events.filter(({ event }) => event === 'mail.refused')).toHaveLength(1);
  });

  test('of one company is told to that company, and again after a month', async () => {
    await administrators(
      { email: 'norte@example.com', tenant: 'E001' },
      { email: 'sur@example.com', tenant: 'E002' },
      { email: 'malo', tenant: 'E001' },
    );
    await using server = await aMailServer();
    const clock = clockAt(start);
    const { report } = world.mailerOn(server.port, clock);
    await insertFaults(world.db, [aFault('12:00:00')]);
    await report(nudge);
    await report(nudge);
    await clock.moveTo('2026-03-31T12:00:00Z');
    await report(nudge);
    await clock.moveTo('2026-04-02T12:00:00Z');
    const again = { detail: 'Otra vez.', at: clock.now() };
    await insertFaults(world.db, [aFault('12:00:00', again)]);
    await report(nudge);
    await report(nudge);
    const about = server.mails.filter(({ text }) => text?.includes('adm_Email «malo»'));
    expect(about.map(({ recipients }) => recipients)).toEqual([['norte@example.com'], ['norte@example.com']]);
  });

  test('that stands there twice gets one copy', async () => {
    await administrators(
      { email: 'Todo@example.com' },
      { email: ' todo@example.com ', tenant: 'E001' },
      { email: null },
    );
    await using server = await aMailServer();
    await insertFaults(world.db, [aFault('12:00:00')]);
    await world.mailerOn(server.port, clockAt(start)).report(nudge);
    expect(server.mails.map(({ recipients }) => recipients)).toEqual([['Todo@example.com']]);
  });
});

test('faults that concern no administrator wait for one', async () => {
  await administrators({ email: 'sur@example.com', tenant: 'E002' });
  await using server = await aMailServer();
  const clock = clockAt(start);
  await insertFaults(world.db, [aFault('12:00:00')]);
  const { report, events } = world.mailerOn(server.port, clock);
  await report(nudge);
  expect([server.mails, events(), await unreported()]).toEqual([[], ['mail.no-administrators'], 1]);
  await administrators({ email: 'norte@example.com', tenant: 'E001' });
  await clock.moveBy({ minutes: 5 });
  await report(nudge);
  expect([subjectsOf(server), await unreported()]).toEqual([[cause], 0]);
});
