import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Manifest {
  type?: string;
  exports?: { '.'?: { import?: unknown } };
}

/** In the packed app an import() of CommonJS gives everything as its default, and no names. */
test('what is loaded later by the name of its package has modules of its own', () => {
  const names = globSync('{src,functions}/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/import\('(?!\.)([^']+)'\)/g)].map(([, name = '']) => name),
  );
  expect(names).toContain('nodemailer');
  const common = names.filter((name) => {
    const manifest: Manifest = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
    return manifest.type !== 'module' && manifest.exports?.['.']?.import === undefined;
  });
  expect(common).toEqual([]);
});
