import type { CatalogueColumn, CatalogueTable } from '../catalogue/catalogue.ts';
import { sqlError } from '../errors.ts';
import type { OutputClause, TableHint } from '../parser/syntax.ts';
import type { Typed } from '../types/contract.ts';
import { assignTo } from '../types/convert.ts';
import { dirty } from './row-locks.ts';
import type { NamedColumn, Source } from './scope.ts';
import { ClauseScope } from './scope.ts';
import { clientColumns, listText, selectList } from './translate-query.ts';
import type { Translated, Translation } from './translation.ts';

/** Throws 1065 for hints that no target has, 259 for a system view. */
export function refuseTarget(table: CatalogueTable, hints: readonly TableHint[], line: number): void {
  if (hints.some((hint) => dirty.includes(hint))) throw sqlError(1065, [], line);
  if (table.schema === 'sys' || table.schema === 'INFORMATION_SCHEMA') throw sqlError(259, [], line);
}

export function refuseTwice(columns: readonly CatalogueColumn[], line: number): void {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw sqlError(264, [twice.name], line);
}

/** The value as the column stores it. */
export function assigned(
  value: Typed,
  { name, type }: CatalogueColumn,
  table: CatalogueTable,
  translation: Translation,
): string {
  return assignTo(value, { table: translation.nameInMessages(table), column: name, type }).sql;
}

/** The columns of OUTPUT, over the rows before and after (`deleted` and `inserted`) and the other sources of FROM. */
export function outputColumns(
  output: OutputClause | undefined,
  sources: readonly Source[],
  translation: Translation,
): NamedColumn[] | undefined {
  return output && selectList(output.items, new ClauseScope(translation, sources));
}

/** The whole statement, with RETURNING for OUTPUT's columns and for the identity value that it gave. */
export function written(
  translation: Translation,
  {
    verb,
    table,
    text,
    output,
    identity,
  }: {
    verb: Translated['verb'];
    table: CatalogueTable;
    text: string;
    output: readonly NamedColumn[] | undefined;
    identity?: NamedColumn | undefined;
  },
): Translated {
  const list = [...(output ?? []), ...(identity ? [identity] : [])];
  return translation.finished(list.length === 0 ? text : `${text} RETURNING ${listText(list)}`, {
    verb,
    target: translation.nameInMessages(table),
    types: list.map(({ value }) => value.type),
    ...(output && { columns: clientColumns(output) }),
    ...(identity && { identityPlace: list.length - 1 }),
  });
}
