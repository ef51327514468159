import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';
import { dispatchRecordsOf } from '../../../src/wiring/build-dispatch.ts';
import { composeBody } from '../../../src/dispatch/message/compose-body.ts';
import { renderMessage } from '../../../src/dispatch/message/render-template.ts';
import { chooseContact } from '../../../src/dispatch/prepare/choose-contact.ts';
import { dispatchSeats } from '../../../src/dispatch/seats.ts';
import type { Fault } from '../../../src/domain/fault.ts';
import { dispatchPolicy } from '../../support/dispatch-policy.ts';
import type { MovedClock } from '../../support/moved-clock.ts';

/** 300 alerts are more than one tenant gets of its places. */
export const policy = dispatchPolicy;

/** Everything but what a night gives itself. */
export function nightPorts(db: Kysely<ControlSchema>, clock: MovedClock) {
  const quiet = () => undefined;
  return {
    clock,
    policy,
    logger: { info: quiet, warn: quiet, error: quiet },
    seats: dispatchSeats(policy, clock),
    getSecret: quiet,
    newId: randomUUID,
    random: () => 0.5,
    ...dispatchRecordsOf(db, policy),
    storeFaults: (faults: readonly Fault[]) => insertFaults(db, faults),
    chooseContact,
    renderMessage,
    composeBody,
    nudgeReports: async () => undefined,
  };
}
