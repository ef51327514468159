import { z } from 'zod';
import type { Login, SqlMessage } from './contract.ts';

/** Text that the statement contains, or a regular expression that it matches; case never counts. */
const Statement = z.union([
  z.string().min(1),
  z.strictObject({ matches: z.string().min(1).refine(isExpression, 'is no regular expression') }),
]);

const count = z.int().min(1).optional();
/** Strikes only on connections that have logged in to it. */
const LoggedInTo = z.string().optional();
const message = z.string().optional();
const severity = z.int().min(11).max(25).default(16);

/** Refuses logins: all of them, or those of one user or to one database. */
const RefuseLogin = z.strictObject({
  kind: z.literal('refuse-login'),
  user: z.string().optional(),
  database: LoggedInTo,
  number: z.int().min(1).default(18456),
  message,
  severity,
  count,
});
/** Breaks the connection: before the statement runs, or after it has and before the client learns of it. */
const Drop = z.strictObject({
  kind: z.literal('drop'),
  statement: Statement,
  database: LoggedInTo,
  when: z.enum(['before', 'after']),
  count,
});
const Delay = z.strictObject({
  kind: z.literal('delay'),
  statement: Statement,
  database: LoggedInTo,
  milliseconds: z.int().min(0),
  count,
});
/** Answers with an error and does not run the statement; 1205 also rolls the transaction back. */
const Fail = z.strictObject({
  kind: z.literal('fail'),
  statement: Statement,
  database: LoggedInTo,
  number: z.int().min(1),
  message,
  severity,
  count,
});
/** Never answers the statement, nor anything after it on its connection. */
const Silence = z.strictObject({
  kind: z.literal('silence'),
  statement: Statement,
  database: LoggedInTo,
  count,
});
/** Accepts connections and says nothing at all. */
const Mute = z.strictObject({ kind: z.literal('mute'), count });

/**
 * A fault on demand. `count` = how many times it strikes; absent = until cleared. A statement is a batch, the text of a
 * parameterised or prepared statement, or BEGIN, COMMIT, ROLLBACK or SAVE TRANSACTION for the driver's own requests.
 */
export const Fault = z.discriminatedUnion('kind', [RefuseLogin, Drop, Delay, Fail, Silence, Mute]);
export type Fault = z.input<typeof Fault>;

type Settled = z.output<typeof Fault>;
export type StatementFault = Extract<Settled, { statement: unknown }>;

/** The faults that a running server is asked to show. The oldest one that fits strikes, and it alone. */
export class Faults {
  #active: Settled[] = [];

  add(fault: Fault): void {
    this.#active.push(Fault.parse(fault));
  }

  /** Those of one database, or all. */
  clear(database?: string): void {
    this.#active = this.#active.filter(
      (fault) => database !== undefined && !('database' in fault && fits(fault.database ?? '', database)),
    );
  }

  /** Whether a new connection is to be left without an answer. */
  atConnection(): boolean {
    return this.#take((fault) => (fault.kind === 'mute' ? fault : undefined)) !== undefined;
  }

  atLogin({ user, database }: Login): SqlMessage | undefined {
    const fault = this.#take((candidate) =>
      candidate.kind === 'refuse-login' && fits(candidate.user, user) && fits(candidate.database, database)
        ? candidate
        : undefined,
    );
    return fault === undefined ? undefined : messageOfFault(fault, `Login failed for user '${user}'.`);
  }

  /** `database`: the one that the connection has logged in to. */
  atStatement(text: string, database: string): StatementFault | undefined {
    return this.#take((fault) =>
      'statement' in fault && fits(fault.database, database) && matches(fault.statement, text)
        ? fault
        : undefined,
    );
  }

  #take<Kind extends Settled>(choose: (fault: Settled) => Kind | undefined): Kind | undefined {
    for (const [index, candidate] of this.#active.entries()) {
      const fault = choose(candidate);
      if (fault === undefined) continue;
      if (candidate.count === 1) this.#active.splice(index, 1);
      else if (candidate.count !== undefined) candidate.count -= 1;
      return fault;
    }
    return undefined;
  }
}

/** The error that a fault tells the client. */
export function messageOfFault(
  fault: { number: number; message?: string | undefined; severity: number },
  usual = `Fault ${fault.number} on demand.`,
): SqlMessage {
  const { number, severity: level } = fault;
  return { number, severity: level, state: 1, message: fault.message ?? usual, line: 1 };
}

function fits(wanted: string | undefined, given: string): boolean {
  return wanted === undefined || wanted.toLowerCase() === given.toLowerCase();
}

function matches(wanted: StatementFault['statement'], text: string): boolean {
  if (typeof wanted === 'string') return text.toLowerCase().includes(wanted.toLowerCase());
  return new RegExp(wanted.matches, 'is').test(text);
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
