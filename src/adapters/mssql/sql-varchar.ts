import { sql, type RawBuilder } from 'kysely';

/**
 * A code, key or state to compare with its column, of the column's type: the driver sends NVARCHAR, for which SQL Server
 * converts the column where its collation is an older one (SQL_…, the usual one of Azure SQL), and reads all rows, and
 * waits for whoever has one of them locked. In a query of its own it is made once and not for each row.
 */
export function sqlVarchar(text: string | null): RawBuilder<string> {
  return sql<string>`(SELECT CAST(${text} AS VARCHAR(50)))`;
}
