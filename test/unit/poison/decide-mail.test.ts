import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideMail } from '../../../src/poison/decide-mail.ts';
import { anIncident, at } from './an-incident.ts';

const minutes = (count: number) => at('12:00').add({ minutes: count });

describe('an incident', () => {
  test('is mailed at once when it begins', () => {
    const incident = anIncident({ mails: 0, oldestUnreported: at('12:00') });
    expect(decideMail(incident, at('12:00'))).toEqual({ kind: 'opening' });
  });

  test.each([
    [1, 14, 'none'],
    [1, 15, 'digest'],
    [16, 59, 'none'],
    [16, 60, 'digest'],
    [61, 239, 'none'],
    [61, 240, 'digest'],
    [241, 24 * 60 - 1, 'none'],
    [241, 24 * 60, 'digest'],
    [24 * 60 + 1, 48 * 60 - 1, 'none'],
    [24 * 60 + 1, 48 * 60, 'digest'],
    [15, 16, 'none'],
  ])('of whose faults one of minute %i is not reported gives at minute %i: %s', (fault, now, kind) => {
    const incident = anIncident({ mails: 1, oldestUnreported: minutes(fault), lastFault: minutes(now - 1) });
    expect(decideMail(incident, minutes(now)).kind).toBe(kind);
  });

  test('with a fault that an operator wants mailed gives a digest at once, unless it ends', () => {
    const asked = { asked: 'some' as const, oldestUnreported: minutes(1), lastFault: minutes(1) };
    expect(decideMail(anIncident({ mails: 1, ...asked }), minutes(2))).toEqual({ kind: 'digest' });
    expect(decideMail(anIncident({ mails: 0, ...asked }), minutes(2))).toEqual({ kind: 'opening' });
    expect(decideMail(anIncident({ mails: 1, ...asked }), minutes(61)).kind).toBe('closing');
  });

  test('of which nothing but what an operator wants mailed is to be told says so, also long after its end', () => {
    const asked = { asked: 'all' as const, mails: 1, oldestUnreported: minutes(1), lastFault: minutes(1) };
    expect(decideMail(anIncident(asked), minutes(2))).toEqual({ kind: 'asked' });
    const ended = anIncident({ ...asked, ended: true, recovered: true });
    expect(decideMail(ended, minutes(600))).toEqual({ kind: 'asked' });
  });

  test('without anything new is not mailed about', () => {
    const incident = anIncident({ mails: 1, oldestUnreported: null, lastFault: at('12:50') });
    expect(decideMail(incident, at('13:30'))).toEqual({ kind: 'none' });
  });

  test('ends an hour after its last fault', () => {
    const incident = anIncident({ mails: 1, lastFault: at('12:10') });
    expect(decideMail(incident, at('13:09:59')).kind).toBe('none');
    expect(decideMail(incident, at('13:10'))).toEqual({ kind: 'closing', because: 'quiet' });
  });

  test('ends when what failed works again', () => {
    const incident = anIncident({ mails: 1, recovered: true });
    expect(decideMail(incident, at('12:01'))).toEqual({ kind: 'closing', because: 'recovered' });
  });

  test('that came back after its end waits for the quiet hour', () => {
    const incident = anIncident({ mails: 2, recovered: true, reopened: true, lastFault: at('12:10') });
    expect(decideMail(incident, at('12:30')).kind).toBe('none');
    expect(decideMail(incident, at('13:10')).kind).toBe('closing');
  });

  test('never has more than four mails on its first day and one on each further day, however often it fails', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 300 }), (gaps) => {
        let incident = anIncident({ mails: 0, oldestUnreported: at('12:00') });
        let now = 0;
        for (const gap of gaps) {
          if (decideMail(incident, minutes(now)).kind !== 'none') {
            incident = { ...incident, mails: incident.mails + 1, oldestUnreported: null };
          }
          now += gap;
          const fault = minutes(now);
          incident = { ...incident, lastFault: fault, oldestUnreported: incident.oldestUnreported ?? fault };
        }
        expect(incident.mails).toBeLessThanOrEqual(4 + Math.floor(now / (24 * 60)));
      }),
    );
  });
});
