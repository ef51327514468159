import type { SqlMessage } from './contract.ts';
import { SqlFault } from './parser/sql-fault.ts';

/*
 * The errors of SQL Server that the local server gives: severity, then the text of sys.messages, in which `%1`, `%2` …
 * stand for the arguments. They are sorted by what they end while XACT_ABORT is OFF: broken constraints their statement,
 * name and syntax errors the batch, failed conversions and deadlocks the batch and its transaction.
 */

const endStatement = {
  10742: `15 The offset specified in a OFFSET clause may not be negative.`,
  127: `15 A TOP N or FETCH rowcount value may not be negative.`,
  201: `16 Procedure or function '%1' expects parameter '%2', which was not supplied.`,
  220: `16 Arithmetic overflow error for data type %1, value = %2.`,
  229: `14 The %1 permission was denied on the object '%2', database '%3', schema '%4'.`,
  266: `16 Transaction count after EXECUTE indicates a mismatching number of BEGIN and COMMIT statements. Previous count = %1, current count = %2.`,
  512: `16 Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.`,
  515: `16 Cannot insert the value NULL into column '%1', table '%2'; column does not allow nulls. %3 fails.`,
  517: `16 Adding a value to a '%1' column caused an overflow.`,
  530: `16 The statement terminated. The maximum recursion %1 has been exhausted before statement completion.`,
  535: `16 The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.`,
  544: `16 Cannot insert explicit value for identity column in table '%1' when IDENTITY_INSERT is set to OFF.`,
  547: `16 The %1 statement conflicted with the %2 constraint "%3". The conflict occurred in database "%4", table "%5"%6`,
  628: `16 Cannot issue SAVE TRANSACTION when there is no active transaction.`,
  1222: `16 Lock request time out period exceeded.`,
  1223: `16 Cannot release the application lock (Database Principal: 'public', Resource: '%2') because it is not currently held.`,
  1224: `16 An invalid application lock resource was passed to sp_getapplock: the owner is %1 and there is no transaction.`,
  1505: `16 The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for the object name '%1' and the index name '%2'. The duplicate key value is %3.`,
  1801: `16 Database '%1' already exists. Choose a different database name.`,
  1913: `16 The operation failed because an index or statistics with name '%1' already exists on table '%2'.`,
  2601: `14 Cannot insert duplicate key row in object '%1' with unique index '%2'. The duplicate key value is %3.`,
  2627: `14 Violation of %1 constraint '%2'. Cannot insert duplicate key in object '%3'. The duplicate key value is %4.`,
  2628: `16 String or binary data would be truncated in table '%1', column '%2'. Truncated value: '%3'.`,
  2812: `16 Could not find stored procedure '%1'.`,
  3621: `0 The statement has been terminated.`,
  3701: `11 Cannot %1 the %2 '%3', because it does not exist or you do not have permission.`,
  3702: `16 Cannot drop database "%1" because it is currently in use.`,
  3726: `16 Could not drop object '%1' because it is referenced by a FOREIGN KEY constraint.`,
  3902: `16 The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.`,
  3903: `16 The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.`,
  4712: `16 Cannot truncate table '%1' because it is being referenced by a FOREIGN KEY constraint.`,
  6401: `16 Cannot roll back %1. No transaction or savepoint of that name was found.`,
  8115: `16 Arithmetic overflow error converting %1 to data type %2.`,
  8134: `16 Divide by zero error encountered.`,
  8144: `16 Procedure or function %1 has too many arguments specified.`,
  8145: `16 %1 is not a parameter for procedure %2.`,
};

