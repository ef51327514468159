import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import type { AlertRow } from '../../../src/domain/alert.ts';
import { fingerprintOf, settingsFingerprintOf } from '../../../src/domain/fingerprint.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import {
  refreshAgenda,
  type AgendaChange,
  type ClaimedExecution,
  type ScanState,
  type Settlement,
} from '../../../src/scan/refresh-agenda.ts';
import type { ChangedAlert } from '../../../src/scan/restart-alert.ts';
import { spanAround } from '../../../src/scan/span.ts';
import { daily } from '../../support/alert-rows.ts';
import { keptLog } from '../../support/kept-log.ts';
import { scanPolicy } from '../../support/scan-policy.ts';

const now = Temporal.Instant.from('2026-03-02T09:59:00-03:00');
const settings = settingsFingerprintOf(scanPolicy);

interface World {
  state?: Partial<ScanState>;
  alerts?: ChangedAlert[];
  held?: boolean;
  claimed?: ClaimedExecution[];
  /** Alerts that another scan changed first. */
  lost?: string[];
}

async function refresh(world: World) {
  const { state = {}, alerts = [], held = false, claimed = [], lost = [] } = world;
  const readAfter: (bigint | null)[] = [];
  const stored: { changes: readonly AgendaChange[]; settlements: readonly Settlement[] }[] = [];
  const versions: bigint[] = [];
  await refreshAgenda({
    log: keptLog(),
    policy: scanPolicy,
    readScanState: async () => ({
      lastScan: now.subtract({ minutes: 1 }),
      readUpTo: 7n,
      settings,
      endedUpTo: 9n,
      writtenUpTo: 9n,
      ...state,
    }),
    readChangedAlerts: async (which) => {
      if ('after' in which) readAfter.push(which.after);
      return { alerts, held };
    },
    readClaimed: async (codes) => claimed.filter(({ alert }) => codes.includes(alert)),
    storeAgenda: async (changes, settlements) => {
      stored.push({ changes, settlements });
      const won = changes.map(({ alert }) => alert).filter((alert) => !lost.includes(alert));
      return { stored: new Set(won), missed: [], moved: [], cancelled: [] };
    },
    storeReadUpTo: async (version) => void versions.push(version),
  })(spanAround(now, scanPolicy));
  return { readAfter, stored, versions };
}

function changed(before: AlertRow | null, after: AlertRow): ChangedAlert {
  const agenda = before && {
    fingerprint: fingerprintOf(parseAlert(before, scanPolicy)),
    pointer: Temporal.ZonedDateTime.from('2026-03-02T13:00:00[UTC]'),
    problem: null,
  };
  return { row: after, agenda };
}

test('reads nothing while nothing was written', async () => {
  const { readAfter, versions } = await refresh({ state: { readUpTo: 9n } });
  expect([readAfter, versions]).toEqual([[], []]);
});

test('reads what was written above the version of a transaction that has not ended', async () => {
  const { readAfter } = await refresh({ state: { readUpTo: 9n, writtenUpTo: 11n } });
  expect(readAfter).toEqual([9n]);
});

test('reads what was written since, and remembers the version from before the read', async () => {
  const { readAfter, stored, versions } = await refresh({ alerts: [changed(null, daily('10:00:00'))] });
  expect(readAfter).toEqual([7n]);
  expect(stored[0]?.changes).toMatchObject([{ kind: 'restart', alert: '000001' }]);
  expect(versions).toEqual([9n]);
});

test.each<[string, Partial<ScanState>]>([
  ['at the first start', { readUpTo: null, settings: null }],
  ['when the settings that time depends on have changed', { settings: 'others' }],
  ['when the settings have changed and nothing was written', { settings: 'others', readUpTo: 9n }],
  ['when the clock went back over the window', { lastScan: now.add({ minutes: 3 }), readUpTo: 9n }],
  ['when the database was restored from an older backup', { readUpTo: 12n }],
])('reads everything %s', async (_case, state) => {
  expect((await refresh({ state })).readAfter).toEqual([null]);
});

test.each<[string, World]>([
  ['another session holds a row', { held: true }],
  ['another scan changed a row first', { alerts: [changed(null, daily('10:00:00'))], lost: ['000001'] }],
])('reads the same again next time when %s', async (_case, world) => {
  expect((await refresh(world)).versions).toEqual([]);
});

test('settles the claimed executions of edited alerts together with the edit', async () => {
  const at = Temporal.Instant.from('2026-03-02T10:00:00-03:00');
  const execution = (executionId: number, alert: string): ClaimedExecution => ({
    executionId,
    alert,
    key: '2026-03-02',
    at,
  });
  const rows = ['moved', 'gone', 'same'].map((code) => daily('10:00:00', { code }));
  const [moved, gone, same] = rows;
  if (!moved || !gone || !same) throw new Error('three rows');
  const { stored } = await refresh({
    alerts: [
      changed(moved, { ...moved, sendTime: '12:00:00' }),
      changed(gone, { ...gone, active: false }),
      changed(same, { ...same, catchUpMinutes: 3 }),
    ],
    claimed: [execution(1, 'moved'), execution(2, 'gone'), execution(3, 'same')],
  });
  expect(stored).toHaveLength(1);
  expect(
    stored[0]?.settlements.map(({ execution: { executionId }, verdict }) => [executionId, verdict.kind]),
  ).toEqual([
    [1, 'move'],
    [2, 'cancel'],
  ]);
});

test('lets the rest of the process run while it goes through many alerts', async () => {
  const alert = daily('10:00:00');
  const alerts = Array.from({ length: 2_000 }, () => changed(alert, alert));
  let turns = 0;
  const turning = setInterval(() => turns++, 0);
  const { stored } = await refresh({ alerts });
  clearInterval(turning);
  expect(stored).toEqual([]);
  expect(turns).toBeGreaterThanOrEqual(3);
});
