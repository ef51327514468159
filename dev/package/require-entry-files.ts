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

/** Without one of them alerts would stop, and the host would not say so. Throws ExpectedError. */
export function requireEntryFiles(folder = 'functions'): void {
  const missing = functionNames.filter((name) => !existsSync(`${folder}/${name}.ts`));
  if (missing.length === 0) return;
  const files = missing.map((name) => `${folder}/${name}.ts`).join(', ');
  throw new ExpectedError(`The app is not complete without ${files}.`);
}