const endBatch = {
  1909: `16 Cannot use duplicate column names in index. Column name '%1' listed more than once.`,
  1919: `16 Column '%1' in table '%2' is of a type that is invalid for use as a key column in an index.`,
  102: `15 Incorrect syntax near '%1'.`,
  104: `15 ORDER BY items must appear in the select list if the statement contains a UNION, INTERSECT or EXCEPT operator.`,
  105: `15 Unclosed quotation mark after the character string '%1'.`,
  107: `15 The column prefix '%1' does not match with a table name or alias name used in the query.`,
  108: `15 The ORDER BY position number %1 is out of range of the number of items in the select list.`,
  109: `15 There are more columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.`,
  110: `15 There are fewer columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.`,
  116: `16 Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.`,
  120: `15 The select list for the INSERT statement contains fewer items than the insert list. The number of SELECT values must match the number of INSERT columns.`,
  121: `15 The select list for the INSERT statement contains more items than the insert list. The number of SELECT values must match the number of INSERT columns.`,
  128: `15 The name "%1" is not permitted in this context. Valid expressions are constants, constant expressions, and (in some contexts) variables. Column names are not permitted.`,
  130: `15 Cannot perform an aggregate function on an expression containing an aggregate or a subquery.`,
  134: `15 The variable name '%1' has already been declared. Variable names must be unique within a query batch or stored procedure.`,
  137: `15 Must declare the scalar variable "%1".`,
  141: `15 A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.`,
  144: `15 Cannot use an aggregate or a subquery in an expression used for the group by list of a GROUP BY clause.`,
  145: `15 ORDER BY items must appear in the select list if SELECT DISTINCT is specified.`,
  147: `15 An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a HAVING clause or a select list, and the column being aggregated is an outer reference.`,
  148: `15 Incorrect time syntax in time string '%1' used with WAITFOR.`,
  156: `15 Incorrect syntax near the keyword '%1'.`,
  164: `15 Each GROUP BY expression must contain at least one column that is not an outer reference.`,
  205: `16 All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.`,
  206: `16 Operand type clash: %1 is incompatible with %2`,
  207: `16 Invalid column name '%1'.`,
  208: `16 Invalid object name '%1'.`,
  209: `16 Ambiguous column name '%1'.`,
  213: `16 Column name or number of supplied values does not match table definition.`,
  226: `16 %1 statement not allowed within multi-statement transaction.`,
  232: `16 Arithmetic overflow error for type %1, value = %2.000000.`,
  234: `16 There is insufficient result space to convert a money value to %1.`,
  235: `16 Cannot convert a char value to money. The char value has incorrect syntax.`,
  239: `16 Duplicate common table expression name '%1' was specified.`,
  240: `16 Types don't match between the anchor and the recursive part in column "%1" of recursive query "%2".`,
  252: `16 Recursive common table expression '%1' does not contain a top-level UNION ALL operator.`,
  257: `16 Implicit conversion from data type %1 to %2 is not allowed. Use the CONVERT function to run this query.`,
  259: `16 Ad hoc updates to system catalogs are not allowed.`,
  262: `14 %1 permission denied in database '%2'.`,
  263: `16 Must specify table to select from.`,
  264: `16 The column name '%1' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause. Modify the clause to make sure that a column is updated only once. If this statement updates or inserts columns into a view, column aliasing can conceal the duplication in your code.`,
  272: `16 Cannot update a timestamp column.`,
  273: `16 Cannot insert an explicit value into a timestamp column. Use INSERT with a column list to exclude the timestamp column, or insert a DEFAULT into the timestamp column.`,
  281: `16 %1 is not a valid style number when converting from %2 to a character string.`,
  402: `16 The data types %1 and %2 are incompatible in the %3 operator.`,
  408: `16 A constant expression was encountered in the ORDER BY list, position %1.`,
  529: `16 Explicit conversion from data type %1 to %2 is not allowed.`,
  911: `16 Database '%1' does not exist. Make sure that the name is entered correctly.`,
  916: `14 The server principal "%1" is not able to access the database "%2" under the current security context.`,
  1007: `15 The number '%1' is out of the range for numeric representation (maximum precision 38).`,
  1008: `16 The SELECT item identified by the ORDER BY number %1 contains a variable as part of the expression identifying a column position. Variables are only allowed when ordering by an expression referencing a column name.`,
  1011: `16 The correlation name '%1' is specified multiple times in a FROM clause.`,
  1012: `16 The correlation name '%1' has the same exposed name as table '%1'.`,
  1013: `16 The objects "%1" and "%1" in the FROM clause have the same exposed names. Use correlation names to distinguish them.`,
  1033: `15 The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.`,
  1047: `15 Conflicting locking hints specified.`,
  1065: `15 The NOLOCK and READUNCOMMITTED lock hints are not allowed for target tables of INSERT, UPDATE, DELETE or MERGE statements.`,
  1088: `16 Cannot find the object "%1" because it does not exist or you do not have permissions.`,
  1767: `16 Foreign key '%1' references invalid table '%2'.`,
  1773: `16 Foreign key '%1' has implicit reference to object '%2' which does not have a primary key defined on it.`,
  1776: `16 There are no primary or candidate keys in the referenced table '%1' that match the referencing column list in the foreign key '%2'.`,
  1779: `16 Table '%1' already has a primary key defined on it.`,
  1781: `16 Column already has a DEFAULT bound to it.`,
  1902: `16 Cannot create more than one clustered index on table '%1'. Drop the existing clustered index '%2' before creating another.`,
  1911: `16 Column name '%1' does not exist in the target table or view.`,
  2705: `16 Column names in each table must be unique. Column name '%1' in table '%2' is specified more than once.`,
  2714: `16 There is already an object named '%1' in the database.`,
  2715: `16 Column, parameter, or variable #%1: Cannot find data type %2.`,
  2738: `16 A table can only have one timestamp column. Because table '%1' already has one, the column '%2' cannot be added.`,
  2744: `16 Multiple identity columns specified for table '%1'. Only one identity column per table is allowed.`,
  2749: `16 Identity column '%1' must be of data type int, bigint, smallint, tinyint, or decimal or numeric with a scale of 0, unencrypted, and constrained to be nonnullable.`,
  2760: `16 The specified schema name "%1" either does not exist or you do not have permission to use it.`,
  3617: `16 The statement was ended from outside.`,
  3623: `16 An invalid floating point operation occurred.`,
  3723: `16 An explicit DROP INDEX is not allowed on index '%1'. It is being used for %2 constraint enforcement.`,
  4060: `11 Cannot open database "%1" requested by the login. The login failed.`,
  4104: `16 The multi-part identifier "%1" could not be bound.`,
  4116: `16 The function 'ntile' takes only a positive int or bigint expression as its input.`,
  4108: `15 Windowed functions can only appear in the SELECT or ORDER BY clauses.`,
  4701: `16 Cannot find the object "%1" because it does not exist or you do not have permissions.`,
  4901: `16 ALTER TABLE only allows columns to be added that can contain nulls, or have a DEFAULT definition specified, or the column being added is an identity or timestamp column, or alternatively if none of the previous conditions are satisfied the table must be empty to allow addition of this column. Column '%1' cannot be added to non-empty table '%2' because it does not satisfy these conditions.`,
  4902: `16 Cannot find the object "%1" because it does not exist or you do not have permissions.`,
  5011: `14 User does not have permission to alter database '%1', the database does not exist, or the database is not in a state that allows access checks.`,
  8003: `16 The incoming request has too many parameters. The server supports a maximum of 2100 parameters. Reduce the number of parameters and resend the request.`,
  8102: `16 Cannot update identity column '%1'.`,
  8110: `16 Cannot add multiple PRIMARY KEY constraints to table '%1'.`,
  8111: `16 Cannot define PRIMARY KEY constraint on nullable column in table '%1'.`,
  8112: `16 Cannot add more than one clustered index for constraints on table '%1'.`,
  8117: `16 Operand data type %1 is invalid for %2 operator.`,
  8120: `16 Column '%1' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.`,
  8121: `16 Column '%1' is invalid in the HAVING clause because it is not contained in either an aggregate function or the GROUP BY clause.`,
  8127: `16 Column "%1" is invalid in the ORDER BY clause because it is not contained in either an aggregate function or the GROUP BY clause.`,
  8147: `16 Could not create IDENTITY attribute on nullable column '%1', table '%2'.`,
  8154: `16 The table '%1' is ambiguous.`,
  8155: `16 No column name was specified for column %1 of '%2'.`,
  8156: `16 The column '%1' was specified multiple times for '%2'.`,
  8158: `16 '%1' has more columns than were specified in the column list.`,
  8159: `16 '%1' has fewer columns than were specified in the column list.`,
  8170: `16 Insufficient result space to convert uniqueidentifier value to char.`,
  8178: `16 The parameterized query '%1' expects the parameter '%2', which was not supplied.`,
  10709: `16 The number of columns for each row in a table value constructor must be the same.`,
  10738: `15 The number of row value expressions in the INSERT statement exceeds the maximum allowed number of 1000 row values.`,
  10741: `15 A TOP can not be used in the same query or sub-query as a OFFSET.`,
  15007: `16 '%1' is not a valid login or you do not have permission.`,
  15023: `16 User, group, or role '%1' already exists in the current database.`,
  15025: `16 The server principal '%1' already exists.`,
  15048: `16 Valid values of the database compatibility level are 100, 110, 120, 130, 140, 150, or 160.`,
  15151: `16 Cannot %1 the %2 '%3', because it does not exist or you do not have permission.`,
  15247: `16 User does not have permission to perform this action.`,
  18456: `14 Login failed for user '%1'.`,
  40999: `16 The local SQL Server has no number for this fault of its engine (SQLSTATE %1): %2`,
};

