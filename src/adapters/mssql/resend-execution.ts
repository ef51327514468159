import { randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { chooseResent, tellResent, type EarlierDelivery, type ResentTo } from '../../domain/choose-resent.ts';
import type { ExecutionRequest } from '../../domain/execution-request.ts';
import type { AskedResend, ResendExecution } from '../../manage/routes/resend-execution.ts';
import { auditEntry } from './audit-entry.ts';
import { copyDeliveries, copyPreparation } from './copy-deliveries.ts';
import { earlierWithKey, insertByHand, type ByHand, type ByHandExecution } from './insert-by-hand.ts';
import { lockAlert, obstacleOf, type LockedAlert } from './lock-alert.ts';
import { readCopied, readEarlierDeliveries } from './read-earlier-deliveries.ts';
import { readOriginal, type Original } from './read-original.ts';
import { readResentSince, type ResentSince } from './read-resent-since.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';

/** Lists of an answer name no more. */
const mostNamed = 1000;

type Act = Parameters<ResendExecution>[1];
type Answer = Awaited<ReturnType<ResendExecution>>;

interface Options {
  timeZone: string;
  leaseSeconds: number;
}

/** Under the lock of the alert's row, so that of two at once the second sees what the first has made. */
export function resendExecution(db: Kysely<ControlSchema>, options: Options): ResendExecution {
  return (asked, act) =>
    retryConflicts(() => db.transaction().execute((trx) => resend(trx, asked, act, options)));
}

async function resend(
  trx: Transaction<ControlSchema>,
  asked: AskedResend,
  act: Act,
  options: Options,
): Promise<Answer> {
  const original = await readOriginal(trx, asked.id);
  if (original === null) return { kind: 'unknown' };
  if (original.origin === null || original.alert === null) return { kind: 'foreign' };
  const { alert: code } = original;
  if (original.origin === 'PRUEBA') return { kind: 'trial', alert: code };
  const alert = await lockAlert(trx, code, options.timeZone);
  const byHand: ByHand = {
    origin: 'REENVIO',
    key: asked.key,
    resends: original.id,
    request: requestOf(asked, original, act.who),
  };
  const to = { persons: asked.request.persons ?? null, everyone: asked.request.everyone ?? false };
  const since = await readResentSince(trx, original);
  const earlier = await earlierWithKey(trx, code, byHand);
  if (earlier?.kind === 'key-used') return { ...earlier, alert: code };
  if (earlier !== null) {
    const { execution } = earlier;
    const before = since.filter(({ id }) => id < execution.id);
    const deliveries = await readEarlierDeliveries(trx, original.id, before);
    const told = { deliveries, copied: await readCopied(trx, execution), to };
    return { kind: 'repeated', execution: answerOf(original, execution, told) };
  }
  const refused = await refusalOf(trx, { original, alert, since, to }, act.at);
  if (refused !== null) return refused;
  const job = { original, alert: alert ?? { code, zone: options.timeZone }, byHand, since, to };
  return await store(trx, job, act, options.leaseSeconds);
}

/** What was never prepared is prepared anew as it was asked for then, of the occurrence that it was of. */
function requestOf({ request }: AskedResend, original: Original, by: string): ExecutionRequest {
  if (original.isPrepared) return { ...request, by };
  const { persons, confirmRecipients } = original.request ?? {};
  const occurrence = original.request?.occurrence ?? original.occurrence;
  return {
    ...(persons && { persons }),
    ...(confirmRecipients !== undefined && { confirmRecipients }),
    ...(occurrence !== null && { occurrence }),
    ...request,
    by,
  };
}

interface Asked {
  original: Original;
  alert: LockedAlert | null;
  since: readonly ResentSince[];
  to: ResentTo;
}

async function refusalOf(
  trx: Transaction<ControlSchema>,
  { original, alert, since, to }: Asked,
  now: Temporal.Instant,
): Promise<Answer | null> {
  if (original.isOpen) return { kind: 'open', state: original.state };
  const code = original.alert ?? '';
  const open = since.find(({ isOpen }) => isOpen);
  if (open !== undefined) {
    const { id: executionId, state, occurrence: due } = open;
    return { kind: 'under-way', executionId, state, due, alert: code };
  }
  const obstacle = await obstacleOf(trx, alert, now);
  if (obstacle !== null) return { ...obstacle, alert: code };
  const anew = original.isPrepared ? undefined : since.findLast(({ isPrepared }) => isPrepared);
  return anew === undefined || to.everyone ? null : { kind: 'already-resent', executionId: anew.id };
}

async function store(
  trx: Transaction<ControlSchema>,
  {
    original,
    alert,
    byHand,
    since,
    to,
  }: Omit<Asked, 'alert'> & { alert: Pick<LockedAlert, 'code' | 'zone'>; byHand: ByHand },
  act: Act,
  leaseSeconds: number,
): Promise<Answer> {
  const { id, isPrepared } = original;
  const deliveries = isPrepared ? await readEarlierDeliveries(trx, id, since) : [];
  const { again, anew } = chooseResent(deliveries, to);
  const copies = [
    ...again.map((each) => ({ id: each.id })),
    ...anew.map((each) => ({ id: each.id, uuid: randomUUID() })),
  ];
  const told = { deliveries, copied: new Set(copies.map((each) => each.id)), to };
  if (isPrepared && copies.length === 0)
    return { kind: 'nothing', leftOut: [...tellResent(deliveries, told.copied, to).leftOut] };
  const { execution, toEnqueue } = await insertByHand(trx, alert, byHand, { now: act.at, leaseSeconds });
  if (isPrepared) {
    await copyPreparation(trx, { from: id, to: execution.id, now: act.at });
    await copyDeliveries(trx, { to: execution.id, copies, instant: toEnqueue.at });
  }
  await auditEntry({ ...act, detail: { execution: execution.id, ...act.detail } }).execute(trx);
  return { kind: 'made', execution: answerOf(original, execution, told), toEnqueue };
}

function answerOf(
  { isPrepared: copied }: Original,
  execution: ByHandExecution,
  told: { deliveries: readonly EarlierDelivery[]; copied: ReadonlySet<number>; to: ResentTo },
) {
  if (!copied)
    return { ...execution, copied, recipients: null, ambiguous: [], leftOut: [], truncated: false };
  const { ambiguous, leftOut } = tellResent(told.deliveries, told.copied, told.to);
  return {
    ...execution,
    copied,
    recipients: told.copied.size,
    ambiguous: ambiguous.slice(0, mostNamed).map(({ person, name, error }) => ({ person, name, error })),
    leftOut: leftOut.slice(0, mostNamed),
    truncated: ambiguous.length > mostNamed || leftOut.length > mostNamed,
  };
}
