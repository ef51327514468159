import { ExpectedError } from './expected-error.ts';

/** What @azure/identity throws when it has no token to give. */
const names = new Set([
  'AggregateAuthenticationError',
  'AuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
]);

/** Longer texts list what else was tried. */
const longest = 300;

/** The identity gets no token from Azure; undefined for any other fault. `clientId` null = the identity of the app. */
export function refusedIdentity(error: unknown, clientId: string | null): ExpectedError | undefined {
  if (!(error instanceof Error) || !names.has(error.name)) return undefined;
  const who = clientId === null ? 'its system-assigned identity' : `the identity ${clientId}`;
  const said = error.message.replaceAll(/\s+/g, ' ').slice(0, longest);
  return new ExpectedError(
    'identity_refused',
    `Azure does not let the app sign in as ${who}: assign it to the app (az functionapp identity assign), ` +
      `or correct its client id in the settings. ${said}`,
    { cause: error },
  );
}
