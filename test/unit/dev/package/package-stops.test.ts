import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { functionNames } from '../../../../dev/package/require-entry-files.ts';
import { readableTemporaryFolder } from '../../../support/temporary-folder.ts';

/** A checkout of an app that is as small as one can be. */
const folder = readableTemporaryFolder('vigia-packing-');

const put = (file: string, text: string) => {
  const path = join(folder.path, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

afterAll(() => folder[Symbol.dispose]());
beforeEach(() => {
  rmSync(folder.path, { recursive: true, force: true, maxRetries: 10 });
  for (const name of functionNames) put(`functions/${name}.ts`, `export const name: string = '${name}';\n`);
  put('src/cli/vigia.ts', "console.log('vigia');\n");
  put('bin/vigia.mjs', '');
  put('host.json', '{}');
  put('package.json', '{"name": "small", "version": "1.0.0", "type": "module"}');
  put(
    'tsconfig.build.json',
    JSON.stringify({ compilerOptions: { strict: true, types: [] }, include: ['functions'] }),
  );
});

/** `npm run package` there. */
function pack(): { code: number | null; said: string; packed: boolean } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('dev/run.mjs'), 'package'], {
    cwd: folder.path,
    encoding: 'utf8',
    env: { ...process.env, VAULT_SETTINGS: '' },
  });
  return { code: status, said: stdout + stderr, packed: existsSync(join(folder.path, '.package/app')) };
}

test('an app without a fault is packed', () => {
  const { code, said } = pack();
  expect(said).toMatch(/vigia\.zip: \d+\.\d MB/);
  expect(code).toBe(0);
  expect(existsSync(join(folder.path, '.package/vigia.zip'))).toBe(true);
}, 30_000);

test.each([
  [
    'a fault that the compiler finds',
    () => put('functions/health.ts', 'export const healthy: number = "yes";\n'),
    /functions\/health\.ts.*error TS2322[^]*Nothing was packed: mend what the compiler says above\./,
  ],
  [
    'the file of a function that is missing',
    () => rmSync(join(folder.path, 'functions/dispatch-alert.ts')),
    /The app is not complete without functions\/dispatch-alert\.ts\./,
  ],
  [
    'a missing host.json',
    () => rmSync(join(folder.path, 'host.json')),
    /The app is not complete without host\.json\./,
  ],
  [
    'a place where nothing can be written',
    () => put('.package', 'a file'),
    /--out names \.package, which is no folder that can be written to \([A-Z]+\)\./,
  ],
  [
    'a local setting that no deployment would have',
    () => put('local.settings.json', '{"Values": {"SMTP_SERVERR": "smtp.example.com"}}'),
    /local\.settings\.json sets SMTP_SERVERR, which the deployment does not set/,
  ],
])(
  'packing stops at %s, and says so without a stack',
  (_what, spoil, sentence) => {
    spoil();
    const { code, said, packed } = pack();
    expect(said).toMatch(sentence);
    expect(said).not.toContain('    at ');
    expect({ code, packed }).toEqual({ code: 1, packed: false });
  },
  30_000,
);
