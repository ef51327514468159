import type { SqlType } from '../contract.ts';
import { convertTo } from '../types/convert.ts';
import type { Typed } from '../types/contract.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { fromText, textOf, typed } from '../types/typed-sql.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { OpenJson } from '../parser/syntax.ts';
import { quoteName, quoteText } from '../catalogue/catalogue.ts';
import type { ClauseScope, SourceColumn } from './scope.ts';

const anyText: SqlType = { name: 'nvarchar', length: 'max' };

/**
 * OPENJSON as a bracketed PostgreSQL query whose columns are c1, c2 …, and what they are called outside. With WITH, one
 * row per element of the array (or one for an object); a path that leads nowhere, or to an object, gives NULL (lax mode).
 */
export function translateOpenJson(
  source: OpenJson,
  alias: string,
  scope: ClauseScope,
): { sql: string; columns: readonly SourceColumn[] } {
  const json = asText(translateExpression(source.json, scope));
  const path = source.path === undefined ? 'NULL::text' : asText(translateExpression(source.path, scope));
  if (source.columns === undefined) return defaultSchema(json, path, alias);
  const fields = new Fields();
  const cells = source.columns.map((column) => {
    const steps = stepsOf(column.path ?? `$."${column.name}"`, source.line);
    if (column.asJson)
      return {
        sql: typed(`tsql.json_part(row, ${arrayOf(steps)})`, column.type, true).sql,
        type: column.type,
      };
    const text = fields.textOf(steps) ?? `tsql.json_scalar(row, ${arrayOf(steps)})`;
    const value = typed(text, anyText, true);
    return { sql: convertTo(value, column.type, 'explicit').sql, type: column.type };
  });
  const list = cells.map((cell, index) => `${cell.sql} AS c${index + 1}`).join(', ');
  const columns = source.columns.map(({ name }, index) => ({
    name,
    value: { sql: `${alias}.c${index + 1}`, type: cells[index]?.type ?? anyText, nullable: true },
    identity: false,
  }));
  // A WITH query, because PostgreSQL would read every cell anew for each row of a table that it joins this to.
  return {
    sql: `(WITH cell AS MATERIALIZED (SELECT ${list} FROM tsql.json_rows(${json}, ${path}) AS row${fields.source}) SELECT * FROM cell)`,
    columns,
  };
}

/** PostgreSQL cuts longer names. */
const longestName = 63;

/** Members that lie directly in a row: PostgreSQL takes all of them out of it at once. */
class Fields {
  readonly #names: string[] = [];

  /** The member's text; undefined for a path that leads elsewhere. */
  textOf([name, ...further]: readonly string[]): string | undefined {
    if (!name || further.length > 0 || Buffer.byteLength(name) > longestName) return undefined;
    if (!this.#names.includes(name)) this.#names.push(name);
    return `tsql.json_text(field.${quoteName(name)})`;
  }

  /** For FROM, after the rows. */
  get source(): string {
    if (this.#names.length === 0) return '';
    const members = this.#names.map((name) => `${quoteName(name)} json`).join(', ');
    return `, json_to_record(CASE json_typeof(row) WHEN 'object' THEN row ELSE '{}' END) AS field(${members})`;
  }
}

function defaultSchema(
  json: string,
  path: string,
  alias: string,
): { sql: string; columns: readonly SourceColumn[] } {
  const sql = `(SELECT ${fromText('key', anyText, false).sql} AS c1, ${fromText('value', anyText, true).sql} AS c2, type AS c3 FROM tsql.json_entries(${json}, ${path}))`;
  const column = (name: string, place: number, type: SqlType, nullable: boolean): SourceColumn => ({
    name,
    value: { sql: `${alias}.c${place}`, type, nullable },
    identity: false,
  });
  const columns = [
    column('key', 1, { name: 'nvarchar', length: 4000 }, false),
    column('value', 2, anyText, true),
    column('type', 3, { name: 'tinyint' }, false),
  ];
  return { sql, columns };
}

const asText = (value: Typed): string => textOf(convertTo(value, anyText, 'implicit'));

/** `$.a."b c"[0]` as steps. */
function stepsOf(path: string, line: number): string[] {
  const [, mode, rest] = /^\s*(lax\s+|strict\s+)?\$(.*)$/s.exec(path) ?? [];
  if (rest === undefined || mode?.startsWith('strict')) throw notSupported(`the JSON path ${path}`, line);
  const steps: string[] = [];
  const step = /\.(?:"((?:[^"\\]|\\.)*)"|([\p{L}_$][\p{L}\p{N}_$]*))|\[(\d+)\]/uy;
  while (step.lastIndex < rest.length) {
    const match = step.exec(rest);
    if (match === null) throw notSupported(`the JSON path ${path}`, line);
    steps.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return steps;
}

function arrayOf(steps: readonly string[]): string {
  return `ARRAY[${steps.map((part) => quoteText(part)).join(',')}]::text[]`;
}
