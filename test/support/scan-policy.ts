import type { ScanPolicy } from '../../src/scan/scan-policy.ts';

/** The defaults of the configuration. */
export const scanPolicy: ScanPolicy = {
  timeZone: 'America/Argentina/Buenos_Aires',
  weekStartsOn: 'monday',
  windowMinutes: 2,
  catchUpMinutes: 30,
  missedDays: 7,
  prepareSeconds: 5,
  leaseSeconds: 60,
  only: null,
  retentionDays: 400,
  timeZoneData: 'test',
};
