import type { DatabaseError } from 'pg';
import { quoteText } from '../catalogue/catalogue.ts';
import { sqlError } from '../errors.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { SessionContext } from './session-context.ts';

/** What is known of the statement that failed. */
export interface FailedStatement {
  /** INSERT, UPDATE, DELETE, SELECT, CREATE TABLE … as in messages. */
  verb: string;
  /** `database.schema.table` */
  target?: string | undefined;
  /** An UPDATE that may give rows the keys of each other. */
  shiftsKeys?: boolean | undefined;
}

type Answer = (
  fault: DatabaseError,
  failed: FailedStatement,
  context: SessionContext,
) => SqlFault | Promise<SqlFault>;

const victim: Answer = (_fault, _failed, { sessionId }) => sqlError(1205, [sessionId]);
const bareTable = (target = ''): string => target.split('.').at(-1) ?? '';
const quoted = (text: string, words: string): string => new RegExp(`${words}"(.+?)"`).exec(text)?.[1] ?? '';

const zero = (): SqlFault => notSupported('the character 0 in text');
const unmapped = ({ code = '', message }: DatabaseError): SqlFault => sqlError(40999, [code, message]);

/** What went out of its range, as PostgreSQL begins to say it. */
const overflowing: Readonly<Record<string, string>> = {
  smallint: 'smallint',
  integer: 'int',
  bigint: 'bigint',
  value: 'float',
};

/** The types whose numbers end there; a decimal's are nines. */
const ends: Readonly<Record<string, string>> = { 255: 'tinyint', 32767: 'smallint', 2147483647: 'int' };

/** By PostgreSQL's SQLSTATE. */
const answers: Readonly<Record<string, Answer>> = {
  '21000': () => sqlError(512),
  '22003': ({ message }) =>
    sqlError(8115, ['expression', overflowing[message.split(' ', 1)[0] ?? ''] ?? 'numeric']),
  '0A000': (fault, { verb, target }) =>
    verb === 'TRUNCATE TABLE' ? sqlError(4712, [bareTable(target)]) : unmapped(fault),
  '22014': () => sqlError(4116),
  '22021': zero,
  '22012': () => sqlError(8134),
  '2201E': () => sqlError(3623),
  '2201F': () => sqlError(3623),
  '2200H': ({ message }) => {
    const end = /\((.*)\)$/.exec(message)?.[1] ?? '';
    return sqlError(8115, ['IDENTITY', ends[end] ?? (/^-?9+$/.test(end) ? 'numeric' : 'bigint')]);
  },
  '22P02': () => sqlError(8114, ['nvarchar', 'numeric']),
  '23502': nullRefused,
  '23503': conflict,
  '23505': duplicateKey,
  '23514': conflict,
  '2BP01': (_, { target }) => sqlError(3726, [target ?? '']),
  '40001': victim,
  '40P01': victim,
  '42501': denied,
  '42710': ({ message }) => sqlError(2714, [quoted(message, 'constraint ')]),
  '42P07': ({ message }) => sqlError(2714, [quoted(message, '')]),
  '42P16': (_, { target }) => sqlError(1779, [bareTable(target)]),
  '54000': (fault) => (fault.message.includes('null character') ? zero() : unmapped(fault)),
  '55P03': () => sqlError(1222),
  TSQLE: raised,
};

/** A PostgreSQL fault in SQL Server's words. Asks the system tables for what PostgreSQL does not say itself. */
export async function mapFault(
  fault: DatabaseError,
  failed: FailedStatement,
  context: SessionContext,
): Promise<SqlFault> {
  return (answers[fault.code ?? ''] ?? unmapped)(fault, failed, context);
}

/** `number:severity:state:text`, as `tsql.raise` writes it. */
function raised({ message }: DatabaseError): SqlFault {
  const [number = 0, severity = 16, state] = message.split(':', 3).map(Number);
  return new SqlFault(number, severity, message.split(':').slice(3).join(':'), 0, state);
}

