import { Temporal } from 'temporal-polyfill';
import type { Ports } from '../services/ports.ts';
import type { ChaosReceiver } from './chaos-receiver.ts';
import type { ExpectedExecution } from './expected.ts';
import { leaveOpenings } from './fatal-alerts.ts';
import { keepScanning, type HostLives, type Killer, type Life } from './host-lives.ts';
import type { Company } from './plan-companies.ts';
import type { KillMoment } from './plan-kills.ts';
import { readStages, type Stages } from './records.ts';
import type { Control } from './seed-world.ts';

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

/** What a run holds from its beginning to its end. */
export interface Run extends ChaosSurroundings {
  options: ChaosOptions;
  receiver: ChaosReceiver;
  lives: HostLives;
  companies: readonly Company[];
  expected: ExpectedExecution[];
  kills: Kill[];
}

/** One life of the host: killed by a fatal alert, or else when the work is done. Tells by what; null = not to be counted. */
export async function live(
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
