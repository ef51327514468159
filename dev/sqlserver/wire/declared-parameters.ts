import type { SqlType } from '../contract.ts';

/** A parameter as the call's declaration names it, for example `@total decimal(12, 2) OUTPUT`. */
export interface DeclaredParameter {
  /** With its `@`, as written. */
  name: string;
  /** Its type where the declaration decides how the value is read: character and binary types with their length. */
  type: SqlType | undefined;
  output: boolean;
}

const declaration =
  /^\s*(@[\w@#$\u0080-\uffff]+)\s+(?:as\s+)?(\w[\w ]*?)\s*(?:\(\s*(\d+|max)\s*(?:,\s*\d+\s*)?\))?\s*(out|output)?\s*$/i;

/** Reads the declarations of sp_executesql and sp_prepare; undefined when one of them cannot be read. */
export function readDeclarations(text: string): readonly DeclaredParameter[] | undefined {
  if (text.trim() === '') return [];
  const declared: DeclaredParameter[] = [];
  for (const part of text.split(/,(?![^(]*\))/)) {
    const [, name, type, length, output] = declaration.exec(part) ?? [];
    if (name === undefined || type === undefined) return undefined;
    declared.push({ name, type: lengthyType(type.toLowerCase(), length), output: output !== undefined });
  }
  return declared;
}

function lengthyType(name: string, text: string | undefined): SqlType | undefined {
  const length = text?.toLowerCase() === 'max' ? 'max' : Number(text ?? 1);
  switch (name) {
    case 'varchar':
    case 'nvarchar':
    case 'varbinary':
      return { name, length };
    case 'char':
    case 'nchar':
    case 'binary':
      return length === 'max' ? undefined : { name, length };
    default:
      return undefined;
  }
}
