import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { functionNames, requireEntryFiles } from '../../../../dev/package/require-entry-files.ts';
import { readableTemporaryFolder } from '../../../support/temporary-folder.ts';

test('the app is every file of functions/', () => {
  const files = readdirSync('functions').map((file) => file.replace(/\.ts$/, ''));
  expect([...functionNames].sort()).toEqual(files.sort());
});

test('each missing file is named', () => {
  using folder = readableTemporaryFolder('vigia-functions-');
  mkdirSync(folder.path, { recursive: true });
  for (const name of functionNames) {
    if (name !== 'dispatch-alert' && name !== 'health') writeFileSync(join(folder.path, `${name}.ts`), '');
  }
  expect(() => requireEntryFiles(folder.path)).toThrow(
    `The app is not complete without ${folder.path}/dispatch-alert.ts, ${folder.path}/health.ts.`,
  );
});
