import type { Finding, Wrong } from './judge.ts';
import type { ChaosOptions, Kill } from './one-life.ts';
import type { ChaosResult } from './run-chaos.ts';
import type { Stages } from './records.ts';

const shownOfEach = 5;

/** Prints the counts and whatever is wrong. True: nothing is. */
export function printResult(result: ChaosResult, { seed, drain }: ChaosOptions): boolean {
  const findings = [...result.findings, ...hostFindings(result, drain)];
  const of = (wrong: Wrong) => result.findings.filter((finding) => finding.wrong === wrong).length;
  const otherwise =
    of('repeated with another webhook-id') + of('repeated with other bytes') + of('repeated without a kill');
  const { kills } = result;
  const killedBy = (killer: Kill['by']) => kills.filter(({ by }) => by === killer).length;
  const [opened, delivered] = [killedBy('FATAL1'), killedBy('FATAL2')];
  const rows: [string, number | string][] = [
    ['seed', seed],
    [
      'kills',
      `${kills.length - opened - delivered} at planned moments, ${opened} by an alert that kills when opened, ${delivered} by one that kills when delivered`,
    ],
    ['kills that hit', stagesOf(kills)],
    ['executions', result.executions],
    ['deliveries expected', result.expected],
    ['deliveries received', result.received],
    ['requests', result.requests],
    ['repeated with the same webhook-id and bytes', result.repeated],
    ['lost', of('lost')],
    ['repeated otherwise', otherwise],
    [
      'messages left',
      `${result.left.alerts}, and ${result.left.poison} in the poison queue (${drain ? 'all' : 'hidden by killed processes'})`,
    ],
    ['messages poisoned', result.log.poisoned],
    ['functions that threw', result.log.exceptions.length],
    [
      'seconds',
      `${Math.round(result.seconds)}, ${Math.round(result.settleSeconds)} of them after the last kill`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
  for (const [wrong, all] of Map.groupBy(findings, (finding) => finding.wrong)) {
    console.log(`\nWRONG: ${wrong}, ${all.length}`);
    for (const { detail } of all.slice(0, shownOfEach)) console.log(`  ${detail}`);
  }
  console.log(findings.length === 0 ? '\nNothing is wrong.' : `\n${findings.length} things are wrong.`);
  return findings.length === 0;
}

function stagesOf(kills: readonly Kill[]): string {
  const hit = (stage: keyof Stages) => kills.filter(({ stages }) => stages[stage] > 0).length;
  const words = {
    claimed: 'claimed and not opened',
    preparing: 'preparing',
    taken: 'deliveries taken',
    unanswered: 'calls under way',
    unrecorded: 'accepted and not on record',
  } as const satisfies Record<keyof Stages, string>;
  const stages = Object.keys(words) as (keyof Stages)[];
  const idle = kills.filter((kill) => stages.every((stage) => kill.stages[stage] === 0)).length;
  return [...stages.map((stage) => `${words[stage]} ${hit(stage)}`), `nothing ${idle}`].join(', ');
}

function hostFindings(
  { isSettled, settleSeconds, isEmptied, left, log, afterLateMessages }: ChaosResult,
  drain: boolean,
): (Omit<Finding, 'wrong'> & { wrong: string })[] {
  const findings: { wrong: string; detail: string }[] = [];
  if (!isSettled)
    findings.push({
      wrong: 'not settled',
      detail: `executions open or missing after ${Math.round(settleSeconds)} s`,
    });
  if (afterLateMessages > 0)
    findings.push({
      wrong: 'delivered after the end',
      detail: `${afterLateMessages} requests for executions that had ended`,
    });
  if (isSettled && (!isEmptied || (drain && left.alerts + left.poison > 0)))
    findings.push({
      wrong: 'messages left',
      detail: `${left.alerts} for alerts, ${left.poison} in the poison queue`,
    });
  if (log.poisoned > 0)
    findings.push({ wrong: 'messages poisoned', detail: `${log.poisoned}; see the host's log` });
  findings.push(...log.exceptions.map((detail) => ({ wrong: 'functions that threw', detail })));
  return findings;
}
