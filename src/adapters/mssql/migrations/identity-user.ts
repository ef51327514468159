/** A managed identity of Azure, by name and client id (a GUID). */
export interface Identity {
  name: string;
  clientId: string;
}

/**
 * Makes an identity a user of the database that may read and write rows, and nothing else. The user is made from the
 * identity's own number, so that the server asks no directory: CREATE USER … FROM EXTERNAL PROVIDER would need somebody
 * with Directory Readers. One of that name with another number was an identity that is gone.
 * https://learn.microsoft.com/sql/t-sql/statements/create-user-transact-sql
 */
export function identityUserStatements({ name, clientId }: Identity): readonly string[] {
  const user = `[${name.replaceAll(']', ']]')}]`;
  const text = `N'${name.replaceAll("'", "''")}'`;
  const sid = sidOf(clientId);
  return [
    `IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = ${text} AND sid <> ${sid})\n  DROP USER ${user}`,
    `IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = ${text})\n  CREATE USER ${user} WITH SID = ${sid}, TYPE = E`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo TO ${user}`,
  ];
}

/** As SQL Server keeps a UNIQUEIDENTIFIER: the first three groups backwards. */
function sidOf(clientId: string): string {
  const groups = clientId.toUpperCase().split('-');
  const bytes = groups.map((group, index) =>
    index < 3 ? (group.match(/../g) ?? []).toReversed().join('') : group,
  );
  return `0x${bytes.join('')}`;
}
