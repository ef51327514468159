import type { Connection } from 'tedious';
import { z } from 'zod';
import { readRows } from './read-rows.ts';
import { TenantRefusal, type TenantFault } from './tenant-fault.ts';

export interface Inspection {
  /** It holds the product's own tables. */
  isControl: boolean;
  /** What its login may do besides reading: INSERT, UPDATE, DELETE, ALTER, CONTROL, sysadmin. */
  rights: readonly string[];
}

const rights = ['INSERT', 'UPDATE', 'DELETE', 'ALTER', 'CONTROL'] as const;

/** Rights on the whole database, and on at least one of its tables or views. Nothing is tried out. */
const statement = `SELECT
  (SELECT COUNT(*) FROM sys.tables WHERE name = 'CT_Scheduler_Estado') AS control,
  IS_SRVROLEMEMBER('sysadmin') AS sysadmin,
  ${rights.map((right) => `HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', '${right}') AS d_${right}`).join(',\n  ')},
  ${rights.map(onSomeTable).join(',\n  ')}`;

function onSomeTable(right: string): string {
  const table = "QUOTENAME(SCHEMA_NAME(t.schema_id)) + '.' + QUOTENAME(t.name)";
  return `(SELECT COUNT(*) FROM sys.objects t
    WHERE t.type IN ('U', 'V') AND HAS_PERMS_BY_NAME(${table}, 'OBJECT', '${right}') = 1) AS t_${right}`;
}

const Counts = z.record(z.string(), z.number().nullable());

const limits = { timeoutMs: 10_000, rows: 1 };

/** Looks at a tenant's database before any statement of the tenant runs there. */
export async function inspectDatabase(connection: Connection, signal: AbortSignal): Promise<Inspection> {
  const { columns, rows } = await readRows(connection, statement, [], limits, signal).catch(tooSlow);
  const [row = []] = rows;
  const counts = Counts.parse(Object.fromEntries(columns.map(({ colName }, index) => [colName, row[index]])));
  const has = (name: string) => (counts[name] ?? 0) > 0;
  return {
    isControl: has('control'),
    rights: [
      ...rights.filter((right) => has(`d_${right}`) || has(`t_${right}`)),
      ...(has('sysadmin') ? ['sysadmin'] : []),
    ],
  };
}

/** No query of the tenant's ran: a database that is slow here may be quick again. */
function tooSlow(error: unknown): never {
  if (!(error instanceof TenantRefusal)) throw error;
  const detail = 'La base de la empresa no dijo en 10 s qué puede hacer su usuario.';
  throw new TenantRefusal(
    { ...error.fault, kind: 'passing', reason: 'empresa_no_disponible', detail },
    error,
  );
}

export function isControlDatabase(): TenantRefusal {
  return refusal('empresa_es_control', 'emp_Conexion apunta a una base de control de Vigía.');
}

export function canWrite(found: readonly string[]): TenantRefusal {
  const detail = `El usuario de emp_Conexion no es de solo lectura: tiene ${found.join(', ')}.`;
  return refusal('empresa_puede_escribir', detail);
}

function refusal(reason: TenantFault['reason'], detail: string): TenantRefusal {
  return new TenantRefusal({ kind: 'final', reason, detail, connection: 'worked' });
}
