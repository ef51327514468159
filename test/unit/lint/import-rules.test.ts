import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** One violation of each rule of the layout: where it stands, what it says, which rule must speak. */
const violations: readonly (readonly [file: string, code: string, says: string])[] = [
  ['src/core/a.ts', "import { x } from '../domain/x.ts'; x();", 'core imports nothing of ours'],
  ['src/domain/a.ts', "import { x } from '../scan/x.ts'; x();", 'domain imports core and itself only'],
  [
    'src/domain/b.ts',
    "import type { X } from '../adapters/mssql/x.ts'; export type Y = X;",
    'domain imports core and itself only',
  ],
  ['src/domain/c.ts', "import { sql } from 'kysely'; sql();", 'No SDK here'],
  ['src/scan/a.ts', "import { x } from '../dispatch/x.ts'; x();", 'no other feature'],
  ['src/scan/b.ts', "import { x } from '../adapters/mssql/x.ts'; x();", 'no adapter'],
  ['src/dispatch/a.ts', "import { x } from '../config.ts'; x();", 'no config'],
  ['src/dispatch/b.ts', "import { Connection } from 'tedious'; new Connection();", 'No SDK here'],
  ['src/dispatch/c.ts', "export const load = () => import('../app.ts');", 'no config'],
  ['src/dispatch/d.ts', "export * from '../scan/x.ts';", 'no other feature'],
  ['src/dispatch/deliver/a.ts', "import { x } from '../../scan/x.ts'; x();", 'no other feature'],
  ['src/dispatch/deliver/b.ts', "import { x } from '../../app.ts'; x();", 'no config'],
  ['src/dispatch/deliver/c.ts', "import { request } from 'undici'; void request('x');", 'No SDK here'],
  [
    'src/dispatch/deliver/d.ts',
    "export const get = () => fetch('https://example.com');",
    'reached through a port',
  ],
  ['src/manage/a.ts', "import { x } from '../dispatch/x.ts'; x();", 'no other feature'],
  ['src/manage/routes/a.ts', "import { x } from '../../scan/x.ts'; x();", 'no other feature'],
  ['src/manage/b.ts', "import { sql } from 'kysely'; sql();", 'No SDK here'],
  ['src/manage/c.ts', 'export const now = () => Date.now();', 'Time is Temporal'],
  [
    'src/adapters/mssql/f.ts',
    "import { x } from '../../manage/x.ts'; x();",
    "only the types of a feature's ports",
  ],
  ['src/cli/a.ts', "import { x } from '../domain/x.ts'; x();", 'The command line knows the contracts'],
  [
    'src/cli/commands/a.ts',
    "import { x } from '../../manage/problem.ts'; x();",
    'The command line knows the contracts',
  ],
  ['src/wiring/b.ts', "import { x } from '../cli/x.ts'; x();", 'Nothing imports the tools'],
  ['src/poison/a.ts', 'export const now = () => Date.now();', 'Time is Temporal'],
  ['src/poison/b.ts', "export const get = () => fetch('https://example.com');", 'reached through a port'],
  ['src/poison/c.ts', "export const zone = () => process.env['TZ'];", 'Settings arrive as arguments'],
  [
    'src/scan/c.ts',
    "import { Temporal } from 'temporal-polyfill'; export const now = () => Temporal.Now.instant();",
    'injected clock',
  ],
  ['src/scan/d.ts', 'export const now = () => new globalThis.Date();', 'Time is Temporal'],
  [
    'src/adapters/mssql/a.ts',
    "import { x } from '../http/x.ts'; x();",
    'An adapter imports no other adapter',
  ],
  ['src/adapters/mssql/b.ts', "import { x } from '../../config.ts'; x();", 'know no settings'],
  ['src/adapters/mssql/c.ts', "import { x } from '../../app.ts'; x();", 'know no settings'],
  ['src/adapters/mssql/e.ts', "import { x } from '../../wiring/x.ts'; x();", 'know no settings'],
  ['src/scan/e.ts', "import { x } from '../wiring/x.ts'; x();", 'no config'],
  ['src/wiring/a.ts', "import { x } from '../../dev/services/x.ts'; x();", 'Nothing imports the tools'],
  [
    'src/adapters/mssql/d.ts',
    "import { x } from '../../scan/x.ts'; x();",
    "only the types of a feature's ports",
  ],
  ['src/config.ts', "import { x } from '../dev/services/x.ts'; x();", 'Nothing imports the tools'],
  ['functions/a.ts', "import { x } from '../src/scan/x.ts'; x();", 'A function connects'],
  ['functions/b.ts', "import { x } from 'kysely'; x();", 'A function connects'],
  ['dev/a.ts', 'export default function start() {}', 'default export'],
];

const allowed: readonly (readonly [file: string, code: string])[] = [
  ['src/domain/ok.ts', "import type { Clock } from '../core/clock.ts'; export type C = Clock;"],
  ['src/scan/ok.ts', "import { x } from '../domain/x.ts'; import { y } from './y.ts'; x(y);"],
  ['src/adapters/mssql/ok.ts', "import type { X } from '../../scan/x.ts'; export type Y = X;"],
  ['src/cli/ok.ts', "import { X } from '../manage/contract/x.ts'; import { y } from './y.ts'; y(X);"],
  [
    'src/cli/commands/ok.ts',
    "import { X } from '../../manage/contract/x.ts'; import { y } from '../y.ts'; y(X);",
  ],
  [
    'functions/ok.ts',
    "import { app } from '@azure/functions'; import { x } from '../src/app.ts'; app.timer(x());",
  ],
];

interface Diagnostic {
  message: string;
  help?: string;
  filename: string;
}

let diagnostics: readonly Diagnostic[] = [];
const folder = mkdtemp(join(tmpdir(), 'vigia-lint-'));

beforeAll(async () => {
  const root = await folder;
  await cp('.oxlintrc.json', join(root, '.oxlintrc.json'));
  await cp('tsconfig.json', join(root, 'tsconfig.json'));
  await symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules'), 'junction');
  await writeFile(join(root, '.gitignore'), 'node_modules\n');
  for (const [file, code] of [...violations, ...allowed]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), `${code}\n`);
  }
  diagnostics = await lint(root);
}, 60_000);

afterAll(async () => rm(await folder, { recursive: true, force: true }));

test.for(violations)('%s is refused for: %s', ([file, , says]) => {
  const found = diagnostics
    .filter((one) => nameOf(one) === file)
    .map((one) => `${one.message} ${one.help ?? ''}`);
  expect(found).toContainEqual(expect.stringContaining(says));
});

test.for(allowed)('%s is allowed', ([file]) => {
  const restricted = diagnostics.filter((one) => nameOf(one) === file && /import/.test(one.message));
  expect(restricted).toEqual([]);
});

function nameOf({ filename }: Diagnostic): string {
  return filename.replaceAll('\\', '/');
}

function lint(root: string): Promise<Diagnostic[]> {
  const oxlint = join(
    dirname(createRequire(import.meta.url).resolve('oxlint/package.json')),
    'bin',
    'oxlint',
  );
  const args = [oxlint, '--format', 'json', 'functions', 'src', 'dev'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 10_000_000 }, (_error, stdout) => {
      try {
        resolve((JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics);
      } catch (cause) {
        reject(new Error(`oxlint answered: ${stdout}`, { cause }));
      }
    });
  });
}
