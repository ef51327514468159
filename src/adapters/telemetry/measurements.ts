import type { LogFields } from '../../core/logger.ts';
import type { Attributes, Measurement } from '../../core/telemetry.ts';

interface Instrument {
  kind: 'counter' | 'histogram' | 'gauge';
  /** UCUM, as OpenTelemetry writes units. */
  unit: string;
  description: string;
}

/** Every metric. docs/telemetry.md shows this table, and a test compares the two. */
export const instruments = {
  'vigia.scan.duration': { kind: 'histogram', unit: 's', description: 'How long a scan took that finished.' },
  'vigia.occurrences.due': {
    kind: 'counter',
    unit: '{occurrence}',
    description: 'Alerts that a scan found due or about to be.',
  },
  'vigia.occurrences.claimed': {
    kind: 'counter',
    unit: '{occurrence}',
    description: 'Occurrences that became executions.',
  },
  'vigia.occurrences.missed': {
    kind: 'counter',
    unit: '{occurrence}',
    description: 'Occurrences that were recorded as missed.',
  },
  'vigia.deliveries': {
    kind: 'counter',
    unit: '{delivery}',
    description: 'Attempts by what came of them: accepted, retry, rejected or failed.',
  },
  'vigia.delivery.lateness': {
    kind: 'histogram',
    unit: 's',
    description: 'From the instant of the occurrence to the first attempt of a delivery.',
  },
  'vigia.dispatch.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'How long the dispatch took that ended an execution.',
  },
  'vigia.faults.unreported': {
    kind: 'gauge',
    unit: '{fault}',
    description: 'Faults whose mail was due five minutes ago and has not gone out.',
  },
  'vigia.queue.age': {
    kind: 'gauge',
    unit: 's',
    description: 'How long the oldest execution waits that should have been opened.',
  },
} as const satisfies Record<string, Instrument>;

type InstrumentName = keyof typeof instruments;

/** What a log line tells in numbers; nothing, for most. */
export function measurementsOf(event: string, fields: LogFields): Measurement[] {
  switch (event) {
    case 'scan.finished':
      return [
        measured(
          'vigia.scan.duration',
          fields['finished'] === true ? inSeconds(fields['durationMs']) : undefined,
        ),
        measured('vigia.occurrences.due', fields['candidates']),
        measured('vigia.occurrences.claimed', fields['claimed']),
        measured('vigia.occurrences.missed', fields['missed']),
      ].flat();
    case 'delivery.accepted':
    case 'delivery.retry':
    case 'delivery.rejected': {
      const whose = attributesOf(fields);
      const outcome = outcomeOf(event, fields['state']);
      return [
        measured('vigia.deliveries', 1, { ...whose, 'vigia.outcome': outcome }),
        measured('vigia.delivery.lateness', inSeconds(fields['lateMs']), whose),
      ].flat();
    }
    case 'execution.finished':
      return measured('vigia.dispatch.duration', inSeconds(fields['ms']), {
        ...attributesOf(fields),
        'vigia.state': fields['state'],
      });
    case 'backlog.measured':
      return [
        measured('vigia.faults.unreported', fields['faultsUnreported']),
        measured('vigia.queue.age', fields['queueAgeSeconds']),
      ].flat();
    default:
      return [];
  }
}

function outcomeOf(event: string, state: LogFields[string]): string {
  if (event === 'delivery.rejected') return state === 'RECHAZADO' ? 'rejected' : 'failed';
  return event.slice('delivery.'.length);
}

function attributesOf({ tenant, channel }: LogFields): Attributes {
  return { 'vigia.tenant': tenant, 'vigia.channel': channel };
}

function measured(
  instrument: InstrumentName,
  value: LogFields[string],
  attributes: Attributes = {},
): Measurement[] {
  return typeof value === 'number' ? [{ instrument, value, attributes }] : [];
}

function inSeconds(milliseconds: LogFields[string]): number | undefined {
  return typeof milliseconds === 'number' ? milliseconds / 1000 : undefined;
}
