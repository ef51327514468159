/** A value of a configuration row that cannot be read. */
export interface ConfigFault {
  column: string;
  /** As stored; of a list the entry alone. null = the column is empty. */
  value: string | null;
  /** What may stand there, in Spanish, for the people who fill the tables. */
  allowed: string;
}

const LONGEST_VALUE = 80;

/** One sentence for the administrators' mail and the records, in Spanish. */
export function sentenceOf({ column, value, allowed }: ConfigFault): string {
  if (value === null) return `${column} está vacía: debe llevar ${allowed}.`;
  const isLong = value.length > LONGEST_VALUE;
  const shown = isLong ? `"${value.slice(0, LONGEST_VALUE)}…" (${value.length} caracteres)` : `"${value}"`;
  return `${column} dice ${shown}: debe llevar ${allowed}.`;
}

/** All of them, one after the other. */
export function sentencesOf(faults: readonly ConfigFault[]): string {
  return faults.map(sentenceOf).join(' ');
}
