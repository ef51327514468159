import { describe, expect, test } from 'vitest';
import type { Temporal } from 'temporal-polyfill';
import type { Fault } from '../../../src/domain/fault.ts';
import { nudge } from '../../../src/domain/nudge.ts';
import type { Incident } from '../../../src/poison/incident.ts';
import { reportPoison, type PoisonPorts } from '../../../src/poison/report-poison.ts';
import type { Mail } from '../../../src/poison/send-mail.ts';
import { keptLog } from '../../support/kept-log.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { anIncident, aReport, at } from './an-incident.ts';

/** A mailer over stores that are arrays; what it did can be read off them. */
function aMailer(given: Partial<PoisonPorts> & { incidents?: readonly Incident[] } = {}) {
  const { incidents = [], ...ports } = given;
  const faults: Fault[] = [];
  const mails: Mail[] = [];
  const recorded: { incident: number; closes: boolean }[] = [];
  const taken: { incident: number; until: Temporal.Instant }[] = [];
  const log = keptLog();
  const clock = clockAt('2026-03-02T12:00:00Z');
  const report = reportPoison({
    clock,
    log,
    storeFault: async (fault) => void faults.push(fault),
    storeFaultOnce: async (fault) => faults.push(fault) > 0,
    gatherIncidents: async () => 0,
    readIncidents: async () => incidents,
    takeIncident: async ({ id }, _now, until) => taken.push({ incident: id, until }) > 0,
    readReport: async () => aReport(),
    sendMail: async (mail, to) => (mails.push(mail), { accepted: to.length, refused: [] }),
    recordMail: async ({ incident, closes }) => void recorded.push({ incident, closes }),
    zone: 'UTC',
    ...ports,
  });
  const events = () => log.events.map(({ event }) => event);
  return { report, clock, faults, mails, recorded, taken, events };
}

describe('a message in the poison queue', () => {
  test.each([[nudge], [{ executionId: 12 }], ['eyJleGVjdXRpb25JZCI6MTJ9'], ['{"executionId":12}']])(
    'that is ours (%j) runs the mailer and stores nothing',
    async (message) => {
      const { report, faults, mails } = aMailer({ incidents: [anIncident()] });
      await report(message);
      expect(faults).toEqual([]);
      expect(mails).toHaveLength(1);
    },
  );

  test.each([['hola'], [123], [null], [[1, 2]], [{ executionId: 'x' }], [{ id: 1 }], ['']])(
    'that is not ours (%j) becomes a fault with its body',
    async (message) => {
      const { report, faults } = aMailer();
      await report(message);
      const body = typeof message === 'string' ? message : JSON.stringify(message);
      expect(faults).toMatchObject([{ reason: 'mensaje_ajeno', body }]);
    },
  );

  test('that is not ours is handed on whole, so that a secret in it is struck out before anything is cut', async () => {
    const { report, faults } = aMailer();
    await report('x'.repeat(60_000));
    expect(faults[0]?.body).toHaveLength(60_000);
  });

  test('that is not ours is held while the control database is away, and stored when it is back', async () => {
    let away = 3;
    const stored: Fault[] = [];
    const { report, clock } = aMailer({
      storeFault: async (fault) => {
        if (away-- > 0) throw new Error('away');
        stored.push(fault);
      },
    });
    const done = report('hola');
    while (stored.length === 0) await clock.moveBy({ seconds: 10 });
    await done;
    expect(stored).toMatchObject([{ body: 'hola', at: at('12:00') }]);
  });

  test('that is not ours goes back to the host when the control database stays away', async () => {
    let attempts = 0;
    const storeFault = () => (attempts++, Promise.reject(new Error('away')));
    const { report, clock } = aMailer({ storeFault });
    const failure = expect(report('hola')).rejects.toThrow('away');
    for (let seconds = 0; seconds < 600; seconds += 10) await clock.moveBy({ seconds: 10 });
    await failure;
    expect(attempts).toBe(12);
  });

  test('ends well when the mailer fails', async () => {
    const { report, events } = aMailer({ gatherIncidents: () => Promise.reject(new Error('away')) });
    await report(nudge);
    expect(events()).toEqual(['mailer.failed']);
  });
});

describe('the mailer', () => {
  test('takes an incident for five minutes, mails it, and records the mail', async () => {
    const { report, mails, recorded, taken, events } = aMailer({ incidents: [anIncident({ id: 3 })] });
    await report(nudge);
    expect(taken).toEqual([{ incident: 3, until: at('12:05') }]);
    expect(mails).toMatchObject([{ subject: '[Vigía] Farmacia Norte: la base de la empresa no responde' }]);
    expect(recorded).toEqual([{ incident: 3, closes: false }]);
    expect(events()).toEqual(['mail.sent']);
  });

  test('mails nothing about an incident that another mailer has taken', async () => {
    const { report, mails } = aMailer({ incidents: [anIncident()], takeIncident: async () => false });
    await report(nudge);
    expect(mails).toEqual([]);
  });

  test('closes an incident with its last mail', async () => {
    const { report, recorded } = aMailer({ incidents: [anIncident({ mails: 1, recovered: true })] });
    await report(nudge);
    expect(recorded).toEqual([{ incident: 1, closes: true }]);
  });

  test('keeps an incident whose mail could not be sent, and mails the others', async () => {
    const mails: Mail[] = [];
    const { report, recorded, events } = aMailer({
      incidents: [anIncident({ id: 1 }), anIncident({ id: 2 })],
      sendMail: async (mail, to) => {
        mails.push(mail);
        if (mails.length === 1) throw new Error('550 no');
        return { accepted: to.length, refused: [] };
      },
    });
    await report(nudge);
    expect(recorded).toEqual([{ incident: 2, closes: false }]);
    expect(events()).toEqual(['mail.failed', 'mail.sent']);
  });

  test('begins no mail after two minutes, and leaves the incidents that are left to the next run', async () => {
    const mails: Mail[] = [];
    const { report, clock, taken } = aMailer({
      incidents: [1, 2, 3, 4].map((id) => anIncident({ id })),
      sendMail: async (mail, to) => {
        mails.push(mail);
        await clock.moveBy({ seconds: 61 });
        return { accepted: to.length, refused: [] };
      },
    });
    await report(nudge);
    expect(mails).toHaveLength(2);
    expect(taken).toEqual([
      { incident: 1, until: at('12:05') },
      { incident: 2, until: at('12:06:01') },
    ]);
  });

  test('keeps an incident that concerns no administrator', async () => {
    const { report, recorded, mails, events } = aMailer({
      incidents: [anIncident()],
      readReport: async () => aReport({ administrators: [] }),
    });
    await report(nudge);
    expect([recorded, mails, events()]).toEqual([[], [], ['mail.no-administrators']]);
  });

  test('without a mail server says so once for new faults, and leaves everything as it is', async () => {
    let fresh = 2;
    const { report, taken, events } = aMailer({
      incidents: [anIncident()],
      sendMail: null,
      gatherIncidents: async () => {
        const count = fresh;
        fresh = 0;
        return count;
      },
    });
    await report(nudge);
    await report(nudge);
    expect([taken, events()]).toEqual([[], ['mail.not-configured']]);
  });

  test('runs twice for a thousand nudges that come at once', async () => {
    let runs = 0;
    const { report } = aMailer({ gatherIncidents: async () => (runs++, 0) });
    await Promise.all(Array.from({ length: 1000 }, () => report(nudge)));
    expect(runs).toBe(2);
  });
});
