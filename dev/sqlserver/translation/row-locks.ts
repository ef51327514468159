import { convertTo } from '../types/convert.ts';
import type { Typed } from '../types/contract.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import type { Condition, Expression, TableHint } from '../parser/syntax.ts';
import { quoteText } from '../catalogue/catalogue.ts';
import { ClauseScope } from './scope.ts';
import type { TableInFrom, TranslatedSource } from './translate-source.ts';
import { Translation } from './translation.ts';

const exclusive: readonly TableHint[] = ['UPDLOCK', 'XLOCK', 'TABLOCKX'];
const holding: readonly TableHint[] = ['HOLDLOCK', 'SERIALIZABLE'];
/** Readers that look at locks: those that keep theirs, and those that skip what others hold. */
const sharing: readonly TableHint[] = [...holding, 'REPEATABLEREAD', 'READPAST'];

/** A clause of PostgreSQL: FOR … [OF the table] SKIP LOCKED. */
export interface RowLock {
  strength: string;
  waiting: string;
}

/** The lock on the rows read that hints ask for. A plain reader meets no locks and takes none. */
export function lockText(hints: readonly TableHint[]): RowLock | undefined {
  const waiting = hints.includes('READPAST') ? 'SKIP LOCKED' : hints.includes('NOWAIT') ? 'NOWAIT' : '';
  if (hints.includes('XLOCK') || hints.includes('TABLOCKX')) return { strength: 'FOR UPDATE', waiting };
  if (hints.includes('UPDLOCK')) return { strength: 'FOR NO KEY UPDATE', waiting };
  const isSharing = hints.some((hint) => sharing.includes(hint));
  return isSharing ? { strength: 'FOR SHARE', waiting } : undefined;
}

/**
 * The locks that a SELECT's hints ask for. UPDLOCK becomes PostgreSQL's lock on the rows read; HOLDLOCK takes, before the
 * statement, a lock on the key that its WHERE names, so that of two sessions that find no row only one goes on.
 */
export function rowLocks(from: TranslatedSource, where: Condition | undefined, scope: ClauseScope): string {
  for (const table of from.tables) {
    const { hints } = table.reference;
    if (hints.some((hint) => holding.includes(hint))) lockKey(table, hints, where, scope);
  }
  return lockClauses(from.tables);
}

export function lockClauses(tables: readonly TableInFrom[]): string {
  const clauses = tables.flatMap(({ alias, lock }) =>
    lock === undefined ? [] : [` ${lock.strength} OF ${alias} ${lock.waiting}`],
  );
  return clauses.join('');
}

/**
 * Locks, until the transaction's end, the key `column = value` of a table; the whole table where the WHERE names no value
 * that is known before the statement runs. A lock on a key shares the table's lock, so that both kinds meet.
 */
export function lockKey(
  table: Pick<TableInFrom, 'table' | 'alias'>,
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
