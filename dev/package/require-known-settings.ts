import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { variables } from '../../src/variables.ts';
import { ExpectedError } from '../services/expected-error.ts';

const file = 'local.settings.json';
const settings = z.object({ Values: z.record(z.string(), z.string()).optional() });

/** What the host reads, and infra/ sets or Flex Consumption knows by itself. */
const ofTheHost = /^(FUNCTIONS_|AzureWebJobs|AzureFunctionsJobHost__|APPLICATIONINSIGHTS_|OTEL_)/;

/**
 * A setting that works on this machine alone is missed only in Azure: each name of local.settings.json must be one that
 * the app reads, the host's, or named in `vaultSettings`. Throws ExpectedError.
 */
export function requireKnownSettings(vaultSettings: string, folder = '.'): void {
  const path = `${folder}/${file}`;
  if (!existsSync(path)) return;
  const known = new Set([...Object.keys(variables), ...vaultSettings.split(',').map((name) => name.trim())]);
  const unknown = namesIn(path).filter((name) => !known.has(name) && !ofTheHost.test(name));
  if (unknown.length === 0) return;
  throw new ExpectedError(
    `${file} sets ${unknown.join(', ')}, which the app does not read (docs/configuration.md). Take it out; or, where a ` +
      `table names it as env:NAME, say --vault-settings ${unknown.join(',')}, and set VAULT_SETTINGS for the deployment.`,
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
