import { spawnSync } from 'node:child_process';
import { relative, join } from 'node:path';
import { build } from 'esbuild';
import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { originalPlaces } from '../../../../dev/package/original-places.ts';
import { readableTemporaryFolder } from '../../../support/temporary-folder.ts';

const folder = readableTemporaryFolder('vigia-stack-');
afterAll(() => folder[Symbol.dispose]());
const source = join(folder.path, 'fails.ts');
const app = join(folder.path, 'app');

/** What a packed file says that throws on its third line. */
async function stackOfPacked(): Promise<string> {
  writeFileSync(
    source,
    "// One\nexport function fails(told: string): never {\n  throw new Error(told);\n}\nfails('x');\n",
  );
  await build({
    entryPoints: [source],
    outfile: join(app, 'chunks/chunk-AB12.js'),
    bundle: true,
    sourcemap: true,
    sourcesContent: false,
    minifyWhitespace: true,
    minifySyntax: true,
    format: 'esm',
    logLevel: 'warning',
  });
  return spawnSync(process.execPath, [join(app, 'chunks/chunk-AB12.js')], { encoding: 'utf8' }).stderr;
}

test('a stack of the package shows where in the source it came about, in a line of the log too', async () => {
  const stack = await stackOfPacked();
  expect(stack).toMatch(/chunk-AB12\.js:1:\d+/);
  const place = `${relative('.', source).replaceAll('\\', '/')}:3:9`;
  for (const text of [stack, JSON.stringify({ event: 'scan.step_failed', error: { stack } })]) {
    const read = originalPlaces(text, app);
    expect(read.text).toContain(`at fails (${place})`);
    expect(read.text).not.toMatch(/chunk-AB12\.js:1:\d+\)/);
    expect(read.unknown).toEqual([]);
  }
});

test('what is not of this package stays as it is, and is named', () => {
  const stack =
    '    at run (file:///home/site/wwwroot/chunks/chunk-OTHER.js:1:20)\n    at node:internal/x:1:2\n';
  expect(originalPlaces(stack, app)).toEqual({ text: stack, unknown: ['chunks/chunk-OTHER.js'] });
});
