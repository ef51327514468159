import type { Arrival } from './chaos-receiver.ts';
import { executionKey, type ExpectedExecution } from './expected.ts';
import type { Fate } from './plan-companies.ts';
import type { DeliveryRecord, ExecutionRecord, Records } from './records.ts';

/** What must never be, by name. */
export type Wrong =
  | 'lost'
  | 'repeated with another webhook-id'
  | 'repeated with other bytes'
  | 'repeated without a kill'
  | 'not expected'
  | 'executions of one occurrence'
  | 'final state'
  | 'deliveries on record'
  | 'reports';

export interface Finding {
  wrong: Wrong;
  /** Which, and how it is instead. */
  detail: string;
}

export interface Verdict {
  /** (alert, occurrence) and (alert, occurrence, recipient with an address). */
  executions: number;
  expected: number;
  /** Of the expected ones, those that reached the receiver, and all requests. */
  received: number;
  requests: number;
  /** Requests for deliveries that the receiver had accepted before, with the same webhook-id and bytes. */
  repeated: number;
  findings: readonly Finding[];
}

/** Everything that was expected against all that the receiver got and the control database holds. */
export function judge(
  expected: readonly ExpectedExecution[],
  arrivals: readonly Arrival[],
  records: Records,
): Verdict {
  const arrived = Map.groupBy(arrivals, ({ execution, person }) => `${execution} ${person}`);
  const recorded = Map.groupBy(records.executions, ({ key }) => key);
  const findings: Finding[] = [];
  const verdict = {
    executions: expected.length,
    expected: 0,
    received: 0,
    requests: arrivals.length,
    repeated: 0,
  };
  for (const one of expected) {
    const key = executionKey(one.alert, one.at);
    const found = recorded.get(key) ?? [];
    recorded.delete(key);
    findings.push(...judgeExecution(one, key, found, records));
    const rows = found.flatMap(({ id }) => records.deliveries.get(id) ?? []);
    for (const [person, fate] of Object.entries(one.fates)) {
      const delivery = `${key} ${person}`;
      const requests = arrived.get(delivery) ?? [];
      arrived.delete(delivery);
      const record = rows.find((row) => row.person === person);
      findings.push(
        ...judgeRequests(delivery, fate, requests),
        ...judgeIds(delivery, requests, record),
        ...judgeRepeats(delivery, requests, record),
      );
      if (fate === 'has no address') continue;
      verdict.expected++;
      if (requests.length > 0) verdict.received++;
      verdict.repeated += repeatsOf(requests).length;
    }
  }
  for (const delivery of arrived.keys())
    findings.push({ wrong: 'not expected', detail: `request for ${delivery}` });
  for (const key of recorded.keys()) findings.push({ wrong: 'not expected', detail: `execution ${key}` });
  return { ...verdict, findings };
}

function judgeRequests(delivery: string, fate: Fate, requests: readonly Arrival[]): Finding[] {
  const findings: Finding[] = [];
  if (fate === 'has no address' && requests.length > 0)
    findings.push({ wrong: 'not expected', detail: `request for ${delivery}, who has no address` });
  if ((fate === 'refuses' || fate === 'kills') && requests.length === 0)
    findings.push({ wrong: 'lost', detail: delivery });
  if (
    fate === 'accepts' &&
    !requests.some(({ answer, answeredAt }) => answer === 'accept' && answeredAt !== null)
  )
    findings.push({ wrong: 'lost', detail: `${delivery}: ${requests.length} requests, none accepted` });
  const [body = '', other] = new Set(requests.map((request) => request.body));
  if (other !== undefined)
    findings.push({ wrong: 'repeated with other bytes', detail: `${delivery}: ${difference(body, other)}` });
  return findings;
}

/** Every request carries the one on record, so that no two carry different ones. */
function judgeIds(delivery: string, requests: readonly Arrival[], record?: DeliveryRecord): Finding[] {
  const recorded = record?.webhookId ?? 'none on record';
  const others = [...new Set(requests.map(({ webhookId }) => webhookId))].filter((id) => id !== recorded);
  if (others.length === 0) return [];
  const detail = `${delivery}: ${others.join(', ')} instead of ${recorded}`;
  return [{ wrong: 'repeated with another webhook-id', detail }];
}

