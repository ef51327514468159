import { inject } from 'vitest';
import type { Fault } from '../../dev/sqlserver/fault.ts';
import { sqlConnectionOf } from '../../src/core/sql-connection.ts';
import { stayLocal } from './control-database.ts';

stayLocal();

/** As `dev/sqlserver/README.md` lists them; those that know no database would strike other tests as well. */
export type SqlFault = Extract<Fault, { database?: unknown }>;

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
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ ...fault, database }) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async [Symbol.asyncDispose]() {
      await fetch(`${url}?database=${database}`, { method: 'DELETE' });
    },
  };
}
