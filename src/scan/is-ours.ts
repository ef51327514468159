import type { AlertRow } from '../domain/alert.ts';
import { sameCode } from '../domain/same-code.ts';
import type { ScanPolicy } from './scan-policy.ts';

/** ALERTS_ONLY leaves the others to another system. */
export function isOurs(row: AlertRow, { only }: Pick<ScanPolicy, 'only'>): boolean {
  if (only === null) return true;
  return names(only.alerts, row.code) || (row.tenant !== null && names(only.tenants, row.tenant));
}

function names(codes: readonly string[], code: string): boolean {
  return codes.some((each) => sameCode(each) === sameCode(code));
}
