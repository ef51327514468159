import type { AlertRow } from '../domain/alert.ts';
import type { ScanPolicy } from './scan-policy.ts';

/** ALERTS_ONLY leaves the others to another system. */
export function isOurs(row: AlertRow, { only }: Pick<ScanPolicy, 'only'>): boolean {
  if (only === null) return true;
  return names(only.alerts, row.code) || (row.tenant !== null && names(only.tenants, row.tenant));
}

/** As SQL Server compares codes: whatever their case, with blanks at the end. */
function names(codes: readonly string[], code: string): boolean {
  return codes.some((each) => each.toUpperCase() === code.trimEnd().toUpperCase());
}
