import { isVaultReference } from '../core/vault-reference.ts';
import { variables } from '../variables.ts';

const own = new Set(Object.keys(variables).map((name) => name.toUpperCase()));

/** What the platform and its libraries put into the environment, among it every setting once more as APPSETTING_…. */
const ofThePlatform =
  /^(APPINSIGHTS_|APPLICATIONINSIGHTS_|APPSETTING_|AZURE|CONTAINER_|FUNCTIONS_|IDENTITY_|MACHINEKEY_|MSI_|OTEL_|POD_|WEBSITE_)/i;

/**
 * What `env:NAME` in a table may name: settings that stand there for the tables. The app's own and the platform's count
 * as not set, or a header in a webhook's row would send them to whom the row says; so does a secret that the Key Vault
 * has not given, or its reference would be signed with.
 */
export function settingsOfTables(
  environment: Readonly<Record<string, string | undefined>>,
): (name: string) => string | undefined {
  return (name) => {
    if (own.has(name.toUpperCase()) || ofThePlatform.test(name)) return undefined;
    const value = environment[name];
    return value === undefined || isVaultReference(value) ? undefined : value;
  };
}
