import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import type { Ports } from '../services/ports.ts';
import { startChaosReceiver, type ChaosReceiver } from './chaos-receiver.ts';
import { expectedOf, type ExpectedExecution } from './expected.ts';
import { leaveOpenings, seedFatalAlerts } from './fatal-alerts.ts';
import { hostLives, keepScanning, type HostLives, type Killer, type Life } from './host-lives.ts';
import { judge, type Verdict } from './judge.ts';
import { countMessages, drained, sendLateMessages } from './late-messages.ts';
import { planWave } from './plan-alerts.ts';
import { planCompanies, type Company } from './plan-companies.ts';
import { planKill, type KillMoment } from './plan-kills.ts';
import { readHostLog, type HostLog } from './read-host-log.ts';
import { reachMoment } from './reach-moment.ts';
import { countExecutions, hasAccepted, readRecords, readStages, type Stages } from './records.ts';
import { seedAlerts, seedWorld, type Control } from './seed-world.ts';

export interface ChaosOptions {
  seed: number;
  /** At planned moments; those of the fatal alerts come on top. */
  kills: number;
  companies: number;
  /** Of each company. */
  people: number;
  /** Written before each start. */
  alerts: number;
  /** Openings of each fatal alert that do kill; the others, up to ten, are written into its record. */
  fatalKills: number;
  /** Wait for the messages that killed processes had received. */
  drain: boolean;
}

export interface ChaosSurroundings {
  ports: Ports;
  control: Control;
  /** Folder of the built app. */
  app: string;
  /** What the host says; the file is open. */
  log: { path: string; file: number };
  /** Gets lines about the progress. */
  say: (line: string) => void;
}

export interface Kill {
  /** A planned moment, or a fatal alert's code. */
  by: KillMoment['kind'] | Killer;
  stages: Stages;
}

export interface ChaosResult extends Verdict {
  kills: readonly Kill[];
  seconds: number;
  /** From the last planned kill on. */
  settleSeconds: number;
  /** Requests that came after further messages for executions that had ended. */
  afterLateMessages: number;
  /** Whether those messages were all dealt with, and with `drain` every other one. */
  emptied: boolean;
  /** Hidden ones of killed processes included. */
  left: { alerts: number; poison: number };
  log: HostLog;
}

interface Run extends ChaosSurroundings {
  options: ChaosOptions;
  receiver: ChaosReceiver;
  lives: HostLives;
  companies: readonly Company[];
  expected: ExpectedExecution[];
  kills: Kill[];
}

const leaseSeconds = 5;
const settleLimitMs = 400_000;
const lookEveryMs = 250;
const toldEvery = 10;

/** Kills the host under load, lets what is left settle, and judges. */
export async function runChaos(options: ChaosOptions, surroundings: ChaosSurroundings): Promise<ChaosResult> {
  const began = performance.now();
  const { seed, companies: companyCount, people } = options;
  const { control, ports, log } = surroundings;
  const companies = planCompanies(seed, companyCount, people);
  await using receiver = await startChaosReceiver(seed, {
    isOtherRecorded: () => hasAccepted(control, 'FATAL2'),
    kill: () => void lives.killNow('FATAL2'),
  });
  const settings = settingsFor(receiver);
  await using lives = hostLives({ ...surroundings, settings, output: log.file });
  const run: Run = { ...surroundings, options, receiver, lives, companies, expected: [], kills: [] };
  await seedWorld(control, ports, companies, receiver.url);
  await using fatal = await seedFatalAlerts(control, ports, () => void lives.killNow('FATAL1'));
  expectAlso(run, fatal.expected);
  for (let number = 1; number <= options.kills; number++) await killOnce(run, number);
  const settled = await settle(run);
  const verdict = judge(run.expected, receiver.arrivals, await readRecords(control));
  return {
    ...verdict,
    ...settled,
    kills: run.kills,
    log: readHostLog(log.path),
    seconds: secondsSince(began),
  };
}

/** What a host under chaos is configured with, beside the local stack's settings. */
function settingsFor(receiver: ChaosReceiver): Record<string, string> {
  return {
    EXECUTION_LEASE_SECONDS: String(leaseSeconds),
    ALERTS_PREPARE_SECONDS: '2',
    DELIVERY_RETRY_DELAYS: Array.from({ length: 12 }, (_, index) => (index < 2 ? '1s' : '2s')).join(','),
    WEBHOOK_ALLOWED_HOSTS: receiver.address,
    LOG_FORMAT: 'json',
  };
}

