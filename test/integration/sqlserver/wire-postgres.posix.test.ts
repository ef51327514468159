import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPostgres } from '../../../dev/sqlserver/postgres/start-postgres.ts';
import { readableTemporaryFolder } from '../../support/temporary-folder.ts';

test('a folder of another user is refused with a sentence', async () => {
  using dataDir = readableTemporaryFolder('wire-postgres-');
  symlinkSync('/usr', join(dataDir.path, 'pgdata'));
  await expect(startPostgres(dataDir.path)).rejects.toThrow(
    `${dataDir.path} was made by another user (number 0)`,
  );
});
