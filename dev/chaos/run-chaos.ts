import { Temporal } from 'temporal-polyfill';
import { startChaosReceiver, type ChaosReceiver } from './chaos-receiver.ts';
import { expectedOf, type ExpectedExecution } from './expected.ts';
import { seedFatalAlerts } from './fatal-alerts.ts';
import { hostLives } from './host-lives.ts';
import { judge, type Verdict } from './judge.ts';
import { live, type ChaosOptions, type ChaosSurroundings, type Kill, type Run } from './one-life.ts';
import { planWave } from './plan-alerts.ts';
import { planCompanies } from './plan-companies.ts';
import { planKill } from './plan-kills.ts';
import { readHostLog, type HostLog } from './read-host-log.ts';
import { reachMoment } from './reach-moment.ts';
import { hasAccepted, readRecords } from './records.ts';
import { seedAlerts, seedWorld } from './seed-world.ts';
import { settle, type Settled } from './settle.ts';

export interface ChaosResult extends Verdict, Settled {
  kills: readonly Kill[];
  log: HostLog;
  seconds: number;
}

const leaseSeconds = 5;
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
    seconds: (performance.now() - began) / 1_000,
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

/** The next whole second. */
function soon(): Temporal.Instant {
  return Temporal.Now.instant().round({ smallestUnit: 'second', roundingMode: 'ceil' });
}
