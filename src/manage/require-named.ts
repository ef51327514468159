import type { FindNamed } from './routes/pause.ts';
import { noRow } from './no-row.ts';

/** What a list is narrowed to. */
interface Narrowed {
  tenant?: string | null | undefined;
  alert?: string | null | undefined;
}

/**
 * Throws unknown_tenant or unknown_alert. For lists that found nothing: what is on record of a row that was deleted since
 * can still be asked for.
 */
export async function requireNamed(
  { tenant = null, alert = null }: Narrowed,
  findNamed: FindNamed,
): Promise<void> {
  if (tenant === null && alert === null) return;
  const named = await findNamed({ tenant, alert, channel: null });
  if (tenant !== null && named.tenant === null) throw noRow('tenant', tenant);
  if (alert !== null && named.alert === null) throw noRow('alert', alert);
}
