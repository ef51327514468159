import { readChangedAlerts } from '../../../src/adapters/mssql/read-changed-alerts.ts';
import { readClaimed } from '../../../src/adapters/mssql/read-claimed.ts';
import { readScanState, storeReadUpTo } from '../../../src/adapters/mssql/scan-state.ts';
import { storeAgenda } from '../../../src/adapters/mssql/store-agenda.ts';
import { refreshAgenda, type RefreshPorts } from '../../../src/scan/refresh-agenda.ts';
import { scanPolicy } from '../../support/scan-policy.ts';
import type { ScanWorld } from '../../support/scan-world.ts';

/** A refresh with some steps of its own. */
export function refreshOver({ db, log }: ScanWorld, own: Partial<RefreshPorts>) {
  return refreshAgenda({
    log,
    policy: scanPolicy,
    readScanState: readScanState(db),
    readChangedAlerts: readChangedAlerts(db),
    readClaimed: readClaimed(db),
    storeAgenda: storeAgenda(db, scanPolicy.leaseSeconds),
    storeReadUpTo: storeReadUpTo(db),
    ...own,
  });
}
