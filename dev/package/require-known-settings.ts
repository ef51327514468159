import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { variables } from '../../src/variables.ts';
import { ExpectedError } from '../services/expected-error.ts';
import { localSettings } from '../services/local-settings.ts';
import { portsAt } from '../services/ports.ts';

const file = 'local.settings.json';
const settings = z.object({ Values: z.record(z.string(), z.string()).optional() });

/** What the host alone reads, and infra/ sets. */
export const settingsOfTheHost = [
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__tableServiceUri',
  'AzureWebJobsStorage__credential',
] as const;

/**
 * A setting that works on this machine alone is missed only in Azure: each name of local.settings.json must be one that
 * the deployment may set, that the local stack writes, or that `vaultSettings` names. Throws ExpectedError.
 */
export function requireKnownSettings(vaultSettings: string, folder = '.'): void {
  const path = `${folder}/${file}`;
  if (!existsSync(path)) return;
  const known = new Set<string>([
    ...Object.keys(variables),
    ...settingsOfTheHost,
    ...Object.keys(localSettings(portsAt(0))),
    ...vaultSettings.split(',').map((name) => name.trim()),
  ]);
  const unknown = namesIn(path).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new ExpectedError(
    `${file} sets ${unknown.join(', ')}, which the deployment does not set (docs/configuration.md). Take it out; or, where ` +
      `Azure is to have it too, say --vault-settings ${unknown.join(',')}, and do as docs/deploying.md tells of VAULT_SETTINGS.`,
  );
}

function namesIn(path: string): string[] {
  try {
    return Object.keys(settings.parse(JSON.parse(readFileSync(path, 'utf8'))).Values ?? {});
  } catch {
    // The parser's own message would quote the text, which holds secrets.
    throw new ExpectedError(`${file} must be JSON with an object "Values" of texts.`);
  }
}
