import { describe, expect, test } from 'vitest';
import { chooseResent, tellResent, type EarlierDelivery } from '../../../src/domain/choose-resent.ts';

const nothing = { name: 'Ana', attempts: 1, error: null, acceptedIn: null, takenIn: null };
let ids = 0;
function delivery(state: string, more: Partial<EarlierDelivery> = {}): EarlierDelivery {
  ids += 1;
  return { id: ids, person: `P${ids}`, ...nothing, state, ...more };
}
const failed = { persons: null, everyone: false };
const all = { persons: null, everyone: true };

describe('who gets an execution once more', () => {
  test.each([
    ['ERROR', 'again', 'again'],
    ['RECHAZADO', 'again', 'again'],
    ['REINTENTO', 'again', 'again'],
    ['PENDIENTE', 'again', 'again'],
    ['FALLIDO', 'anew', 'anew'],
    ['ENVIADO', 'no', 'anew'],
    ['ENTREGADO', 'no', 'anew'],
    ['LEIDO', 'no', 'anew'],
    ['RESPONDIDO', 'no', 'anew'],
    ['SIN_CONTACTO', 'no', 'no'],
    ['DUPLICADO', 'no', 'no'],
  ])('%s: of those that failed %s, of all %s', (state, ofFailed, ofAll) => {
    const place = (choice: ReturnType<typeof chooseResent>) =>
      choice.again.length > 0 ? 'again' : choice.anew.length > 0 ? 'anew' : 'no';
    const deliveries = [delivery(state)];
    expect(place(chooseResent(deliveries, failed))).toBe(ofFailed);
    expect(place(chooseResent(deliveries, all))).toBe(ofAll);
  });

  test('nobody whom a later execution reached, unless all are asked for', () => {
    const deliveries = [delivery('ERROR', { acceptedIn: 18, takenIn: 18 })];
    expect(chooseResent(deliveries, failed)).toEqual({ again: [], anew: [] });
    expect(chooseResent(deliveries, all)).toEqual({ again: [], anew: deliveries });
  });

  test('in a message of its own whom a later execution had accepted and then reported as failed', () => {
    const deliveries = [delivery('ERROR', { takenIn: 18 })];
    expect(chooseResent(deliveries, failed)).toEqual({ again: [], anew: deliveries });
    expect(tellResent(deliveries, new Set(deliveries.map(({ id }) => id)), failed).ambiguous).toEqual([]);
  });

  test('of named persons these alone, as SQL Server compares their codes', () => {
    const deliveries = ['AB', 'ac', 'ad'].map((person) => delivery('ERROR', { person }));
    const { again } = chooseResent(deliveries, { persons: ['ab ', 'AC'], everyone: false });
    expect(again.map(({ person }) => person)).toEqual(['AB', 'ac']);
  });
});

describe('what is told of a resend', () => {
  test('names who is left out and why, but nobody who was not asked for', () => {
    const deliveries = [
      delivery('ENVIADO', { person: 'A' }),
      delivery('SIN_CONTACTO', { person: 'B', acceptedIn: 9 }),
      delivery('DUPLICADO', { person: 'C' }),
      delivery('ERROR', { person: 'D', acceptedIn: 18 }),
      delivery('ENVIADO', { person: 'E' }),
    ];
    const to = { persons: ['a', 'B', 'C', 'D', 'Z'], everyone: false };
    expect(tellResent(deliveries, new Set(), to).leftOut).toEqual([
      { person: 'A', name: 'Ana', why: 'accepted', acceptedIn: null },
      { person: 'B', name: 'Ana', why: 'no_contact', acceptedIn: null },
      { person: 'C', name: 'Ana', why: 'duplicate', acceptedIn: null },
      { person: 'D', name: 'Ana', why: 'accepted', acceptedIn: 18 },
      { person: 'Z', name: null, why: 'not_a_recipient', acceptedIn: null },
    ]);
  });

  test('calls ambiguous what was posted without an answer that says so or not', () => {
    const deliveries = [
      delivery('ERROR', { attempts: 6 }),
      delivery('ERROR', { attempts: 0 }),
      delivery('RECHAZADO'),
    ];
    const chosen = new Set(deliveries.map(({ id }) => id));
    expect(tellResent(deliveries, chosen, failed).ambiguous).toEqual([deliveries[0]]);
    expect(tellResent(deliveries, new Set(), failed).ambiguous).toEqual([]);
  });
});
