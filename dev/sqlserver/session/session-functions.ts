import type { SqlType } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { FunctionCall, SystemVariable } from '../parser/syntax.ts';
import type { Translation } from '../translation/translation.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { textOf, typed } from '../types/typed-sql.ts';
import type { SessionValueName } from './session-values.ts';

const name: SqlType = { name: 'nvarchar', length: 128 };
const int: SqlType = { name: 'int' };
const serverRoles =
  "'sysadmin', 'serveradmin', 'securityadmin', 'dbcreator', 'processadmin', 'diskadmin', 'setupadmin', 'bulkadmin'";

/**
 * By name and number of arguments: what the session itself knows, or a type and PostgreSQL's words for it. `{0}` stands for
 * an argument as `text`, `{database}` for what the session knows; a `!` before the words says that they are never NULL.
 */
const functions: Readonly<Record<string, SessionValueName | readonly [type: SqlType, words: string]>> = {
  '@@ROWCOUNT/0': 'rowCount',
  '@@TRANCOUNT/0': 'tranCount',
  '@@IDENTITY/0': 'identity',
  '@@SPID/0': 'processId',
  '@@LOCK_TIMEOUT/0': 'lockTimeout',
  '@@ERROR/0': 'lastError',
  'SCOPE_IDENTITY/0': 'scopeIdentity',
  'XACT_STATE/0': 'transactionState',
  'ORIGINAL_LOGIN/0': 'login',
  'SUSER_SNAME/0': 'login',
  'USER_NAME/0': 'user',
  'DB_NAME/0': 'database',
  'DB_NAME/1': [name, 'tsql.db_name(({0})::integer)'],
  'DB_ID/0': [int, 'tsql.db_id({database})'],
  'DB_ID/1': [int, 'tsql.db_id({0})'],
  'SCHEMA_ID/0': [int, "tsql.schema_id('dbo')"],
  'SCHEMA_ID/1': [int, 'tsql.schema_id({0})'],
  'SCHEMA_NAME/0': [name, "'dbo'"],
  'SCHEMA_NAME/1': [name, 'tsql.schema_name(({0})::integer)'],
  'OBJECT_ID/1': [int, 'tsql.object_id({0}, NULL)'],
  'OBJECT_ID/2': [int, 'tsql.object_id({0}, {1})'],
  'COL_LENGTH/2': [{ name: 'smallint' }, 'tsql.col_length({0}, {1})'],
  'SERVERPROPERTY/1': [name, 'tsql.server_property({0})'],
  'HAS_PERMS_BY_NAME/3': [int, 'tsql.has_perms_by_name({0}, {1}, {2}, {isServerAdministrator})'],
  'IS_ROLEMEMBER/1': [int, 'tsql.is_member({0}, {isDatabaseOwner})'],
  'IS_SRVROLEMEMBER/1': [
    int,
    `CASE WHEN lower({0}) IN (${serverRoles}) THEN {isServerAdministrator}::int WHEN lower({0}) = 'public' THEN 1 END`,
  ],
  'MIN_ACTIVE_ROWVERSION/0': [{ name: 'binary', length: 8 }, '!tsql.min_active_rowversion()'],
  '@@DBTS/0': [{ name: 'varbinary', length: 8 }, '!tsql.last_rowversion()'],
  '@@DATEFIRST/0': [{ name: 'tinyint' }, '!7::smallint'],
  '@@SERVERNAME/0': [name, "'LOCAL'"],
  '@@VERSION/0': [
    { name: 'nvarchar', length: 300 },
    "!'Microsoft SQL Server 2022 (local development server)'",
  ],
};

/** What a function or variable of the session or the catalogue is worth; undefined: there is no such one. Throws 174. */
export function sessionFunction(
  call: FunctionCall | SystemVariable,
  readArguments: () => readonly Typed[],
  translation: Translation,
): Typed | undefined {
  const found = functions[`${call.name}/${call.kind === 'call' ? call.arguments.length : 0}`];
  if (found === undefined || (call.kind === 'call' && call.star)) return refuse(call);
  if (typeof found === 'string') return translation.sessionValue(found);
  const [type, words] = found;
  const arguments_ = readArguments();
  const sql = words.replaceAll(/^!|\{(\w+)\}/g, (_, place: string | undefined) => {
    if (place === undefined) return '';
    const argument = arguments_[Number(place)];
    if (argument !== undefined) return asText(argument);
    const value = translation.sessionValue(place as SessionValueName);
    return value.type.name === 'nvarchar' ? textOf(value) : value.sql;
  });
  return typed(sql, type, !words.startsWith('!'));
}

function refuse(call: FunctionCall | SystemVariable): undefined {
  const line = call.kind === 'call' ? call.line : 0;
  const wanted = [0, 1, 2, 3].filter((count) => functions[`${call.name}/${count}`] !== undefined).at(-1);
  if (wanted === undefined) return;
  const text = `The ${call.name.toLowerCase()} function requires ${wanted} argument(s).`;
  throw new SqlFault(174, 15, text, line);
}

function asText(value: Typed): string {
  if (value.untypedNull) return 'NULL::text';
  return textOf(convertTo(value, { name: 'nvarchar', length: 4000 }, 'implicit'));
}
