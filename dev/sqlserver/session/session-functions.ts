import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { convertTo } from '../types/convert.ts';
import type { Typed } from '../types/contract.ts';
import { fromText, textOf } from '../types/typed-sql.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { FunctionCall, SystemVariable } from '../parser/syntax.ts';
import { quoteText } from '../catalogue/catalogue.ts';
import type { SessionValueName } from './session-values.ts';
import type { Translation } from '../translation/translation.ts';

const name: SqlType = { name: 'nvarchar', length: 128 };
const int: SqlType = { name: 'int' };

const integer = (sql: string): Typed => ({ sql: `(${sql})`, type: int, nullable: true });
const named = (sql: string): Typed => fromText(sql, name, true);

/** Values that the session itself knows. */
const fromSession: Readonly<Record<string, SessionValueName>> = {
  '@@ROWCOUNT': 'rowCount',
  '@@TRANCOUNT': 'tranCount',
  '@@IDENTITY': 'identity',
  '@@SPID': 'processId',
  '@@LOCK_TIMEOUT': 'lockTimeout',
  '@@ERROR': 'lastError',
  SCOPE_IDENTITY: 'identity',
  XACT_STATE: 'transactionState',
  ORIGINAL_LOGIN: 'login',
  SUSER_SNAME: 'login',
  SUSER_NAME: 'login',
  SYSTEM_USER: 'login',
  USER_NAME: 'user',
  CURRENT_USER: 'user',
  SESSION_USER: 'user',
  USER: 'user',
  HOST_NAME: 'host',
  APP_NAME: 'application',
  ERROR_NUMBER: 'errorNumber',
  ERROR_MESSAGE: 'errorMessage',
  ERROR_SEVERITY: 'errorSeverity',
  ERROR_STATE: 'errorState',
  ERROR_LINE: 'errorLine',
};

/** Values that are the same in every session. */
const constant: Readonly<Record<string, Typed>> = {
  '@@VERSION': fromText(
    quoteText('Microsoft SQL Server 2022 (local development server)'),
    { name: 'nvarchar', length: 300 },
    false,
  ),
  '@@SERVERNAME': named(quoteText('LOCAL')),
  '@@MAX_PRECISION': { sql: '38::smallint', type: { name: 'tinyint' }, nullable: false },
  '@@DATEFIRST': { sql: '7::smallint', type: { name: 'tinyint' }, nullable: false },
  ERROR_PROCEDURE: named('NULL::text'),
};

type Answer = (asText: readonly string[], translation: Translation) => Typed;

/** Functions over the system's own tables; their arguments come as PostgreSQL `text`. */
const overCatalogue: Readonly<Record<string, Answer>> = {
  OBJECT_ID: ([object = 'NULL', kind = 'NULL']) => integer(`tsql.object_id(${object}, ${kind})`),
  OBJECT_NAME: ([id = 'NULL']) => named(`tsql.object_name((${id})::integer)`),
  OBJECT_SCHEMA_NAME: ([id = 'NULL']) => named(`tsql.object_schema_name((${id})::integer)`),
  SCHEMA_ID: ([schema = "'dbo'"]) => integer(`tsql.schema_id(${schema})`),
  SCHEMA_NAME: ([id]) => named(id === undefined ? `'dbo'` : `tsql.schema_name((${id})::integer)`),
  COL_LENGTH: ([table = 'NULL', column = 'NULL']) => ({
    ...integer(`tsql.col_length(${table}, ${column})`),
    type: { name: 'smallint' },
  }),
  COL_NAME: ([table = 'NULL', column = 'NULL']) =>
    named(`tsql.col_name((${table})::integer, (${column})::integer)`),
  COLUMNPROPERTY: ([id = 'NULL', column = 'NULL', property = 'NULL']) =>
    integer(`tsql.column_property((${id})::integer, ${column}, ${property})`),
  TYPE_NAME: ([id = 'NULL']) => named(`tsql.type_name((${id})::integer)`),
  DB_ID: ([database], translation) => integer(`tsql.db_id(${database ?? currentDatabase(translation)})`),
  DB_NAME: ([id], translation) =>
    id === undefined ? translation.sessionValue('database') : named(`tsql.db_name((${id})::integer)`),
  DATABASEPROPERTYEX: ([database = 'NULL', property = 'NULL']) =>
    named(`tsql.database_property(${database}, ${property})`),
  SERVERPROPERTY: ([property = 'NULL']) => named(`tsql.server_property(${property})`),
  HAS_DBACCESS: ([database = 'NULL']) =>
    integer(`CASE WHEN tsql.db_id(${database}) IS NULL THEN NULL ELSE 1 END`),
  HAS_PERMS_BY_NAME: ([securable = 'NULL', kind = 'NULL', permission = 'NULL'], translation) =>
    integer(
      `tsql.has_perms_by_name(${securable}, ${kind}, ${permission}, ${translation.sessionValue('isServerAdministrator').sql})`,
    ),
  IS_SRVROLEMEMBER: ([role = 'NULL'], translation) =>
    integer(
      `CASE WHEN lower(${role}) IN ('sysadmin', 'serveradmin', 'securityadmin', 'dbcreator', 'processadmin', 'diskadmin', 'setupadmin', 'bulkadmin') ` +
        `THEN ${translation.sessionValue('isServerAdministrator').sql}::int WHEN lower(${role}) = 'public' THEN 1 END`,
    ),
  IS_MEMBER: ([role = 'NULL'], translation) => memberOf(role, translation),
  IS_ROLEMEMBER: ([role = 'NULL'], translation) => memberOf(role, translation),
  MIN_ACTIVE_ROWVERSION: () => ({
    sql: 'tsql.min_active_rowversion()',
    type: { name: 'binary', length: 8 },
    nullable: false,
  }),
  '@@DBTS': () => ({
    sql: 'tsql.last_rowversion()',
    type: { name: 'varbinary', length: 8 },
    nullable: false,
  }),
};

/** What a function or variable of the session or the catalogue is worth. Throws 40510 for those nobody needs. */
export function sessionFunction(
  call: FunctionCall | SystemVariable,
  arguments_: readonly Typed[],
  translation: Translation,
): Typed {
  const fixed = constant[call.name];
  if (fixed !== undefined) return fixed;
  const session = fromSession[call.name];
  if (session !== undefined && arguments_.length === 0) return translation.sessionValue(session);
  const answer = overCatalogue[call.name];
  if (answer === undefined) throw notSupported(call.name, call.kind === 'call' ? call.line : 0);
  if (call.kind === 'call' && call.star) throw sqlError(102, ['*'], call.line);
  return answer(arguments_.map(asText), translation);
}

const currentDatabase = (translation: Translation): string => textOf(translation.sessionValue('database'));

function memberOf(role: string, translation: Translation): Typed {
  return integer(`tsql.is_member(${role}, ${translation.sessionValue('isDatabaseOwner').sql})`);
}

function asText(value: Typed): string {
  if (value.untypedNull) return 'NULL::text';
  return textOf(convertTo(value, { name: 'nvarchar', length: 4000 }, 'implicit'));
}
