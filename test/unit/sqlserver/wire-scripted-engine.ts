import type {
  Column,
  Engine,
  Login,
  Parameter,
  RequestEvent,
  SqlMessage,
  SqlSession,
  SqlValue,
} from '../../../dev/sqlserver/contract.ts';

/** What a script sees of the request that it answers. */
export interface Scripted {
  text: string;
  parameters: readonly Parameter[];
  /** Resolves when the request is cancelled. */
  cancelled: Promise<void>;
}

export type Script = (request: Scripted) => Iterable<RequestEvent> | AsyncIterable<RequestEvent>;

export interface ScriptedEngine extends Engine {
  /** What the wire asked for, in order: `run …`, `begin`, `cancel`, `reset`, `close` and so on. */
  readonly log: string[];
  /** The last login. */
  readonly logins: Login[];
}

/** An engine that knows no SQL: the script makes up the answer to each statement. A driver's own SET batches just succeed. */
export function scriptedEngine(script: Script, refused?: SqlMessage): ScriptedEngine {
  const log: string[] = [];
  const logins: Login[] = [];
  return {
    log,
    logins,
    login: (login) => {
      logins.push(login);
      if (refused !== undefined) return Promise.resolve({ refused });
      return Promise.resolve({ session: scriptedSession(script, log), database: login.database || 'master' });
    },
    close: () => Promise.resolve(),
  };
}

function scriptedSession(script: Script, log: string[]): SqlSession {
  let cancel = (): void => undefined;
  let transactions = 0n;
  return {
    async run(listener, text, parameters = []) {
      if (text.startsWith('set ')) {
        return listener.tell({ kind: 'done', failed: false, isSelect: false });
      }
      log.push(`run ${text}`);
      const cancelled = new Promise<void>((resolve) => (cancel = resolve));
      for await (const event of script({ text, parameters, cancelled })) {
        listener.tell(event);
        await listener.room();
      }
    },
    async transaction(listener, request) {
      log.push(request.kind);
      if (request.kind === 'begin') transactions += 1n;
      if (request.kind !== 'save' && !('name' in request && request.kind === 'rollback')) {
        listener.tell({ kind: 'transaction', change: request.kind, descriptor: transactions });
      }
      listener.tell({ kind: 'done', failed: false, isSelect: false });
    },
    cancel: () => {
      log.push('cancel');
      cancel();
    },
    reset: (keepTransaction) => {
      log.push(keepTransaction ? 'reset keeping the transaction' : 'reset');
      return Promise.resolve();
    },
    close: () => {
      log.push('close');
      return Promise.resolve();
    },
  };
}

/** The events of one SELECT with these columns and rows. */
export function rowsOf(columns: readonly Column[], rows: readonly (readonly SqlValue[])[]): RequestEvent[] {
  return [
    { kind: 'columns', columns },
    ...rows.map((values) => ({ kind: 'row' as const, values })),
    { kind: 'done', rowCount: rows.length, failed: false, isSelect: true },
  ];
}

/** Answers a statement with its parameters as one row. */
export function echo({ parameters }: Scripted): RequestEvent[] {
  const columns = parameters.map(({ name, type }) => ({ name: name.slice(1), type, nullable: true }));
  return rowsOf(columns, [parameters.map(({ value }) => value)]);
}
