import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { scanWorld } from '../../support/scan-world.ts';
import { sqlFaults } from '../../support/sql-faults.ts';

test('an alert whose deletion is still being decided keeps no other from being claimed', async () => {
  const world = await scanWorld('2026-03-02T12:47:00-03:00');
  await world.withDailyAlerts(2, '15:00:00');
  await world.scan();
  await sql`DELETE FROM CT_Alertas_Config WHERE cfg_Cod = '000001'`.execute(world.db);
  await world.clock.moveTo('2026-03-02T14:59:00-03:00');
  await using faults = sqlFaults(world.connection);
  // As a lock that another session holds on the deleted row.
  await faults.add({ kind: 'fail', statement: 'OUTPUT deleted.agecfg_Cod', number: 1222 });
  expect(await world.scan()).toMatchObject({ claimed: 1, finished: false });
  expect(await world.pointer()).toBe('2026-03-02T18:00:00.000Z');
});
