import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** `cfg_Cod = ${code}`: of columns that are VARCHAR and stand in an index, or in a key. */
const bare = /\b(?:\w*(?:cfg|emp|tip|can)_Cod|sch_Clave) [=<>]+ \$\{(?!sqlVarchar\(|freesKey)[^}]*\}/g;

test('no code or key is compared with a parameter of another type, for which an index may be of no use', () => {
  const found = globSync('src/adapters/mssql/**/*.ts').flatMap((path) =>
    (readFileSync(path, 'utf8').match(bare) ?? []).map((text) => `${path}: ${text}`),
  );
  expect(found).toEqual([]);
});
