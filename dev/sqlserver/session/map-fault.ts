import { sqlError } from '../errors.ts';
import { faultOfExpression } from '../types/faults.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import { quoteText } from '../catalogue/catalogue.ts';
import type { PgFault, PgRow } from './flight.ts';

/** What is known of the statement that failed. */
export interface FailedStatement {
  /** INSERT, UPDATE, DELETE, SELECT, CREATE TABLE … as in messages. */
  verb: string;
  /** `database.schema.table` or `#table`. */
  target: string | undefined;
  database: string;
  processId: number;
  isSnapshot: boolean;
}

type Query = (text: string) => Promise<readonly PgRow[]>;

/** A PostgreSQL fault in SQL Server's words. Asks the system tables (`query`) for what PostgreSQL does not say itself. */
export async function mapFault(fault: PgFault, failed: FailedStatement, query: Query): Promise<SqlFault> {
  const known = faultOfExpression(fault);
  if (known !== undefined) return known;
  switch (fault.code) {
    case '23505':
      return duplicateKey(fault, query);
    case '23502':
      return nullRefused(fault, failed);
    case '23503':
      return foreignKey(fault, failed, query);
    case '23514':
      return checkViolated(fault, failed, query);
    case '40P01':
      return sqlError(1205, [failed.processId]);
    case '40001':
      return failed.isSnapshot
        ? sqlError(3960, [failed.target ?? '', failed.database])
        : sqlError(1205, [failed.processId]);
    case '55P03':
      return sqlError(1222);
    case '42501':
      return denied(fault, failed);
    case '21000':
      return sqlError(512);
    case '22P02':
      return sqlError(8114, ['nvarchar', 'numeric']);
    case '2BP01':
      return sqlError(3726, [failed.target ?? '']);
    case '42P07':
      return sqlError(2714, [/"(.+?)"/.exec(fault.message)?.[1] ?? '']);
    case '42710':
      return sqlError(2714, [/constraint "(.+?)"/.exec(fault.message)?.[1] ?? fault.constraint ?? '']);
    case '42P16':
      return sqlError(1779, [bareTable(failed.target)]);
    default:
      return sqlError(40999, [fault.code, fault.message]);
  }
}

/** PostgreSQL's one error is two in SQL Server: a constraint's, and an index's whose own name is its comment. */
async function duplicateKey(fault: PgFault, query: Query): Promise<SqlFault> {
  const schema = quoteText(fault.schema ?? 'dbo');
  const [row] = await query(`
    SELECT p.contype, coalesce(obj_description(c.oid, 'pg_class'), c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_constraint p ON p.conindid = c.oid
    WHERE n.nspname = ${schema} AND c.relname = ${quoteText(fault.constraint ?? '')}`);
  const [kind, name] = row ?? [null, fault.constraint ?? ''];
  const value = duplicateValue(fault.detail);
  const isTemporary = /^[#@]/.test(fault.table ?? '');
  const table = isTemporary ? (fault.table ?? '') : `${fault.schema ?? 'dbo'}.${fault.table ?? ''}`;
  // While an index is being built the fault carries "Key … is duplicated".
  if (fault.detail?.endsWith('is duplicated.')) return sqlError(1505, [table, String(name), value]);
  if (kind === null || kind === undefined) return sqlError(2601, [table, String(name), value]);
  return sqlError(2627, [kind === 'p' ? 'PRIMARY KEY' : 'UNIQUE KEY', String(name), table, value]);
}

function duplicateValue(detail = ''): string {
  const values = /=\((.*)\) (?:already exists|is duplicated)\.$/s.exec(detail)?.[1] ?? '';
  return `(${values.replaceAll(/(^|, )null(?=,|$)/g, '$1<NULL>')})`;
}

function nullRefused(fault: PgFault, { verb, target, database }: FailedStatement): SqlFault {
  const table = fault.schema?.startsWith('pg_temp')
    ? `tempdb.dbo.${fault.table}`
    : `${database}.${fault.schema}.${fault.table}`;
  if (verb === 'ALTER TABLE') return sqlError(4901, [fault.column ?? '', bareTable(target)]);
  return sqlError(515, [fault.column ?? '', table, verb === 'INSERT' ? 'INSERT' : 'UPDATE']);
}

async function foreignKey(
  fault: PgFault,
  { verb, database }: FailedStatement,
  query: Query,
): Promise<SqlFault> {
  const [row] = await query(`
    SELECT n.nspname, t.relname, a.attname, rn.nspname, r.relname, ra.attname, cardinality(p.conkey) = 1
    FROM pg_constraint p
    JOIN pg_class t ON t.oid = p.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_class r ON r.oid = p.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.conkey[1]
    JOIN pg_attribute ra ON ra.attrelid = r.oid AND ra.attnum = p.confkey[1]
    WHERE p.contype = 'f' AND p.conname = ${quoteText(fault.constraint ?? '')}`);
  const [schema, table, column, otherSchema, other, otherColumn, isSingle] = row ?? [];
  const isReferenced = fault.detail?.includes('is still referenced') ?? false;
  const [place, at] = isReferenced
    ? [`${schema}.${table}`, column]
    : [`${otherSchema}.${other}`, otherColumn];
  const suffix = isSingle === 't' ? `, column '${at}'` : '';
  const kind = isReferenced ? 'REFERENCE' : 'FOREIGN KEY';
  return sqlError(547, [verb, kind, fault.constraint ?? '', database, place, `${suffix}.`]);
}

async function checkViolated(
  fault: PgFault,
  { verb, database }: FailedStatement,
  query: Query,
): Promise<SqlFault> {
  const [row] = await query(`
    SELECT a.attname FROM pg_constraint p JOIN pg_attribute a ON a.attrelid = p.conrelid AND a.attnum = p.conkey[1]
    WHERE p.contype = 'c' AND cardinality(p.conkey) = 1 AND p.conname = ${quoteText(fault.constraint ?? '')}`);
  const suffix = row === undefined ? '' : `, column '${row[0]}'`;
  return sqlError(547, [
    verb,
    'CHECK',
    fault.constraint ?? '',
    database,
    `${fault.schema}.${fault.table}`,
    `${suffix}.`,
  ]);
}

function denied(fault: PgFault, { verb, target, database }: FailedStatement): SqlFault {
  if (/permission denied for (schema|database)/.test(fault.message)) return sqlError(262, [verb, database]);
  const table = /(?:table|view|relation) (\S+)$/.exec(fault.message)?.[1] ?? bareTable(target);
  const schema = target?.split('.').at(-2) ?? 'dbo';
  if (/must be owner/.test(fault.message)) return sqlError(1088, [table]);
  return sqlError(229, [verb.split(' ')[0] ?? verb, table, database, schema]);
}

const bareTable = (target: string | undefined): string => target?.split('.').at(-1) ?? '';
