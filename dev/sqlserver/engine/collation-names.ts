import type { Collation } from '../expressions/contract.ts';
import { notSupported } from '../parser/sql-fault.ts';

/** What a collation's name says of case and accents: Latin1_General_CI_AS, Modern_Spanish_CS_AS, Latin1_General_BIN2 … */
export function collationOf(name: string | undefined): Collation {
  if (name === undefined || /^database_default$/i.test(name)) return 'ci_as';
  if (/_BIN2?(_UTF8)?$/i.test(name)) return 'bin2';
  const [, sensitivity] = /_(CI_AS|CS_AS|CI_AI)(?:_|$)/i.exec(name) ?? [];
  switch (sensitivity?.toUpperCase()) {
    case 'CI_AS':
      return 'ci_as';
    case 'CS_AS':
      return 'cs_as';
    case 'CI_AI':
      return 'ci_ai';
    default:
      throw notSupported(`the collation ${name}`);
  }
}