/** An accepted delivery comes again only after a kill, or when the host is on record as not having waited for the answer. */
function judgeRepeats(delivery: string, requests: readonly Arrival[], record?: DeliveryRecord): Finding[] {
  if (record?.gaveUpWaiting === true) return [];
  return repeatsOf(requests)
    .filter(({ repeat, accepted }) => repeat.life === accepted.life)
    .map(({ repeat, accepted }) => {
      const [came, answered, again] = [accepted.at, accepted.answeredAt ?? 0, repeat.at].map((ms) =>
        new Date(ms).toISOString(),
      );
      const detail = `${delivery}, life ${repeat.life}: came ${came}, accepted ${answered}, came again ${again}`;
      return { wrong: 'repeated without a kill', detail };
    });
}

/** Requests that came after one that was accepted, each with the last such one. */
function repeatsOf(requests: readonly Arrival[]): { repeat: Arrival; accepted: Arrival }[] {
  return requests.flatMap((repeat, index) => {
    const accepted = requests
      .slice(0, index)
      .findLast(
        ({ answer, answeredAt }) => answer === 'accept' && answeredAt !== null && answeredAt <= repeat.at,
      );
    return accepted === undefined ? [] : [{ repeat, accepted }];
  });
}

function judgeExecution(
  { fates, fatal }: ExpectedExecution,
  key: string,
  found: readonly ExecutionRecord[],
  { deliveries, faults }: Records,
): Finding[] {
  const [execution] = found;
  if (execution === undefined || found.length > 1)
    return [{ wrong: 'executions of one occurrence', detail: `${key} has ${found.length}` }];
  const findings: Finding[] = [];
  const all = Object.values(fates);
  const accepted = all.filter((fate) => fate === 'accepts').length;
  const state = accepted === 0 ? 'ERROR' : accepted === all.length ? 'ENVIADA' : 'PARCIAL';
  const name = `${key} (execution ${execution.id})`;
  if (
    execution.state !== state ||
    execution.accepted !== accepted ||
    (fatal && execution.reason !== 'no_termina')
  ) {
    const is = `${execution.state} ${execution.reason ?? ''} with ${execution.accepted} accepted`;
    findings.push({ wrong: 'final state', detail: `${name} is ${is}, not ${state} with ${accepted}` });
  }
  findings.push(...judgeDeliveries(name, fates, deliveries.get(execution.id) ?? []));
  const reports = faults.get(execution.id) ?? 0;
  const due = state === 'ENVIADA' ? 0 : 1;
  if (reports !== due) findings.push({ wrong: 'reports', detail: `${name}: ${reports} instead of ${due}` });
  return findings;
}

const stateOf: Readonly<Record<Fate, string>> = {
  accepts: 'ENVIADO',
  refuses: 'RECHAZADO',
  'has no address': 'SIN_CONTACTO',
  kills: 'ERROR',
};

function judgeDeliveries(
  name: string,
  fates: ExpectedExecution['fates'],
  deliveries: readonly DeliveryRecord[],
): Finding[] {
  const shouldBe = Object.entries(fates).map(([person, fate]) => `${person} ${stateOf[fate]}`);
  const are = deliveries.map(({ person, state }) => `${person} ${state}`);
  const [missing, extra] = [without(shouldBe, are), without(are, shouldBe)];
  if (missing.length === 0 && extra.length === 0 && are.length === shouldBe.length) return [];
  const detail = `${name}: missing ${missing.join(', ')}; instead ${extra.join(', ')}; ${are.length} rows`;
  return [{ wrong: 'deliveries on record', detail }];
}

function without(all: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return all.filter((each) => !known.has(each));
}

const shownOfBody = 60;

/** Where two texts begin to differ. */
function difference(one: string, other: string): string {
  let from = 0;
  while (from < one.length && one[from] === other[from]) from++;
  const [here, there] = [one, other].map((text) => text.slice(from, from + shownOfBody));
  return `from character ${from} on ${here} instead of ${there}`;
}
