import { quoteText } from '../catalogue/catalogue.ts';
import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { FunctionCall, SystemVariable } from '../parser/syntax.ts';
import type { Translation } from '../translation/translation.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { textOf, typed } from '../types/typed-sql.ts';
import type { SessionValueName } from './session-values.ts';

const name: SqlType = { name: 'nvarchar', length: 128 };
const int: SqlType = { name: 'int' };

/** Values that the session itself knows. */
const values: Readonly<Record<string, SessionValueName>> = {
  '@@ROWCOUNT': 'rowCount',
  '@@TRANCOUNT': 'tranCount',
  '@@IDENTITY': 'identity',
  '@@SPID': 'processId',
  '@@LOCK_TIMEOUT': 'lockTimeout',
  '@@ERROR': 'lastError',
  SCOPE_IDENTITY: 'scopeIdentity',
  XACT_STATE: 'transactionState',
  ORIGINAL_LOGIN: 'login',
  SUSER_SNAME: 'login',
  USER_NAME: 'user',
  DB_NAME: 'database',
};

interface Answer {
  type: SqlType;
  notNull?: true;
  /** How many arguments it takes, at least and at most. */
  takes: readonly [number, number];
  /** In PostgreSQL's words; arguments and `session` values are `text` where they are no numbers. */
  sql(arguments_: readonly string[], session: (value: SessionValueName) => string): string;
}

/** What needs the system's own tables, or is the same in every session. */
const answers: Readonly<Record<string, Answer>> = {
  '@@VERSION': {
    type: { name: 'nvarchar', length: 300 },
    notNull: true,
    takes: [0, 0],
    sql: () => quoteText('Microsoft SQL Server 2022 (local development server)'),
  },
  '@@SERVERNAME': { type: name, takes: [0, 0], sql: () => quoteText('LOCAL') },
  '@@DBTS': {
    type: { name: 'varbinary', length: 8 },
    notNull: true,
    takes: [0, 0],
    sql: () => 'tsql.last_rowversion()',
  },
  MIN_ACTIVE_ROWVERSION: {
    type: { name: 'binary', length: 8 },
    notNull: true,
    takes: [0, 0],
    sql: () => 'tsql.min_active_rowversion()',
  },
  OBJECT_ID: {
    type: int,
    takes: [1, 2],
    sql: ([object, kind = 'NULL']) => `tsql.object_id(${object}, ${kind})`,
  },
  SCHEMA_ID: { type: int, takes: [0, 1], sql: ([schema = "'dbo'"]) => `tsql.schema_id(${schema})` },
  SCHEMA_NAME: {
    type: name,
    takes: [0, 1],
    sql: ([id]) => (id === undefined ? "'dbo'" : `tsql.schema_name((${id})::integer)`),
  },
  COL_LENGTH: {
    type: { name: 'smallint' },
    takes: [2, 2],
    sql: ([table, column]) => `tsql.col_length(${table}, ${column})`,
  },
  DB_ID: {
    type: int,
    takes: [0, 1],
    sql: ([database], session) => `tsql.db_id(${database ?? session('database')})`,
  },
  DB_NAME: { type: name, takes: [0, 1], sql: ([id]) => `tsql.db_name((${id})::integer)` },
  SERVERPROPERTY: { type: name, takes: [1, 1], sql: ([property]) => `tsql.server_property(${property})` },
  HAS_PERMS_BY_NAME: {
    type: int,
    takes: [3, 3],
    sql: ([securable, kind, permission], session) =>
      `tsql.has_perms_by_name(${securable}, ${kind}, ${permission}, ${session('isServerAdministrator')})`,
  },
  IS_SRVROLEMEMBER: {
    type: int,
    takes: [1, 1],
    sql: ([role], session) =>
      `CASE WHEN lower(${role}) IN ('sysadmin', 'serveradmin', 'securityadmin', 'dbcreator', 'processadmin', 'diskadmin', 'setupadmin', 'bulkadmin') ` +
      `THEN ${session('isServerAdministrator')}::int WHEN lower(${role}) = 'public' THEN 1 END`,
  },
  IS_ROLEMEMBER: {
    type: int,
    takes: [1, 1],
    sql: ([role], session) => `tsql.is_member(${role}, ${session('isDatabaseOwner')})`,
  },
};

/** What a function or variable of the session or the catalogue is worth; undefined for any other. Throws 174. */
export function sessionFunction(
  call: FunctionCall | SystemVariable,
  arguments_: readonly Typed[],
  translation: Translation,
): Typed | undefined {
  const value = values[call.name];
  if (value !== undefined && arguments_.length === 0) return translation.sessionValue(value);
  const answer = answers[call.name];
  const line = call.kind === 'call' ? call.line : 0;
  if (answer === undefined) return undefined;
  if (call.kind === 'call' && call.star) throw sqlError(102, ['*'], line);
  const [least, most] = answer.takes;
  if (arguments_.length < least || arguments_.length > most) {
    const text = `The ${call.name.toLowerCase()} function requires ${most} argument(s).`;
    throw new SqlFault(174, 15, text, line);
  }
  const session = (wanted: SessionValueName): string => {
    const found = translation.sessionValue(wanted);
    return found.type.name === 'nvarchar' ? textOf(found) : found.sql;
  };
  return typed(answer.sql(arguments_.map(asText), session), answer.type, answer.notNull !== true);
}

function asText(value: Typed): string {
  if (value.untypedNull) return 'NULL::text';
  return textOf(convertTo(value, { name: 'nvarchar', length: 4000 }, 'implicit'));
}
