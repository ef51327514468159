import type { Tenant } from '../../domain/tenant.ts';
import type { TenantAnswer } from './tenant-answer.ts';

/** Somebody of the tenant's ERP, with every contact stored there, as stored. */
export interface Person {
  code: string;
  name: string;
  contacts: readonly Contact[];
}

export interface Contact {
  code: string;
  phone: string | null;
  mail: string | null;
}

export type RecipientTarget =
  { kind: 'person'; person: string; contact: string | null } | { kind: 'profile'; profile: string };

/**
 * The persons an alert is for, each once, ordered by code: none when the person does not exist or the profile is
 * empty. Reads the tenant's database. Throws the signal's reason when it aborts.
 */
export type LookupRecipients = (
  tenant: Tenant,
  target: RecipientTarget,
  signal: AbortSignal,
) => Promise<TenantAnswer<readonly Person[]>>;
