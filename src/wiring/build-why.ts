import type { Kysely } from 'kysely';
import type { ControlSchema } from '../adapters/mssql/schema.ts';
import {
  readDeliveriesTo,
  readEarlierDelivery,
  readPersonsOf,
} from '../adapters/mssql/why/read-deliveries-to.ts';
import { retried } from '../adapters/mssql/retry-conflicts.ts';
import { readExecutionsOn } from '../adapters/mssql/why/read-executions-on.ts';
import { readPausesDuring } from '../adapters/mssql/why/read-pauses-during.ts';
import { readScansAround } from '../adapters/mssql/why/read-scans-around.ts';
import { readStoredAlert } from '../adapters/mssql/why/read-stored-alert.ts';
import type { Config } from '../config.ts';
import type { WhyPorts } from '../manage/why/gather-facts.ts';
import { isOurs } from '../scan/is-ours.ts';

export type WhySettings = Pick<Config['alerts'], 'only' | 'catchUpMinutes' | 'windowMinutes'>;

/** What GET why asks of the control database, and of the settings. */
export function buildWhy(
  db: Kysely<ControlSchema>,
  { only, catchUpMinutes, windowMinutes }: WhySettings,
): Omit<WhyPorts, 'clock' | 'settings' | 'lookUpRecipients'> {
  return {
    whyPolicy: { catchUpMinutes, windowMinutes },
    runsHere: (row) => isOurs(row, { only }),
    readStoredAlert: retried(readStoredAlert(db)),
    readExecutionsOn: retried(readExecutionsOn(db)),
    readScansAround: retried(readScansAround(db)),
    readPausesDuring: retried(readPausesDuring(db)),
    readPersonsOf: retried(readPersonsOf(db)),
    readDeliveriesTo: retried(readDeliveriesTo(db)),
    readEarlierDelivery: retried(readEarlierDelivery(db)),
  };
}
