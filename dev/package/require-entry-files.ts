import { existsSync } from 'node:fs';
import { ExpectedError } from '../services/expected-error.ts';

/** The functions that make up the app, each a file of functions/. */
export const functionNames = [
  'scan-due-alerts',
  'dispatch-alert',
  'report-poison',
  'manage-read',
  'manage-act',
  'callbacks',
  'health',
] as const;

/** What the host reads, and the operators' command. */
const others = ['host.json', 'package.json', 'bin/vigia.mjs', 'src/cli/vigia.ts'];

/** Without one of them alerts would stop, and the host would not say so. Throws ExpectedError. */
export function requireEntryFiles(checkout = '.'): void {
  const files = [...functionNames.map((name) => `functions/${name}.ts`), ...others];
  const missing = files.filter((file) => !existsSync(`${checkout}/${file}`));
  if (missing.length > 0) throw new ExpectedError(`The app is not complete without ${missing.join(', ')}.`);
}
