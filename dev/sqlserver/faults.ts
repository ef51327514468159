import type { Login, SqlMessage } from './contract.ts';
import type { Fault } from './fault.ts';

export type StatementFault = Extract<Fault, { statement: unknown }>;

const LOGIN_FAILED = 18456;

/** The faults that a running server is asked to show. The oldest one that fits strikes, and it alone. */
export class Faults {
  #active: Fault[] = [];

  add(fault: Fault): void {
    this.#active.push({ ...fault }); // its count goes down
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

  #take<Kind extends Fault>(choose: (fault: Fault) => Kind | false): Kind | undefined {
    const fault = this.#active.map(choose).find((chosen) => chosen !== false);
    if (fault?.count !== undefined && (fault.count -= 1) === 0)
      this.#active = this.#active.filter((active) => active !== fault);
    return fault;
  }
}

/** The error that a fault tells the client. */
export function messageOfFault(
  fault: Extract<Fault, { number?: unknown }>,
  usual = `Fault ${fault.number} on demand.`,
): SqlMessage {
  const { number = LOGIN_FAILED, severity = 16, message = usual } = fault;
  return { number, severity, state: 1, message, line: 1 };
}

const fits = (wanted: string | undefined, given: string): boolean =>
  wanted === undefined || wanted.toLowerCase() === given.toLowerCase();

const matches = (wanted: StatementFault['statement'], text: string): boolean =>
  typeof wanted === 'string'
    ? text.toLowerCase().includes(wanted.toLowerCase())
    : new RegExp(wanted.matches, 'is').test(text);
