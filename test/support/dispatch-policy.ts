import type { DispatchPolicy } from '../../src/dispatch/dispatch-policy.ts';

/** The defaults of the configuration, as the program runs with them, but in 256 places. */
export const dispatchPolicy: DispatchPolicy = {
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
