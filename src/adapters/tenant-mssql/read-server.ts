import { z } from 'zod';
import { readRows } from './read-rows.ts';
import type { Session } from './open-session.ts';

export interface ServerFacts {
  /** `16.0.1000.6` */
  version: string;
  edition: string;
  compatibilityLevel: number;
  /** Of the database. */
  collation: string | null;
}

const statement = `SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)) AS version,
  CAST(SERVERPROPERTY('Edition') AS NVARCHAR(128)) AS edition, compatibility_level, collation_name
FROM sys.databases WHERE database_id = DB_ID()`;

const limits = { timeoutMs: 10_000, rows: 1 };
const Row = z.tuple([z.string(), z.string(), z.number(), z.string().nullable()]);

export async function readServer({ connection }: Session, signal: AbortSignal): Promise<ServerFacts> {
  const { rows } = await readRows(connection, statement, [], limits, signal);
  const [version, edition, compatibilityLevel, collation] = Row.parse(rows[0]);
  return { version, edition, compatibilityLevel, collation };
}
