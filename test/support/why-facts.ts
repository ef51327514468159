import { Temporal } from 'temporal-polyfill';
import type { AlertRow } from '../../src/domain/alert.ts';
import { parseAlert } from '../../src/domain/parse-alert.ts';
import type {
  Facts,
  KnownAlert,
  KnownDelivery,
  KnownExecution,
  PersonFacts,
} from '../../src/manage/why/facts.ts';
import { daily } from './alert-rows.ts';

const settings = { timeZone: 'America/Argentina/Buenos_Aires', weekStartsOn: 'monday' } as const;

/** 2 March 2026, a Monday, at 18:00 in Buenos Aires. */
export const now = Temporal.Instant.from('2026-03-02T21:00:00Z');
/** 12:49 of that day. */
export const noon = Temporal.Instant.from('2026-03-02T15:49:00Z');

/** An alert of profile COBR, daily at 12:49 unless the row says otherwise, that nothing is known of on 2 March. */
export function factsOf(more: Partial<Facts> = {}): Facts {
  return {
    now,
    code: '000001',
    zone: settings.timeZone,
    date: Temporal.PlainDate.from('2026-03-02'),
    alert: alertOf(),
    executions: [],
    scans: {
      first: noon.subtract({ hours: 200 }),
      last: now.subtract({ seconds: 20 }),
      before: { id: 10, at: noon.subtract({ minutes: 3 }), error: null },
      covering: [{ id: 11, at: noon.subtract({ minutes: 2 }), error: null }],
    },
    pauses: [],
    person: null,
    policy: { catchUpMinutes: 30, windowMinutes: 2 },
    ...more,
  };
}

export function alertOf(more: Partial<KnownAlert> = {}, row: AlertRow = daily('12:49')): KnownAlert {
  return {
    name: 'Facturas',
    parse: parseAlert(row, settings),
    active: true,
    tenant: { code: 'E1', name: 'Empresa 1', active: true },
    person: null,
    profile: 'COBR',
    ours: true,
    pointer: noon.add({ hours: 24 }),
    firstDay: Temporal.PlainDate.from('2026-02-01'),
    ...more,
  };
}

/** Sent to three, at 12:49. */
export function executionOf(more: Partial<KnownExecution> = {}): KnownExecution {
  return {
    id: 7,
    origin: 'AGENDA',
    at: noon,
    occurrence: '2026-03-02T12:49:00-03:00',
    resends: null,
    state: 'ENVIADA',
    reason: null,
    detail: null,
    prepared: true,
    preparedAt: noon,
    heldUntil: null,
    waitsUntil: null,
    reviewAt: null,
    tally: { ENVIADO: 3 },
    lost: [],
    ...more,
  };
}

/** Juan's, accepted at the first attempt. */
export function deliveryOf(more: Partial<KnownDelivery> = {}): KnownDelivery {
  return {
    id: 70,
    executionId: 7,
    destination: '+5491155551234',
    state: 'ENVIADO',
    error: null,
    attempts: 1,
    nextAttempt: null,
    sentAt: null,
    repliedAt: null,
    attempt: { number: 1, at: noon.add({ milliseconds: 12 }), durationMs: 38, status: 200, error: null },
    twin: null,
    ...more,
  };
}

export function juan(...deliveries: KnownDelivery[]): PersonFacts {
  return {
    asked: 'Juan',
    found: [{ code: 'P001', name: 'Juan Pérez' }],
    deliveries,
    earlier: null,
    live: null,
  };
}

export function nobody(asked: string, more: Partial<PersonFacts> = {}): PersonFacts {
  return { asked, found: [], deliveries: [], earlier: null, live: null, ...more };
}
