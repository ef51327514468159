import type { SqlType } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { FunctionCall } from '../parser/syntax.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import type { TextType } from '../types/type-families.ts';
import { isText, isUnicode } from '../types/type-families.ts';
import { typeName } from '../types/type-names.ts';

/** A built-in function: its arguments with their types, and the call for messages. */
export type BuiltIn = (values: readonly Typed[], call: FunctionCall) => Typed;

/** Checks the number of arguments: 174 where it is fixed, 189 where it may vary. */
export function taking(least: number, most: number, build: BuiltIn): BuiltIn {
  return (values, call) => {
    if (values.length >= least && values.length <= most) return build(values, call);
    const name = call.name.toLowerCase();
    if (least === most)
      throw new SqlFault(174, 15, `The ${name} function requires ${least} argument(s).`, call.line);
    throw new SqlFault(189, 15, `The ${name} function requires ${least} to ${most} arguments.`, call.line);
  };
}

export function argument(values: readonly Typed[], index: number): Typed {
  const value = values[index];
  if (!value) throw new RangeError(`argument ${index + 1} was counted but is not there`);
  return value;
}

/** The value as text; numbers and dates become VARCHAR. */
export function asText(value: Typed): Typed & { type: TextType } {
  const { type } = value;
  if (isText(type) && !value.untypedNull) return { ...value, type };
  const text: TextType = { name: 'varchar', length: value.untypedNull ? 1 : 8000 };
  return { ...convertTo(value, text, 'implicit'), type: text };
}

export function asInt(value: Typed): Typed {
  return convertTo(value, { name: 'int' }, 'implicit');
}

/** SUBSTRING, LEFT and others accept BIGINT where INT would do. */
export function asBigInt(value: Typed): Typed {
  return convertTo(value, { name: 'bigint' }, 'implicit');
}

/** The varying type of the same kind. */
export function varying(type: TextType, length: number | 'max' = type.length): SqlType {
  return { name: isUnicode(type) ? 'nvarchar' : 'varchar', length };
}

/** The longest text of the kind that is not MAX, or MAX where the argument is. */
export function longest(type: TextType): SqlType {
  return varying(type, type.length === 'max' ? 'max' : isUnicode(type) ? 4000 : 8000);
}

export function invalidArgument(type: SqlType, place: number, name: string): SqlFault {
  return new SqlFault(
    8116,
    16,
    `Argument data type ${typeName(type)} is invalid for argument ${place} of ${name} function.`,
  );
}
