import { Connection, Request, type ConnectionConfiguration } from 'tedious';
import { LoginError } from './tenant-fault.ts';

/** One connection, ready for tenants' statements. */
export interface Session {
  connection: Connection;
  /** Whether it has answered a statement in an earlier use: such a one may have died in silence since. */
  used: boolean;
  ended: boolean;
  /** `TLSv1.3`; null = what is said is not encrypted. */
  tls: string | null;
}

const loginTimeoutMs = 5_000;
/** Asking Azure for a token comes on top of the login. */
const tokenTimeoutMs = 15_000;
/** Of the driver's own requests, and of waiting for the server to acknowledge a cancellation. */
const requestTimeoutMs = 10_000;
const cancelTimeoutMs = 3_000;

/** In a batch, because what sp_executesql sets ends with its call. */
const settings = 'SET LOCK_TIMEOUT 10000; SET DEADLOCK_PRIORITY LOW';

/** Throws LoginError or the driver's error. */
export async function openSession(config: ConnectionConfiguration): Promise<Session> {
  const connection = new Connection({
    ...config,
    options: {
      ...config.options,
      connectTimeout: config.authentication?.type === 'default' ? loginTimeoutMs : tokenTimeoutMs,
      requestTimeout: requestTimeoutMs,
      cancelTimeout: cancelTimeoutMs,
      maxRetriesOnTransientErrors: 0,
      useUTC: true,
    },
  });
  const session: Session = { connection, used: false, ended: false, tls: null };
  connection.on('secure', (socket) => (session.tls = socket.getProtocol()));
  connection.on('end', () => (session.ended = true));
  connection.on('error', () => (session.ended = true));
  const said: { number: number; message: string }[] = [];
  const note = (message: { number: number; message: string }) => said.push(message);
  connection.on('errorMessage', note);
  await settled((done) => connection.connect(done), connection).catch((error: unknown) => {
    const isLogin = error instanceof Error && 'code' in error && error.code === 'ELOGIN';
    throw isLogin ? loginError(said, error) : error;
  });
  connection.off('errorMessage', note);
  await settled((done) => connection.execSqlBatch(new Request(settings, done)), connection);
  return session;
}

function loginError(said: readonly { number: number; message: string }[], cause: Error): LoginError {
  return new LoginError(
    said[0]?.message ?? cause.message,
    said.map(({ number }) => number),
    cause,
  );
}

export async function beginTransaction({ connection }: Session): Promise<void> {
  await settled((done) => connection.beginTransaction(done));
}

export async function rollbackTransaction({ connection }: Session): Promise<void> {
  await settled((done) => connection.rollbackTransaction(done));
}

/** `failing` is closed when the step fails. */
function settled(start: (done: (error?: Error | null) => void) => void, failing?: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => {
      if (!error) return resolve();
      failing?.close();
      reject(error);
    });
  });
}
