import { noTelemetry } from '../../../src/core/telemetry.ts';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import type { DispatchQueue } from '../../../src/adapters/storage-queue/dispatch-queue.ts';
import { nudge } from '../../../src/domain/nudge.ts';
import { loadConfig } from '../../../src/config.ts';
import type { DispatchReport } from '../../../src/dispatch/end/end-dispatch.ts';
import { buildDryScan } from '../../../src/wiring/build-dry-scan.ts';
import { buildScan } from '../../../src/wiring/build-scan.ts';
import { buildDispatch } from '../../../src/wiring/build-dispatch.ts';
import { buildManage } from '../../../src/wiring/build-manage.ts';
import { configurationJudges } from '../../../src/wiring/configuration-judges.ts';
import { buildPoison } from '../../../src/wiring/build-poison.ts';
import type { Parts } from '../../../src/wiring/parts.ts';
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
  connection: string;
  /** `executionId@instant at which it becomes visible`, in the order of sending. */
  messages: readonly string[];
  /** How often the mailer was woken. */
  nudges: readonly string[];
  /** What the mailer does when it is woken. */
  report(): Promise<void>;
  /** Sent to the control database by the program so far. */
  statements(): number;
  /** What the queue function does with the message of that execution. */
  dispatch(executionId: number): Promise<DispatchReport>;
  /** GET /api/manage/… */
  get(path: string): Promise<Answer>;
  /** POST /api/manage/…, with a body as it is or as JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Whatever a client may send to an address under /api/. */
  send(path: string, init?: RequestInit): Promise<Response>;
}

interface WorldOptions {
  trustsSignIn?: boolean;
  /** Settings beside those that the program must have. */
  environment?: Readonly<Record<string, string>>;
  /** Before a message is sent: a queue that is away throws. */
  sending?: () => void | Promise<void>;
  /** What both queues hold; one that is away throws. */
  counting?: DispatchQueue['countMessages'];
}

/** The manage API over a control database of its own. */
export async function manageWorld(
  now: string,
  {
    trustsSignIn = false,
    environment = {},
    sending = () => undefined,
    counting = async () => ({ dispatch: 3, reports: 1 }),
  }: WorldOptions = {},
): Promise<ManageWorld> {
  const database = await controlDatabase();
  const clock = clockAt(now);
  const log = keptLog();
  const settings = { timeZone: 'America/Argentina/Buenos_Aires', weekStartsOn: 'monday' } as const;
  const config = loadConfig({
    CONTROL_DATABASE: database.connection,
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    ...environment,
  });
  const messages: string[] = [];
  const nudges: string[] = [];
  const queue: DispatchQueue = {
    countMessages: async () => await counting(),
    reachQueue: async () => undefined,
    sendDispatch: async (id, visibleAt) => {
      await sending();
      messages.push(`${id}@${visibleAt.toString()}`);
    },
    nudgeReports: async () => void nudges.push('nudge'),
  };
  let statements = 0;
  const counted = database.db.withPlugin({
    transformQuery: ({ node }) => (statements++, node),
    transformResult: async ({ result }) => result,
  });
  const parts: Parts = {
    ...{ config, clock, log, db: counted, queue, getSecret: () => undefined },
    storeFaults: (faults) => insertFaults(database.db, faults),
    strike: async (text) => text,
    telemetry: noTelemetry,
  };
  const { scan, closeScan } = buildScan(parts);
  const { dispatch, previewAlert, lookUpRecipients, checkTenantDatabase, writableLogins, closeDispatch } =
    buildDispatch(parts);
  const report = buildPoison(parts);
  const judges = configurationJudges(config, { getSecret: parts.getSecret, writableLogins });
  const acts = { leaseSeconds: config.dispatch.leaseSeconds, prepareSeconds: config.alerts.prepareSeconds };
  const manage = buildManage({ settings, trustsSignIn, why: config.alerts, acts }, parts, {
    ready: async () => undefined,
    previewAlert,
    lookUpRecipients,
    checkDatabase: checkTenantDatabase,
    judges,
    scanNow: scan,
    dryScan: buildDryScan(parts),
  });
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
    connection: database.connection,
    clock,
    log,
    get: (path) => ask(path),
    post: act('POST'),
    delete: act('DELETE'),
    send,
    messages,
    nudges,
    report: () => report(nudge),
    statements: () => statements,
    dispatch: (executionId) => dispatch({ executionId }),
    async [Symbol.asyncDispose]() {
      await closeScan();
      await closeDispatch();
      await database[Symbol.asyncDispose]();
    },
  };
}