function expectAlso({ expected, receiver }: Run, more: readonly ExpectedExecution[]): void {
  expected.push(...more);
  receiver.expect(more);
}

/** Writes alerts, starts the host, and kills it at the planned moment; again when the fatal alert was faster. */
async function killOnce(run: Run, number: number): Promise<void> {
  const { options, control, receiver, companies, say } = run;
  const moment = planKill(options.seed, number);
  const alerts = planWave(options.seed, number, companies, options.alerts);
  const from = soon();
  await seedAlerts(control, alerts, from);
  expectAlso(
    run,
    alerts.flatMap((alert) => expectedOf(alert, from)),
  );
  for (let by: Kill['by'] | null = null; by !== moment.kind;)
    by = await live(run, (life) => reachMoment(moment, life, run), moment.kind);
  if (number % toldEvery === 0)
    say(`${number} of ${options.kills} kills, ${receiver.arrivals.length} requests so far`);
}

/** One life of the host: killed by a fatal alert, or else when the work is done. Tells by what; null = not to be counted. */
async function live(
  run: Run,
  work: (life: Life) => Promise<void>,
  moment: KillMoment['kind'] | null,
): Promise<Kill['by'] | null> {
  const life = run.lives.start();
  run.receiver.beginLife(life.number);
  const scanning = keepScanning(life);
  await Promise.race([work(life), life.ended, scanning]);
  const by = life.killer() ?? moment;
  await life.kill();
  await scanning;
  if (by !== null) await noteKill(run, by, life);
  return by;
}

async function noteKill(
  { kills, control, receiver, options }: Run,
  by: Kill['by'],
  life: Life,
): Promise<void> {
  const killedAt = Temporal.Now.instant();
  const unanswered = receiver.underWay();
  const accepted = receiver.arrivals
    .filter((one) => one.life === life.number && one.answer === 'accept' && one.answeredAt !== null)
    .map(({ webhookId }) => webhookId);
  const isFirst = kills.every((kill) => kill.by !== by);
  kills.push({ by, stages: await readStages(control, killedAt, { accepted, unanswered }) });
  const alert = life.killer();
  if (alert !== null && isFirst) await leaveOpenings(control, alert, options.fatalKills);
}

type Settled = Pick<ChaosResult, 'settleSeconds' | 'afterLateMessages' | 'emptied' | 'left'>;

/** Starts the host until every execution is final, whomever the fatal alert still kills; then sends late messages. */
async function settle(run: Run): Promise<Settled> {
  const began = performance.now();
  const settled: Settled[] = [];
  const work = async (life: Life): Promise<void> => {
    await untilSettled(run, life, began);
    if (life.over.aborted) return;
    settled.push({ settleSeconds: secondsSince(began), ...(await comeLate(run)) });
  };
  for (;;) {
    await live(run, work, null);
    const [end] = settled;
    if (end !== undefined) return end;
  }
}

async function untilSettled({ control, expected }: Run, { over }: Life, since: number): Promise<void> {
  const last = Math.max(...expected.map(({ at }) => at.epochMilliseconds));
  while (!over.aborted && performance.now() - since < settleLimitMs) {
    const { all, open } = await countExecutions(control);
    if (Date.now() > last && open === 0 && all >= expected.length) return;
    await sleep(lookEveryMs);
  }
}

async function comeLate({ control, ports, receiver, options }: Run): Promise<Omit<Settled, 'settleSeconds'>> {
  const before = receiver.arrivals.length;
  const { executions } = await readRecords(control);
  const ids = executions.map(({ id }) => id);
  const emptied = (await sendLateMessages(ports, ids)) && (!options.drain || (await drained(ports)));
  return { emptied, left: await countMessages(ports), afterLateMessages: receiver.arrivals.length - before };
}

/** The next whole second. */
function soon(): Temporal.Instant {
  return Temporal.Now.instant().round({ smallestUnit: 'second', roundingMode: 'ceil' });
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1_000;
}
