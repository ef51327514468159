import type { Tenant } from '../../domain/tenant.ts';
import type { TenantAnswer } from './tenant-answer.ts';

export type ParameterValue = string | number | boolean | null;

/** A CT_Alertas_Queries row, qry_Parametros read by query-parameters.ts. */
export interface AlertQuery {
  sql: string;
  /** Names without @. */
  parameters: Readonly<Record<string, ParameterValue>>;
  timeoutSeconds: number;
  omitIfEmpty: boolean;
}

/** The parameters every query may use. */
export interface BuiltinParameters {
  empresa: string;
  alerta: string;
  /** Local date of the occurrence, `YYYY-MM-DD`; bound as DATE. */
  fecha: string;
  /** Local wall time of the occurrence, `YYYY-MM-DDTHH:mm:ss`; bound as DATETIME2(0). */
  ocurrencia: string;
  persona: string | null;
  perfil: string | null;
}

/**
 * JSON-safe: dates are ISO text (`YYYY-MM-DD`, `YYYY-MM-DDTHH:mm:ss[.fff]`, with an offset only where the column has
 * one), BIGINT is text above 2^53, binary is Base64, decimals are numbers (exact up to 15 significant digits).
 */
export type CellValue = string | number | boolean | null;
export type Row = Readonly<Record<string, CellValue>>;

export interface Column {
  name: string;
  /** Digits after the point of a DECIMAL, NUMERIC or MONEY column: a template prints 1500.5 as 1500.50. */
  scale?: number;
}

export interface QueryRows {
  columns: readonly Column[];
  rows: readonly Row[];
  /** There were more rows than the row cap. */
  truncated: boolean;
}

/** What stands for the rows of an alert without a query. */
export const noRows: QueryRows = { columns: [], rows: [], truncated: false };

/**
 * Runs a tenant's own statement, read only, in a transaction that is rolled back. A statement that is not one SELECT is
 * `final` with consulta_rechazada, one that passes its time limit (cancelled on the server) with consulta_tiempo.
 * Throws the signal's reason when it aborts.
 */
export type RunQuery = (
  tenant: Tenant,
  query: AlertQuery,
  builtin: BuiltinParameters,
  signal: AbortSignal,
) => Promise<TenantAnswer<QueryRows>>;
