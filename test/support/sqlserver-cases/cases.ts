import { dateCases } from './dates.ts';
import { definitionCases } from './definitions.ts';
import { formatCases } from './formats.ts';
import { openJsonCases } from './open-json.ts';
import { numberCases } from './numbers.ts';
import { queryCases } from './queries.ts';
import { sessionCases } from './sessions.ts';
import { setCases } from './sets.ts';
import type { SqlCase } from './sql-case.ts';
import { textCases } from './text.ts';
import { writeCases } from './writes.ts';

/** What SQL Server and the local one answer alike. */
export const cases: readonly SqlCase[] = [
  ...numberCases,
  ...textCases,
  ...dateCases,
  ...formatCases,
  ...queryCases,
  ...setCases,
  ...openJsonCases,
  ...writeCases,
  ...definitionCases,
  ...sessionCases,
];
