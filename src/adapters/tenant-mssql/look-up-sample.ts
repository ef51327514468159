import type { LookupRecipients, Person, RecipientTarget } from '../../dispatch/prepare/lookup-recipients.ts';
import type { Tenant } from '../../domain/tenant.ts';
import type { CheckDatabase, FoundProblem, Sample } from '../../manage/routes/check-tenant.ts';
import type { TenantFault } from './tenant-fault.ts';

type Check = Awaited<ReturnType<CheckDatabase>>;
type Step = FoundProblem['step'];

/** Undefined when the work failed: that has been told. */
export type Attempt = <T>(step: Step, work: () => Promise<T>) => Promise<T | undefined>;
export type Told = (
  step: Step,
  said: Pick<TenantFault, 'kind' | 'reason' | 'detail' | 'advice'>,
  blocks?: boolean,
) => void;

interface SampleJob {
  lookup: LookupRecipients;
  tenant: Tenant;
  sample: Sample;
  signal: AbortSignal;
  attempt: Attempt;
  told: Told;
}

/** Runs both look-ups. The profile's comes first: without a person of their own, its first one will do. */
export async function lookUpSample(job: SampleJob): Promise<Pick<Check, 'person' | 'profile'>> {
  const { profile, person } = job.sample;
  const members = profile === null ? null : await lookUp(job, { kind: 'profile', profile });
  const code = person ?? members?.persons[0]?.code ?? null;
  const found = code === null ? null : await lookUp(job, { kind: 'person', person: code, contact: null });
  return {
    profile:
      profile === null || members === null
        ? null
        : { code: profile, persons: members.persons.length, lookupMs: members.ms },
    person: code === null || found === null ? null : personOf(code, found),
  };
}

interface Looked {
  persons: readonly Person[];
  ms: number;
}

async function lookUp(
  { lookup, tenant, signal, attempt, told }: SampleJob,
  target: RecipientTarget,
): Promise<Looked | null> {
  const answer = await attempt(target.kind, () => timed(() => lookup(tenant, target, signal)));
  if (answer === undefined) return null;
  const { value, ms } = answer;
  if (value.kind !== 'answer') {
    told(target.kind, value);
    return null;
  }
  const persons = value.value;
  if (persons.length === 0)
    told(
      target.kind,
      { kind: 'final', reason: 'sin_destinatarios', detail: nobodyOf(target) },
      // Of one alert, and not of the company.
      false,
    );
  return { persons, ms };
}

function nobodyOf(target: RecipientTarget): string {
  return target.kind === 'person'
    ? `La persona ${target.person} no existe en la base de la empresa.`
    : `El perfil ${target.profile} no tiene personas.`;
}

function personOf(code: string, { persons: [person], ms }: Looked): Check['person'] {
  const { name = null, contacts = [] } = person ?? {};
  return { code, found: person !== undefined, name, contacts: contacts.length, lookupMs: ms };
}

/** In ms. */
export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now();
  const value = await work();
  return { value, ms: Math.round(performance.now() - started) };
}
