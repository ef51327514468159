import { inject } from 'vitest';
import { sqlConnectionOf } from '../../src/core/sql-connection.ts';

/** As `dev/sqlserver/README.md` lists them. */
type SqlFault = { count?: number } & (
  | { kind: 'drop'; statement: Statement; when: 'before' | 'after' }
  | { kind: 'fail'; statement: Statement; number: number; message?: string }
  | { kind: 'delay'; statement: Statement; milliseconds: number }
  | { kind: 'silence'; statement: Statement }
  | { kind: 'refuse-login' }
);

/** What it contains, or a regular expression. */
type Statement = string | { matches: string };

export interface SqlFaults extends AsyncDisposable {
  add(fault: SqlFault): Promise<void>;
}

/** Faults of the local SQL Server for the database of a connection string alone; `await using` ends them. */
export function sqlFaults(connection: string): SqlFaults {
  const { options } = sqlConnectionOf(connection);
  const database = options?.database ?? '';
  const url = `http://127.0.0.1:${inject('ports').sqlServerFaults}/faults`;
  return {
    async add(fault) {
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ database, ...fault }) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async [Symbol.asyncDispose]() {
      await fetch(`${url}?database=${database}`, { method: 'DELETE' });
    },
  };
}
