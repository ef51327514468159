import { convertTo } from '../expressions/convert.ts';
import type { Typed } from '../expressions/contract.ts';
import { translateExpression } from '../expressions/translate-expression.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Condition, Expression, QuerySpecification, TableHint } from '../parser/syntax.ts';
import { quoteText } from './catalogue.ts';
import { ClauseScope } from './scope.ts';
import type { TableInFrom, TranslatedSource } from './translate-source.ts';
import { Translation } from './translation.ts';

const exclusive: readonly TableHint[] = ['UPDLOCK', 'XLOCK', 'TABLOCKX'];
const holding: readonly TableHint[] = ['HOLDLOCK', 'SERIALIZABLE'];

/**
 * The locks that a SELECT's hints ask for. UPDLOCK becomes PostgreSQL's lock on the rows read; HOLDLOCK takes, before the
 * statement, a lock on the key that its WHERE names, so that of two sessions that find no row only one goes on.
 */
export function rowLocks(
  select: QuerySpecification,
  from: TranslatedSource,
  scope: ClauseScope,
  { isPlain }: { isPlain: boolean },
): string {
  const clauses = from.tables.flatMap((table) => {
    const { hints } = table.reference;
    if (hints.some((hint) => holding.includes(hint))) lockKey(table, hints, select.where, scope);
    const strength = strengthOf(hints);
    if (strength === undefined) return [];
    if (!isPlain)
      throw notSupported(
        `${hints.join(', ')} in a query with GROUP BY, DISTINCT or aggregates`,
        table.reference.line,
      );
    if (table.optional)
      throw notSupported(`${hints.join(', ')} on the optional side of a join`, table.reference.line);
    return [` ${strength} OF ${table.alias}${waiting(hints)}`];
  });
  return clauses.join('');
}

function strengthOf(hints: readonly TableHint[]): string | undefined {
  if (hints.includes('XLOCK') || hints.includes('TABLOCKX')) return 'FOR UPDATE';
  if (hints.includes('UPDLOCK')) return 'FOR NO KEY UPDATE';
  // READPAST alone changes nothing: a reader meets no locks here, it sees what was last committed.
  return hints.some((hint) => hint === 'REPEATABLEREAD' || holding.includes(hint)) ? 'FOR SHARE' : undefined;
}

export function waiting(hints: readonly TableHint[]): string {
  if (hints.includes('READPAST')) return ' SKIP LOCKED';
  return hints.includes('NOWAIT') ? ' NOWAIT' : '';
}

/**
 * Locks, until the transaction's end, the key `column = value` of a table; the whole table where the WHERE names no value
 * that is known before the statement runs. A lock on a key shares the table's lock, so that both kinds meet.
 */
export function lockKey(
  table: TableInFrom,
  hints: readonly TableHint[],
  where: Condition | undefined,
  scope: ClauseScope,
): void {
  const isExclusive = hints.some((hint) => exclusive.includes(hint));
  const source = scope.sources.find(({ columns }) => columns[0]?.value.sql.startsWith(`${table.alias}.`));
  if (source === undefined) return;
  const lock = new Translation(scope.translation.environment);
  const key = conjuncts(where)
    .flatMap((condition) =>
      keyPart(condition, new ClauseScope(scope.translation, [source]), new ClauseScope(lock, [])),
    )
    .toSorted();
  const tableKey = `hashtextextended('table ${table.table.id}', 0)`;
  const suffix = isExclusive ? '' : '_shared';
  if (key.length === 0) {
    scope.translation.lockBefore(lock.bound(`SELECT pg_advisory_xact_lock${suffix}(${tableKey})`));
    return;
  }
  const value = `hashtextextended(concat_ws('|', 'key ${table.table.id}', ${key.join(', ')}), 0)`;
  scope.translation.lockBefore(
    lock.bound(`SELECT pg_advisory_xact_lock_shared(${tableKey}), pg_advisory_xact_lock${suffix}(${value})`),
  );
}

function conjuncts(condition: Condition | undefined): Condition[] {
  if (condition === undefined) return [];
  return condition.kind === 'and'
    ? [...conjuncts(condition.left), ...conjuncts(condition.right)]
    : [condition];
}

function keyPart(condition: Condition, own: ClauseScope, free: ClauseScope): string[] {
  if (condition.kind !== 'comparison' || condition.operator !== '=') return [];
  const { left, right } = condition;
  const [column, value] = isColumnOf(left, own) ? [left, right] : [right, left];
  if (column.kind !== 'column' || !isColumnOf(column, own) || !isFree(value)) return [];
  const type = own.lookUp(column)?.value.type;
  if (type === undefined) return [];
  const stored = convertTo(translateExpression(value, free), type, 'implicit');
  return [`${quoteText(column.name.toLowerCase())}, lower(${storedText(stored)})`];
}

/** Trailing spaces do not count in a comparison: the cast drops them. */
const storedText = (value: Typed): string => `(${value.sql})::text`;

const isColumnOf = (expression: Expression, scope: ClauseScope): boolean =>
  expression.kind === 'column' && scope.lookUp(expression) !== undefined;

/** Whether its value is known before any row is read. */
const isFree = (expression: Expression): boolean =>
  expression.kind === 'variable' || expression.kind === 'literal';
