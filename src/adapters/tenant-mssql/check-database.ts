import type { ConnectionConfiguration } from 'tedious';
import type { Tenant } from '../../domain/tenant.ts';
import type { CheckDatabase, FoundProblem } from '../../manage/routes/check-tenant.ts';
import { canWrite, inspectDatabase, isControlDatabase } from './inspect-database.ts';
import { lookUpSample, timed, type Attempt, type Told } from './look-up-sample.ts';
import { lookupRecipients } from './lookup-recipients.ts';
import type { OwnLookups } from './lookup-statements.ts';
import { openSession, type Session } from './open-session.ts';
import { readConnection, type GetSecret } from './read-connection.ts';
import { readServer } from './read-server.ts';
import { strikeConnection } from './strike-connection.ts';
import { faultOf, type TenantFault } from './tenant-fault.ts';
import type { InTenantSession } from './tenant-sessions.ts';

export interface CheckOptions {
  getSecret: GetSecret;
  /** A login that can write is refused. */
  requireReadOnly: boolean;
  lookups: OwnLookups;
  /** Told what a login that is let in may do besides reading. */
  onLogin: (tenant: Tenant, rights: readonly string[]) => void;
}

type Check = Awaited<ReturnType<CheckDatabase>>;
type Step = FoundProblem['step'];
type Said = Pick<TenantFault, 'kind' | 'reason' | 'detail' | 'advice'>;

/** Over a connection of its own: neither the pool nor the circuit of earlier failures says how the database is now. */
export function checkDatabase(options: CheckOptions): CheckDatabase {
  return async (tenant, sample, { seconds, signal }) => {
    const problems: FoundProblem[] = [];
    const check: Check = { ...nothing, problems };
    const connection = readConnection(tenant.connection, options.getSecret);
    if (connection.kind === 'invalid') {
      const { detail } = connection;
      problems.push(problemOf('connection', { kind: 'final', reason: 'empresa_conexion_invalida', detail }));
      return check;
    }
    const strike = strikeConnection(connection);
    const told: Told = (step, said, blocks) =>
      void problems.push(problemOf(step, { ...said, detail: strike(said.detail) }, blocks));
    const attempt: Attempt = async (step, work) => {
      if (signal.aborted) return undefined;
      try {
        return await work();
      } catch (thrown) {
        told(step, signal.aborted ? tooLong(seconds) : faultOf(thrown));
        return undefined;
      }
    };
    const login = await attempt('login', () => timed(() => openWithin(connection.config, signal)));
    if (login === undefined) return check;
    const { value: session, ms: loginMs } = login;
    try {
      const facts = { loginMs, tls: tlsOf(session, connection.config) };
      const found = await attempt('rights', () => inspectDatabase(session.connection, signal));
      if (found?.isControl) {
        told('rights', isControlDatabase().fault);
        return { ...check, ...facts };
      }
      const rights = found && rightsOf(found.rights);
      if (found) judgeRights(tenant, found.rights, options, told);
      const server = await attempt('server', () => readServer(session, signal));
      const lookup = lookupRecipients(over(session, signal), options.lookups);
      const looked = await lookUpSample({ lookup, tenant, sample, signal, attempt, told });
      return { ...check, ...facts, rights: rights ?? null, server: server ?? null, ...looked };
    } finally {
      session.connection.close();
    }
  };
}

const nothing = { loginMs: null, server: null, tls: null, rights: null, person: null, profile: null };

function problemOf(step: Step, { kind, reason, detail, advice }: Said, blocks = true): FoundProblem {
  const passes = kind === 'passing';
  return { step, reason, blocks, passes, detail: detail.slice(0, 1_000), ...(advice && { advice }) };
}

function tooLong(seconds: number): Said {
  const detail = `La comprobación no terminó en ${seconds} s y se interrumpió aquí.`;
  return { kind: 'passing', reason: 'empresa_no_disponible', detail };
}

/** The login has its own time limit: one that comes after the signal is closed again. */
async function openWithin(config: ConnectionConfiguration, signal: AbortSignal): Promise<Session> {
  const opening = openSession(config);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    opening.then(
      ({ connection }) => connection.close(),
      () => undefined,
    );
    throw error;
  }
}

function tlsOf({ tls }: Session, { options }: ConnectionConfiguration): Check['tls'] {
  const protocol = tls ?? (options?.encrypt === 'strict' ? 'TLS' : null);
  return { protocol, certificateChecked: protocol !== null && options?.trustServerCertificate !== true };
}

function rightsOf(which: readonly string[]): Check['rights'] {
  return { mayWrite: which.length > 0, which: [...which] };
}

function judgeRights(
  tenant: Tenant,
  rights: readonly string[],
  { requireReadOnly, onLogin }: CheckOptions,
  told: Told,
): void {
  const { fault } = canWrite(rights);
  // Without the setting there is nothing to take away.
  const said = requireReadOnly ? fault : { ...fault, advice: 'Déle permisos de lectura solamente.' };
  if (rights.length > 0) told('rights', said, requireReadOnly);
  if (rights.length === 0 || !requireReadOnly) onLogin(tenant, rights);
}

/** As the look-ups know the way to a database, over this one connection. */
function over(session: Session, signal: AbortSignal): InTenantSession {
  return async (_tenant, _signal, work) => {
    try {
      return { kind: 'answer', value: await work(session) };
    } catch (thrown) {
      signal.throwIfAborted();
      const { kind, reason, detail } = faultOf(thrown);
      return { kind, reason, detail };
    }
  };
}
