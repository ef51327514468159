import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';
import { dispatchRecordsOf } from '../../../src/app.ts';
import type { DispatchPolicy } from '../../../src/dispatch/dispatch-policy.ts';
import { composeBody } from '../../../src/dispatch/message/compose-body.ts';
import { renderMessage } from '../../../src/dispatch/message/render-template.ts';
import { chooseContact } from '../../../src/dispatch/prepare/choose-contact.ts';
import { dispatchSeats } from '../../../src/dispatch/seats.ts';
import type { Fault } from '../../../src/domain/fault.ts';
import type { MovedClock } from '../../support/moved-clock.ts';

/** As the program runs in Azure, but in 256 places: 300 alerts are more than one tenant gets of them. */
export const policy: DispatchPolicy = {
  time: { timeZone: 'America/Argentina/Buenos_Aires', weekStartsOn: 'monday' },
  leaseSeconds: 60,
  prepareSeconds: 5,
  windowMinutes: 2,
  catchUpMinutes: 30,
  maxRecipients: 2000,
  retryDelaysSeconds: [30, 120, 600, 1800, 7200],
  callsAtOnce: 50,
  slots: 256,
  tenantSlots: 16,
  requireSecret: false,
};

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
