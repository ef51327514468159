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
  const put = (file: string) => {
    mkdirSync(join(folder.path, file, '..'), { recursive: true });
    writeFileSync(join(folder.path, file), '');
  };
  for (const name of functionNames)
    if (name !== 'dispatch-alert' && name !== 'health') put(`functions/${name}.ts`);
  for (const file of ['package.json', 'bin/vigia.mjs', 'src/cli/vigia.ts']) put(file);
  expect(() => requireEntryFiles(folder.path)).toThrow(
    'The app is not complete without functions/dispatch-alert.ts, functions/health.ts, host.json.',
  );
});
