import type { Collation } from '../types/contract.ts';
import { notSupported } from '../parser/sql-fault.ts';

const collations: Readonly<Record<string, Collation>> = { ci_as: 'ci_as', cs_as: 'cs_as', ci_ai: 'ci_ai' };

/** What a collation's name says of case and accents: Latin1_General_CI_AS, Modern_Spanish_CS_AS, Latin1_General_BIN2 … */
export function collationOf(name: string | undefined): Collation {
  if (name === undefined || /^database_default$/i.test(name)) return 'ci_as';
  if (/_BIN2?(_UTF8)?$/i.test(name)) return 'bin2';
  const [, sensitivity] = /_(CI_AS|CS_AS|CI_AI)(?:_|$)/i.exec(name) ?? [];
  const known = collations[sensitivity?.toLowerCase() ?? ''];
  if (known === undefined) throw notSupported(`the collation ${name}`);
  return known;
}
