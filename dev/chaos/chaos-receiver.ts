import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { bodyOf, sendText } from '../services/listen.ts';
import { executionKey, type ExpectedExecution } from './expected.ts';
import { planAnswer, type Answer } from './plan-answers.ts';

/** A request, once all of it was read. Times in ms since 1970. */
export interface Arrival {
  /** executionKey of its execution. */
  execution: string;
  person: string;
  webhookId: string;
  body: string;
  at: number;
  /** Which start of the host sent it, from 1. */
  life: number;
  /** `foreign`: nobody expected it. */
  answer: Answer['kind'] | 'foreign';
  /** When all of the answer was written, the caller still listening. */
  answeredAt: number | null;
}

export interface ChaosReceiver extends AsyncDisposable {
  url: string;
  /** `host:port` */
  address: string;
  arrivals: readonly Arrival[];
  expect(executions: readonly ExpectedExecution[]): void;
  beginLife(life: number): void;
  /** Resolves with the `count`th request from now on that was read, or accepted, in this life. */
  nth(what: 'request' | 'accepted', count: number, signal: AbortSignal): Promise<void>;
  /** Requests of this life without an answer. */
  underWay(): number;
}

const event = z.object({
  subject: z.string(),
  data: z.object({ occurrence: z.string(), recipient: z.object({ code: z.string() }) }),
});

/** What the receiver does for the alert that kills when it is delivered. */
export interface FatalDelivery {
  /** Whether its other recipient's acceptance is on record. */
  isOtherRecorded: () => Promise<boolean>;
  kill: () => void;
}

const lookEveryMs = 50;

/** Plays the gateway, badly: the answers follow from the seed. Keeps every request. */
export async function startChaosReceiver(seed: number, fatal: FatalDelivery): Promise<ChaosReceiver> {
  const arrivals: Arrival[] = [];
  const expected = new Map<string, ExpectedExecution>();
  const seen = new Map<string, number>();
  const said = new EventEmitter();
  const counts = { life: 0, request: 0, accepted: 0, answered: 0 };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { life } = counts;
    const body = (await bodyOf(request)).toString('utf8');
    const { subject: alert, data } = event.parse(JSON.parse(body));
    const execution = executionKey(alert, Temporal.Instant.from(data.occurrence));
    const person = data.recipient.code;
    const answer = answerTo(execution, person);
    const webhookId = String(request.headers['webhook-id']);
    const arrival: Arrival = {
      execution,
      person,
      webhookId,
      body,
      at: Date.now(),
      life,
      answer: answer.kind,
      answeredAt: null,
    };
    arrivals.push(arrival);
    count('request', life);
    response.once('finish', () => {
      arrival.answeredAt = Date.now();
      if (arrival.answer === 'accept') count('accepted', life);
    });
    response.once('close', () => {
      if (life === counts.life) counts.answered++;
    });
    if (answer.kind !== 'kill') return await give(answer, request, response);
    while (life === counts.life && !(await fatal.isOtherRecorded())) await sleep(lookEveryMs);
    if (life === counts.life) fatal.kill();
  };
  const answerTo = (execution: string, person: string): Answer | { kind: 'foreign' } => {
    const known = expected.get(execution);
    const fate = known?.fates[person];
    if (known === undefined || fate === undefined) return { kind: 'foreign' };
    if (known.fatal && fate === 'accepts') return { kind: 'accept', after: 0 };
    const delivery = `${known.name} ${person}`;
    const arrival = (seen.get(delivery) ?? 0) + 1;
    seen.set(delivery, arrival);
    return planAnswer(seed, delivery, fate, arrival);
  };
  const count = (what: 'request' | 'accepted', life: number): void => {
    if (life !== counts.life) return;
    counts[what]++;
    said.emit(what);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (request.complete) sendText(response, 500, String(error));
      else response.destroy(); // its host was killed
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    url: `http://${address}/chaos`,
    arrivals,
    expect: (executions) => {
      for (const each of executions) expected.set(executionKey(each.alert, each.at), each);
    },
    beginLife: (life) => void Object.assign(counts, { life, request: 0, accepted: 0, answered: 0 }),
    nth: async (what, wanted, signal) => {
      const last = counts[what] + wanted;
      while (counts[what] < last) await once(said, what, { signal });
    },
    underWay: () => counts.request - counts.answered,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function give(
  answer: Exclude<Answer, { kind: 'kill' }> | { kind: 'foreign' },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (answer.kind) {
    case 'accept':
      if (answer.after > 0) await sleep(answer.after);
      return sendText(response, 200, 'accepted');
    case 'foreign':
      return sendText(response, 200, 'not expected');
    case 'refuse':
      return sendText(response, 410, 'gone');
    case 'fail':
      return sendText(response, answer.status, 'try again');
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'silence':
      return;
  }
}
