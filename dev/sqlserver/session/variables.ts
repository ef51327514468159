import type { Parameter, SqlType, SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { VariableReference } from '../parser/syntax.ts';

/** The variables and parameters of one batch. Names ignore case and carry their `@`. */
export class Variables {
  readonly #types = new Map<string, SqlType>();
  readonly #values = new Map<string, SqlValue>();
  #signature: string | undefined;

  constructor(parameters: readonly Pick<Parameter, 'name' | 'type' | 'value'>[] = []) {
    for (const { name, type, value } of parameters) {
      this.declare({ name, line: 0 }, type);
      this.assign(name, value);
    }
  }

  get types(): ReadonlyMap<string, SqlType> {
    return this.#types;
  }

  /** Throws 134 when the batch has it already. */
  declare({ name, line }: Pick<VariableReference, 'name' | 'line'>, type: SqlType): void {
    const key = name.toLowerCase();
    if (this.#types.has(key)) throw sqlError(134, [name], line);
    this.#types.set(key, type);
    this.#signature = undefined;
  }

  /** Throws 137. */
  typeOf({ name, line }: VariableReference): SqlType {
    const type = this.#types.get(name.toLowerCase());
    if (type === undefined) throw sqlError(137, [name], line);
    return type;
  }

  value(name: string): SqlValue {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  assign(name: string, value: SqlValue): void {
    this.#values.set(name.toLowerCase(), value);
  }

  /** Tells apart batches whose variables have other types. */
  signature(): string {
    return (this.#signature ??= JSON.stringify([...this.#types]));
  }
}
