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
}

/** The manage API over a control database of its own. */
export async function manageWorld(now: string): Promise<ManageWorld> {
  const database = await controlDatabase();
  const clock = clockAt(now);
  const log = keptLog();
  const settings = { timeZone: 'America/Argentina/Buenos_Aires', weekStartsOn: 'monday' } as const;
  const queue = { countMessages: async () => ({ dispatch: 3, reports: 1 }) };
  const manage = buildManage(settings, { clock, log, db: database.db, queue });
  return {
    db: database.db,
    clock,
    log,
    async get(path) {
      const answer = await manage(new Request(`http://vigia.test/api/manage/${path}`));
      const type = answer.headers.get('content-type');
      const text = await answer.text();
      return { status: answer.status, type, body: type?.includes('json') ? JSON.parse(text) : text };
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
