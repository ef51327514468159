import { buildManage } from '../../../src/wiring/build-manage.ts';
import { controlDatabase, type TestDatabase } from '../../support/control-database.ts';
import { keptLog } from '../../support/kept-log.ts';
import { clockAt } from '../../support/moved-clock.ts';

interface Answer {
  status: number;
  type: string | null;
  body: unknown;
}

export interface ManageWorld extends AsyncDisposable {
  db: TestDatabase['db'];
  clock: ReturnType<typeof clockAt>;
  log: ReturnType<typeof keptLog>;
  /** GET /api/manage/… */
  get(path: string): Promise<Answer>;
  /** POST /api/manage/…, with a body as it is or as JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Whatever a client may send to an address under /api/. */
  send(path: string, init?: RequestInit): Promise<Response>;
}

/** The manage API over a control database of its own. */
export async function manageWorld(now: string, { trustsSignIn = false } = {}): Promise<ManageWorld> {
  const database = await controlDatabase();
  const clock = clockAt(now);
  const log = keptLog();
  const settings = { timeZone: 'America/Argentina/Buenos_Aires', weekStartsOn: 'monday' } as const;
  const queue = { countMessages: async () => ({ dispatch: 3, reports: 1 }) };
  const manage = buildManage({ settings, trustsSignIn }, { clock, log, db: database.db, queue });
  const send = (path: string, init?: RequestInit) =>
    manage(new Request(`http://vigia.test/api/${path}`, init));
  const ask = async (path: string, init?: RequestInit): Promise<Answer> => {
    const answer = await send(`manage/${path}`, init);
    const type = answer.headers.get('content-type');
    const text = await answer.text();
    return { status: answer.status, type, body: type?.includes('json') ? JSON.parse(text) : text };
  };
  const act =
    (method: string) =>
    (path: string, body: unknown, headers: Record<string, string> = {}) =>
      ask(path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
  return {
    db: database.db,
    clock,
    log,
    get: (path) => ask(path),
    post: act('POST'),
    delete: act('DELETE'),
    send,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
