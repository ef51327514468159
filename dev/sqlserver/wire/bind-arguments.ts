import type { Parameter, SqlType, SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { Argument } from './command.ts';
import type { DeclaredParameter } from './declared-parameters.ts';

/** A parameter in its place: `ordinal` is its index among the call's arguments. */
export interface BoundParameter extends Parameter {
  ordinal: number;
}

/**
 * Matches values with declared parameters: by name, or by position where they have none. `firstOrdinal` is the index of
 * the first value among the call's arguments. Throws 8144 for a value too many and 8178 for one too few.
 */
export function bindArguments(
  { text, declared }: { text: string; declared: readonly DeclaredParameter[] },
  values: readonly Argument[],
  firstOrdinal: number,
): readonly BoundParameter[] {
  const byName = new Map(declared.map((parameter) => [parameter.name.toLowerCase(), parameter]));
  const bound = new Map<DeclaredParameter, BoundParameter>();
  values.forEach((value, index) => {
    const parameter = value.name === '' ? declared[index] : byName.get(value.name.toLowerCase());
    if (parameter === undefined) throw sqlError(8144, ['sp_executesql']);
    bound.set(parameter, { ...parameterOf(parameter, value), ordinal: firstOrdinal + index });
  });
  const missing = declared.find((parameter) => !bound.has(parameter));
  if (missing !== undefined) throw sqlError(8178, [`(${names(declared)})${text}`, missing.name]);
  return [...bound.values()];
}

function names(declared: readonly DeclaredParameter[]): string {
  return declared.map(({ name }) => name).join(',');
}

/** The declaration's length counts where it and the value are of one kind: SQL Server cuts what is longer. */
function parameterOf(declared: DeclaredParameter, { type, value, output }: Argument): Parameter {
  const isDeclared =
    declared.type !== undefined && (type === undefined || kindOf(type) === kindOf(declared.type));
  const decided = (isDeclared ? declared.type : type) ?? { name: 'nvarchar', length: 1 };
  return {
    name: declared.name,
    type: decided,
    value: cut(value, decided),
    output: output && declared.output,
  };
}

function kindOf({ name }: SqlType): string {
  if (name.endsWith('char')) return 'characters';
  return name.endsWith('binary') ? 'bytes' : name;
}

function cut(value: SqlValue, type: SqlType): SqlValue {
  if (!('length' in type) || type.length === 'max') return value;
  if (typeof value === 'string') return value.slice(0, type.length);
  return Buffer.isBuffer(value) ? value.subarray(0, type.length) : value;
}
