import { quoteText } from '../catalogue/catalogue.ts';
import { sqlError } from '../errors.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import type { Condition, TableHint } from '../parser/syntax.ts';
import { convertTo } from '../types/convert.ts';
import { ClauseScope } from './scope.ts';
import type { TableInFrom } from './translate-source.ts';
import { Translation } from './translation.ts';

/** A clause of PostgreSQL: FOR … [OF the table] SKIP LOCKED. */
export interface RowLock {
  strength: string;
  waiting: string;
}

/** Hints of readers who meet no locks at all. */
export const dirty: readonly TableHint[] = ['NOLOCK', 'READUNCOMMITTED'];
const locking = 'READCOMMITTED READCOMMITTEDLOCK REPEATABLEREAD SERIALIZABLE HOLDLOCK UPDLOCK XLOCK'.split(
  ' ',
);

/** The lock on the rows read that hints ask for. A plain reader meets no locks and takes none. */
export function lockOf(hints: readonly TableHint[]): RowLock | undefined {
  const asks = (...names: readonly TableHint[]): boolean => names.some((name) => hints.includes(name));
  if (asks(...dirty) && hints.some((hint) => locking.includes(hint))) throw sqlError(1047);
  const waiting = asks('READPAST') ? 'SKIP LOCKED' : asks('NOWAIT') ? 'NOWAIT' : '';
  if (asks('XLOCK', 'TABLOCKX')) return { strength: 'FOR UPDATE', waiting };
  if (asks('UPDLOCK')) return { strength: 'FOR NO KEY UPDATE', waiting };
  // Readers that keep their locks, and those that skip what others hold.
  const isSharing = asks('HOLDLOCK', 'SERIALIZABLE', 'REPEATABLEREAD', 'READPAST');
  return isSharing ? { strength: 'FOR SHARE', waiting } : undefined;
}

export const lockClauses = (tables: readonly TableInFrom[]): string =>
  tables
    .map(({ alias, lock, optional }) =>
      lock === undefined || optional ? '' : ` ${lock.strength} OF ${alias} ${lock.waiting}`,
    )
    .join('');

/**
 * HOLDLOCK: locks before the statement and until the transaction's end the key `column = value` that the WHERE names, so
 * that of two sessions that find no row only one goes on; the whole table where the WHERE names no value that is known
 * before the statement runs. A lock on a key shares the table's lock, so that both kinds meet.
 */
export function lockKeys(
  { table, source }: TableInFrom,
  hints: readonly TableHint[],
  where: Condition | undefined,
  { translation }: ClauseScope,
): void {
  if (!hints.some((hint) => hint === 'HOLDLOCK' || hint === 'SERIALIZABLE')) return;
  const mode = hints.some((hint) => ['UPDLOCK', 'XLOCK', 'TABLOCKX'].includes(hint)) ? '' : '_shared';
  const lock = new Translation(translation.environment);
  const key = keyParts(where, new ClauseScope(translation, [source]), new ClauseScope(lock, [])).toSorted();
  const name = quoteText(`${table.schema}.${table.name}`);
  const whole = `hashtextextended(${name}, 0)`;
  const value = `hashtextextended(concat_ws('|', ${name}, ${key.join(', ')}), 0)`;
  const locks =
    key.length === 0
      ? `pg_advisory_xact_lock${mode}(${whole})`
      : `pg_advisory_xact_lock_shared(${whole}), pg_advisory_xact_lock${mode}(${value})`;
  translation.before.push(lock.bound(`SELECT ${locks}`));
}

/** `column = value` among the conditions, where the value is known before any row is read. */
function keyParts(condition: Condition | undefined, own: ClauseScope, free: ClauseScope): string[] {
  if (condition?.kind === 'and')
    return [...keyParts(condition.left, own, free), ...keyParts(condition.right, own, free)];
  if (condition?.kind !== 'comparison' || condition.operator !== '=') return [];
  const { left, right } = condition;
  const [column, value] = left.kind === 'column' ? [left, right] : [right, left];
  const found = column.kind === 'column' ? own.lookUp(column) : undefined;
  if (found === undefined || (value.kind !== 'variable' && value.kind !== 'literal')) return [];
  const { sql } = convertTo(translateExpression(value, free), found.type, 'implicit');
  // Trailing spaces do not count in a comparison: the cast drops them.
  return [`${quoteText(found.name.toLowerCase())}, lower((${sql})::text)`];
}
