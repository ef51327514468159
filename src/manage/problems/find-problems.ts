import { Temporal } from 'temporal-polyfill';
import { othersTurn } from '../../core/others-turn.ts';
import type { TimeSettings } from '../../domain/alert.ts';
import { sameCode } from '../../domain/same-code.ts';
import type { Finding, Judges } from './finding.ts';
import { judgedRows, type JudgedRow } from './judged-rows.ts';
import { metRow } from './met-row.ts';
import type { MetFault, StoredConfiguration } from './stored-configuration.ts';

/** What stands wrong where. `table` and `code` are null for a setting of the installation. */
export interface ConfigProblem {
  table: string | null;
  code: string | null;
  column: string | null;
  /** As it stands there, cut; null = nothing, or a secret. */
  value: string | null;
  reason: string;
  detail: string;
  tenant: string | null;
  /** null = nothing has failed by it yet. */
  since: Temporal.Instant | null;
}

/** They hold secrets, or may. */
const secretColumns = new Set(['emp_Conexion', 'whk_Secreto', 'whk_Cabeceras', 'whk_Url', 'whk_Cuerpo']);
const longestValue = 200;
/** Milliseconds after which the dispatches of this process have their turn. */
const slice = 5;

/** Every problem once, in the order of tables, codes and columns; settings first. */
export async function findProblems(
  configuration: StoredConfiguration,
  judges: Judges,
  settings: TimeSettings,
): Promise<ConfigProblem[]> {
  const since = sinceOf(configuration.met);
  const found = new Map<string, ConfigProblem>();
  const tell = (row: JudgedRow) => {
    for (const finding of row.findings) {
      const problem = problemOf(row, finding, since);
      const key = problemKey(problem);
      const known = found.get(key);
      found.set(
        key,
        known === undefined ? problem : { ...known, since: earlier(known.since, problem.since) },
      );
    }
  };
  let began = performance.now();
  for await (const row of judgedRows(configuration, judges, settings)) {
    tell(row);
    if (performance.now() - began < slice) continue;
    await othersTurn();
    began = performance.now();
  }
  for (const fault of configuration.met) {
    const row = metRow(fault, configuration);
    if (row !== null) tell(row);
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
}

/** Its place, and what is wrong there: the order of the list, and where it goes on. */
export function problemKey({ table, code, column, reason }: ConfigProblem): string {
  return [table, code, column, reason].map((part) => part ?? '').join('/');
}

function problemOf(row: JudgedRow, finding: Finding, since: SinceOf): ConfigProblem {
  const { table, code, tenant } = row;
  const column = finding.column ?? columnIn(finding.detail);
  const { reason, detail } = finding;
  return {
    table,
    code,
    column,
    value: column === null || secretColumns.has(column) ? null : valueOf(row, column, finding),
    reason,
    detail,
    tenant,
    since: row.since ?? since(row, finding),
  };
}

/** The sentences of those who read a row begin with its column. */
function columnIn(detail: string): string | null {
  return /\b(?:cfg|emp|whk|qry|pla|adm)[a-z]*_\w+/.exec(detail)?.[0] ?? null;
}

function valueOf({ columns }: JudgedRow, column: string, { value }: Finding): string | null {
  const given: unknown =
    value === undefined ? Object.entries(columns).find(([name]) => name === column)?.[1] : value;
  if (typeof given !== 'string' && typeof given !== 'number') return null;
  const text = String(given);
  if (text === '') return null;
  return text.length <= longestValue
    ? text
    : `${text.slice(0, longestValue).replace(/[\ud800-\udbff]$/, '')}…`;
}

function earlier(one: Temporal.Instant | null, other: Temporal.Instant | null): Temporal.Instant | null {
  if (one === null || other === null) return one ?? other;
  return Temporal.Instant.compare(one, other) <= 0 ? one : other;
}

type SinceOf = (row: JudgedRow, finding: Finding) => Temporal.Instant | null;

/** Whoever met it reported it in the same words. */
function sinceOf(met: readonly MetFault[]): SinceOf {
  const first = new Map<string, Temporal.Instant>();
  for (const { reason, detail, alert, tenant, since } of met)
    for (const whose of [whoseKey(alert, null), whoseKey(null, tenant), whoseKey(null, null)]) {
      const key = `${reason} ${whose} ${detail}`;
      first.set(key, earlier(first.get(key) ?? null, since) ?? since);
    }
  return ({ alert, tenant }, { reason, detail }) =>
    first.get(`${reason} ${whoseKey(alert, tenant)} ${detail}`) ?? null;
}

function whoseKey(alert: string | null, tenant: string | null): string {
  if (alert !== null) return `alert ${sameCode(alert)}`;
  return tenant === null ? '' : `tenant ${sameCode(tenant)}`;
}
