import { z } from 'zod';
import type { Login, SqlMessage } from './contract.ts';

/** Text that the statement contains, or a regular expression that it matches; case never counts. */
const Statement = z.union([
  z.string().min(1),
  z.strictObject({ matches: z.string().min(1).refine(isExpression, 'is no regular expression') }),
]);
const positive = z.int().min(1);
const count = positive.optional();
/** Strikes only on connections that log in to it, or have. */
const database = z.string().optional();
const answer = { message: z.string().optional(), severity: z.int().min(11).max(25).default(16) };
const atStatement = { statement: Statement, database, count };

/**
 * A fault on demand. `count` = how many times it strikes; absent = until cleared. A statement is a batch, the text of a
 * parameterised or prepared statement, or BEGIN, COMMIT, ROLLBACK or SAVE TRANSACTION for the driver's own requests.
 */
export const Fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('refuse-login'),
    user: z.string().optional(),
    number: positive.default(18456),
    ...answer,
    database,
    count,
  }),
  /** Breaks the connection: before the statement runs, or after it has and before the client learns of it. */
  z.strictObject({ kind: z.literal('drop'), when: z.enum(['before', 'after']), ...atStatement }),
  z.strictObject({ kind: z.literal('delay'), milliseconds: z.int().min(0), ...atStatement }),
  /** Answers with an error and does not run the statement; 1205 also rolls the transaction back. */
  z.strictObject({ kind: z.literal('fail'), number: positive, ...answer, ...atStatement }),
  /** Never answers the statement, nor anything after it on its connection. */
  z.strictObject({ kind: z.literal('silence'), ...atStatement }),
  /** Accepts connections and says nothing at all. */
  z.strictObject({ kind: z.literal('mute'), count }),
]);
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
  clear(name?: string): void {
    this.#active = this.#active.filter(
      (fault) => name !== undefined && !('database' in fault && fits(fault.database ?? '', name)),
    );
  }

  /** Whether a new connection is to be left without an answer. */
  atConnection(): boolean {
    return this.#take((fault) => fault.kind === 'mute' && fault) !== undefined;
  }

  atLogin(login: Login): SqlMessage | undefined {
    const { user, database: name } = login;
    const fault = this.#take(
      (active) =>
        active.kind === 'refuse-login' && fits(active.user, user) && fits(active.database, name) && active,
    );
    return fault && messageOfFault(fault, `Login failed for user '${user}'.`);
  }

  /** `name`: the database that the connection has logged in to. */
  atStatement(text: string, name: string): StatementFault | undefined {
    return this.#take(
      (fault) =>
        'statement' in fault && fits(fault.database, name) && matches(fault.statement, text) && fault,
    );
  }

  #take<Kind extends Settled>(choose: (fault: Settled) => Kind | false): Kind | undefined {
    const fault = this.#active.map(choose).find((chosen) => chosen !== false);
    if (fault?.count !== undefined && (fault.count -= 1) === 0)
      this.#active = this.#active.filter((active) => active !== fault);
    return fault;
  }
}

/** The error that a fault tells the client. */
export function messageOfFault(
  fault: Extract<Settled, { number: number }>,
  usual = `Fault ${fault.number} on demand.`,
): SqlMessage {
  const { number, severity, message = usual } = fault;
  return { number, severity, state: 1, message, line: 1 };
}

const fits = (wanted: string | undefined, given: string): boolean =>
  wanted === undefined || wanted.toLowerCase() === given.toLowerCase();

const matches = (wanted: StatementFault['statement'], text: string): boolean =>
  typeof wanted === 'string'
    ? text.toLowerCase().includes(wanted.toLowerCase())
    : new RegExp(wanted.matches, 'is').test(text);

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
