import type { Parameter, SqlType, SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { VariableReference } from '../parser/syntax.ts';

/** The variables and parameters of one batch. Names ignore case and carry their `@`. */
export class Variables {
  readonly #types = new Map<string, SqlType>();
  readonly #values = new Map<string, SqlValue>();
  readonly #declarations = new Map<string, VariableReference>();

  static of(parameters: readonly Parameter[]): Variables {
    const variables = new Variables();
    for (const { name, type, value } of parameters) {
      variables.declare(name, type);
      variables.assign(name.toLowerCase(), value);
    }
    return variables;
  }

  get types(): ReadonlyMap<string, SqlType> {
    return this.#types;
  }

  /** Throws 134 when the batch has it already; `by` is the declaration. */
  declare(name: string, type: SqlType, by?: VariableReference): void {
    const key = name.toLowerCase();
    if (this.#types.has(key)) throw sqlError(134, [name], by?.line);
    this.#types.set(key, type);
    this.#values.set(key, null);
    if (by !== undefined) this.#declarations.set(key, by);
  }

  isDeclaredBy(reference: VariableReference): boolean {
    return this.#declarations.get(reference.name.toLowerCase()) === reference;
  }

  value(name: string): SqlValue {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  assign(name: string, value: SqlValue): void {
    this.#values.set(name.toLowerCase(), value);
  }

  /** Tells apart batches whose variables have other types. */
  signature(): string {
    return JSON.stringify([...this.#types]);
  }
}
