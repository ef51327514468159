import { notSupported } from '../parser/sql-fault.ts';
import type { BuiltIn } from './arguments.ts';
import { argument, asText, taking } from './arguments.ts';
import type { Typed } from '../types/contract.ts';
import { jsonSteps } from './json-path.ts';
import { fromText, quote, textOf } from '../types/typed-sql.ts';

export const jsonFunctions: Readonly<Record<string, BuiltIn>> = {
  ISJSON: taking(1, 1, (values) => ({
    sql: `tsql.is_json(${textOf(asText(argument(values, 0)))})`,
    type: { name: 'int' },
    nullable: true,
  })),
  JSON_VALUE: taking(2, 2, (values) => {
    const found = `tsql.json_value(${textOf(asText(argument(values, 0)))}, ${stepsOf(argument(values, 1))})`;
    const sql = `CASE WHEN tsql.units(${found}) <= 4000 THEN ${found} END`;
    return fromText(sql, { name: 'nvarchar', length: 4000 }, true);
  }),
  JSON_QUERY: taking(1, 2, (values) => {
    const steps = values[1] ? stepsOf(values[1]) : 'ARRAY[]::text[]';
    const sql = `tsql.json_query(${textOf(asText(argument(values, 0)))}, ${steps})`;
    return fromText(sql, { name: 'nvarchar', length: 'max' }, true);
  }),
};

function stepsOf(path: Typed): string {
  if (path.constant === undefined) throw notSupported('a JSON path that is not a literal');
  return `ARRAY[${jsonSteps(path.constant).map(quote).join(', ')}]::text[]`;
}
