import { z } from 'zod';
import { ProblemDocument } from '../manage/contract/problem.ts';
import { CommandEnd, exitCodes, KeyRefused } from './command-end.ts';
import type { Connection } from './connection.ts';
import { problemInSpanish } from './problem-in-spanish.ts';
import type { Surroundings } from './surroundings.ts';

interface Question {
  method: 'GET' | 'POST' | 'DELETE';
  /** Under /api/manage/. */
  path: string;
  /** What is undefined is not asked for. */
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: object;
  /** So that a request that is sent twice acts once. */
  idempotencyKey?: string;
}

export interface Answer<Value> {
  /** As it came. */
  text: string;
  value: Value;
}

export type AskApi = <Schema extends z.ZodType>(
  question: Question,
  schema: Schema,
) => Promise<Answer<z.output<Schema>>>;

/** A preview looks into a tenant's database, and may take as long as its query. */
const longestMs = 180_000;

/** Asks the manage API. Throws CommandEnd when it says no, or cannot be reached. */
export function askApi(connection: Connection, { fetch }: Pick<Surroundings, 'fetch'>): AskApi {
  return async (question, schema) => {
    const { status, text } = await send(question, connection, fetch);
    const json = jsonOf(text);
    if (status >= 200 && status < 300) {
      const read = schema.safeParse(json);
      if (read.success) return { text, value: read.data };
      throw unreadable(text, read.error);
    }
    throw refusal(status, json, text, question, connection);
  };
}

async function send(
  { method, path, query = {}, body, idempotencyKey }: Question,
  { base, readKey, actKey, operator }: Connection,
  fetch: Surroundings['fetch'],
): Promise<{ status: number; text: string }> {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  const key = method === 'GET' ? readKey : actKey;
  const headers = {
    'x-operator': asWord(operator),
    ...(key !== undefined && { 'x-functions-key': asHeader(key) }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': asHeader(idempotencyKey) }),
  };
  try {
    const answer = await fetch(`${base}/api/manage/${path}${search}`, {
      method,
      headers,
      // A key must not follow to another address.
      redirect: 'manual',
      signal: AbortSignal.timeout(longestMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (cause) {
    const again =
      idempotencyKey === undefined || wasNeverSent(cause)
        ? ''
        : ` Puede que se haya hecho igual: para no repetirlo, vuelva a pedirlo con --idempotency-key ${idempotencyKey}`;
    throw new CommandEnd(exitCodes.unreachable, `No se pudo hablar con ${base}: ${reasonOf(cause)}.${again}`);
  }
}

/** As mails encode a name (RFC 2047): the Functions library takes no character above U+00FF in a header, and answers 500. */
function asWord(text: string): string {
  return /^[ -~]*$/.test(text)
    ? text
    : `=?utf-8?B?${Buffer.from(text.replaceAll(/\p{Cc}/gu, ' ')).toString('base64')}?=`;
}

/** Headers hold bytes. */
function asHeader(text: string): string {
  return Buffer.from(text.replaceAll(/\p{Cc}/gu, ' '), 'utf8').toString('latin1');
}

function wasNeverSent(thrown: unknown): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND'].includes(codeOf(thrown));
}

function codeOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

/** fetch says no more than "fetch failed": the reason stands behind it. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return `no respondió en ${longestMs / 1000} segundos`;
  const { cause } = thrown;
  if (!(cause instanceof Error)) return thrown.message;
  const code = codeOf(thrown);
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nadie escucha en esa dirección',
    ENOTFOUND: 'ese nombre de servidor no existe',
    ECONNRESET: 'cortó la conexión',
  };
  return known[code] ?? (cause.message || code);
}

function refusal(
  status: number,
  json: unknown,
  text: string,
  { method }: Question,
  connection: Connection,
): CommandEnd {
  const { base } = connection;
  const problem = ProblemDocument.safeParse(json);
  if (problem.success) return new CommandEnd(exitCodes.refused, problemInSpanish(problem.data), text);
  if (status === 401 || status === 403) return new KeyRefused(`${keyRefused(status, method, connection)}.`);
  if (status >= 300 && status < 400)
    return unusable(`${base} manda a otra dirección (${status}): quizá pide iniciar sesión`);
  const foreign = foreignProblem.safeParse(json);
  if (foreign.success)
    return new CommandEnd(
      exitCodes.unreachable,
      `${base} respondió ${status}: ${foreign.data.title}. ${foreign.data.detail}`.trim(),
      text,
    );
  if (status >= 500)
    return unusable(
      `${base} no pudo contestar (${status}): quizá está arrancando o algo le falta; pruebe de nuevo, y si sigue, mire su registro`,
    );
  return unusable(`${base} respondió ${status} y no parece Vigía`);
}

/** Of a version that has other codes. */
const foreignProblem = z.object({ title: z.string(), detail: z.string() });

function keyRefused(status: number, method: Question['method'], connection: Connection): string {
  const { base, readKey, actKey } = connection;
  const [kind, variable, key] =
    method === 'GET' ? ['manage-read', 'VIGIA_READ_KEY', readKey] : ['manage-act', 'VIGIA_ACT_KEY', actKey];
  return key === undefined
    ? `${base} pide una clave (${status}) y no se mandó ninguna: esto necesita la de ${kind}, en ${variable}, VIGIA_KEY o --key`
    : `${base} no acepta la clave que se mandó (${status}): esto necesita la de ${kind}, en ${variable}, VIGIA_KEY o --key`;
}

function unusable(sentence: string): CommandEnd {
  return new CommandEnd(exitCodes.unreachable, `${sentence}.`);
}

function unreadable(text: string, { issues: [issue] }: z.ZodError): CommandEnd {
  const where = issue?.path.join('.') ?? '';
  return new CommandEnd(
    exitCodes.unreachable,
    `La respuesta no es la que esta versión de vigia conoce (${where === '' ? 'toda' : where}): use --json, o la vigia de la misma versión que la aplicación.`,
    text,
  );
}

/** undefined: it is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