const endTransaction = {
  241: `16 Conversion failed when converting date and/or time from character string.`,
  242: `16 The conversion of a %1 data type to a %2 data type resulted in an out-of-range value.`,
  244: `16 The conversion of the %1 value '%2' overflowed an %3 column. Use a larger integer column.`,
  245: `16 Conversion failed when converting the %1 value '%2' to data type %3.`,
  248: `16 The conversion of the %1 value '%2' overflowed an int column.`,
  1205: `13 Transaction (Process ID %1) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.`,
  8114: `16 Error converting data type %1 to %2.`,
  8169: `16 Conversion failed when converting from a character string to uniqueidentifier.`,
  13609: `16 JSON text is not properly formatted. Unexpected character '%1' is found at position %2.`,
};

const errors = { ...endStatement, ...endBatch, ...endTransaction };

export type SqlErrorNumber = keyof typeof errors;

/** The error with its text filled in; `line` counts from 1 within the batch, 0 = the statement's. */
export function sqlError(
  number: SqlErrorNumber,
  args: readonly (string | number)[] = [],
  line = 0,
): SqlFault {
  const [, severity, text = ''] = /^(\d+) (.*)$/s.exec(errors[number]) ?? [];
  const filled = text.replace(/%(\d)/g, (_, place: string) => String(args[Number(place) - 1] ?? ''));
  return new SqlFault(number, Number(severity), filled, line);
}

/** What a fault ends. Those that are not of this list, the parser's, end the batch; a user's own end the statement. */
export function reachOf(number: number): 'statement' | 'batch' | 'transaction' {
  if (number in endTransaction) return 'transaction';
  return number in endStatement || number >= 50_000 ? 'statement' : 'batch';
}

export function messageOf(fault: SqlFault, line: number): SqlMessage {
  const { number, severity, state, message } = fault;
  return { number, severity, state, message, line: fault.line || line };
}
