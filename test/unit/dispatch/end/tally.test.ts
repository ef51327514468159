import { expect, test } from 'vitest';
import { finalStateOf, type Tally } from '../../../../src/dispatch/end/tally.ts';

type Counts = Partial<Record<'accepted' | 'rejected' | 'failed' | 'withoutContact' | 'duplicated', number>>;

function tally(counts: Counts): Tally {
  const all = { accepted: 0, rejected: 0, failed: 0, withoutContact: 0, duplicated: 0, ...counts };
  const total = Object.values(all).reduce((sum, count) => sum + count, 0);
  return { ...all, total, open: 0, nextAttempt: null };
}

test.each<[Counts, string, string | null]>([
  [{ accepted: 3 }, 'ENVIADA', null],
  [{ accepted: 1, duplicated: 1 }, 'ENVIADA', null],
  [{ accepted: 2, withoutContact: 1 }, 'PARCIAL', 'sin_contacto'],
  [{ accepted: 2, rejected: 1 }, 'PARCIAL', 'entregas_fallidas'],
  [{ accepted: 2, failed: 1, withoutContact: 1 }, 'PARCIAL', 'entregas_fallidas'],
  [{ rejected: 2 }, 'ERROR', 'entregas_fallidas'],
  [{ failed: 1, duplicated: 1 }, 'ERROR', 'entregas_fallidas'],
  [{ failed: 1, withoutContact: 1 }, 'ERROR', 'entregas_fallidas'],
  [{ withoutContact: 2 }, 'ERROR', 'sin_contactos_utiles'],
  [{}, 'OMITIDA', 'sin_filas'],
])('deliveries %j make it %s', (counts, state, reason) => {
  expect(finalStateOf(tally(counts))).toMatchObject({ state, reason });
});

test('the detail counts for people', () => {
  const { detail } = finalStateOf(
    tally({ accepted: 1, rejected: 1, failed: 2, withoutContact: 1, duplicated: 1 }),
  );
  expect(detail).toBe(
    '1 de 6 entregas aceptadas; rechazadas: 1, con error: 2, sin contacto: 1, duplicadas: 1.',
  );
});
