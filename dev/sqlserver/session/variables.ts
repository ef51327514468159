import type { Parameter, SqlType, SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';

interface Reference {
  name: string;
  line?: number;
}

/** By types that come again and again. */
const texts = new WeakMap<SqlType, string>();

function textOf(type: SqlType): string {
  const text = texts.get(type) ?? JSON.stringify(type);
  texts.set(type, text);
  return text;
}

/** The variables and parameters of one batch. Names ignore case and carry their `@`. */
export class Variables {
  /** By lower-case name. */
  readonly types = new Map<string, SqlType>();
  readonly #values = new Map<string, SqlValue>();
  #signature: string | undefined;

  constructor(parameters: readonly Pick<Parameter, 'name' | 'type' | 'value'>[] = []) {
    for (const parameter of parameters) {
      this.declare(parameter, parameter.type);
      this.assign(parameter.name, parameter.value);
    }
  }

  /** Throws 134 when the batch has it already. */
  declare({ name, line }: Reference, type: SqlType): void {
    const key = name.toLowerCase();
    if (this.types.has(key)) throw sqlError(134, [name], line);
    this.types.set(key, type);
    this.#signature = undefined;
  }

  /** Throws 137. */
  typeOf({ name, line }: Reference): SqlType {
    const type = this.types.get(name.toLowerCase());
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
    if (this.#signature !== undefined) return this.#signature;
    let signature = '';
    for (const [name, type] of this.types) signature += `${name} ${textOf(type)},`;
    return (this.#signature = signature);
  }
}