/** PostgreSQL's one error is two in SQL Server: a constraint's, and an index's whose own name is its comment. */
async function duplicateKey(
  { schema = 'dbo', table = '', constraint = '', detail = '' }: DatabaseError,
  { shiftsKeys }: FailedStatement,
  { query }: SessionContext,
): Promise<SqlFault> {
  const [row] = await query(`
    SELECT p.contype, coalesce(obj_description(c.oid, 'pg_class'), c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_constraint p ON p.conindid = c.oid AND p.contype IN ('p', 'u')
    WHERE n.nspname = ${quoteText(schema)} AND c.relname = ${quoteText(constraint)}`);
  // PostgreSQL looks at each row as it is written, SQL Server at the end of the statement.
  if (shiftsKeys) return notSupported('an UPDATE that may give rows the keys of each other');
  const kind = row?.[0] ?? undefined;
  const name = row?.[1] ?? constraint;
  const values = /=\((.*)\) (?:already exists|is duplicated)\.$/s.exec(detail)?.[1] ?? '';
  const value = `(${values.replaceAll(/(^|, )null(?=,|$)/g, '$1<NULL>')})`;
  const object = `${schema}.${table}`;
  // While an index is being built the fault carries "Key … is duplicated".
  if (detail.endsWith('is duplicated.')) return sqlError(1505, [object, name, value]);
  if (kind === undefined) return sqlError(2601, [object, name, value]);
  return sqlError(2627, [kind === 'p' ? 'PRIMARY KEY' : 'UNIQUE KEY', name, object, value]);
}

function nullRefused(
  { schema, table, column = '' }: DatabaseError,
  { verb, target }: FailedStatement,
  { database }: SessionContext,
): SqlFault {
  if (verb === 'ALTER TABLE') return sqlError(4901, [column, bareTable(target)]);
  return sqlError(515, [
    column,
    `${database.name}.${schema}.${table}`,
    verb === 'INSERT' ? 'INSERT' : 'UPDATE',
  ]);
}

/** A foreign key names the table at its other end, in either direction; a check the table that it is of. */
async function conflict(
  { constraint = '', detail = '' }: DatabaseError,
  { verb }: FailedStatement,
  { database, query }: SessionContext,
): Promise<SqlFault> {
  const [row] = await query(`
    SELECT p.contype, n.nspname || '.' || t.relname, a.attname, rn.nspname || '.' || r.relname, ra.attname,
      cardinality(p.conkey) = 1, p.conrelid = p.confrelid
    FROM pg_constraint p
    JOIN pg_class t ON t.oid = p.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.conkey[1]
    LEFT JOIN pg_class r ON r.oid = p.confrelid LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
    LEFT JOIN pg_attribute ra ON ra.attrelid = r.oid AND ra.attnum = p.confkey[1]
    WHERE p.contype IN ('c', 'f') AND p.conname = ${quoteText(constraint)}`);
  const [type, table, column, other, otherColumn, isSingle, isSame] = row ?? [];
  const isReferenced = detail.includes('is still referenced');
  const own = isSame === 't' ? 'SAME TABLE' : undefined;
  const kind =
    type === 'c'
      ? 'CHECK'
      : isReferenced
        ? `${own ?? ''} REFERENCE`.trim()
        : `FOREIGN KEY ${own ?? ''}`.trim();
  const [place, at] = kind.startsWith('FOREIGN KEY') ? [other, otherColumn] : [table, column];
  const suffix = isSingle === 't' ? `, column '${at}'.` : '.';
  return sqlError(547, [verb, kind, constraint, database.name, place ?? '', suffix]);
}

async function denied(
  { message }: DatabaseError,
  { verb, target }: FailedStatement,
  { database, query }: SessionContext,
): Promise<SqlFault> {
  if (/permission denied for (schema|database)/.test(message)) return sqlError(262, [verb, database.name]);
  const table = /(?:table|view|relation) (\S+)$/.exec(message)?.[1] ?? bareTable(target);
  if (message.includes('must be owner')) return sqlError(1088, [table]);
  if (verb === 'SELECT') {
    const [row] = await query(
      `SELECT has_table_privilege(to_regclass(${quoteText(`dbo."${table}"`)}), 'SELECT')`,
    );
    if (row?.[0] === 't') return notSupported('locking hints of a user who may only read');
  }
  const schema = target?.split('.').at(-2) ?? 'dbo';
  return sqlError(229, [verb.split(' ')[0] ?? verb, table, database.name, schema]);
}
