import { RestError } from '@azure/storage-queue';
import { ExpectedError } from '../../core/expected-error.ts';
import { refusedIdentity } from '../../core/refused-identity.ts';

/** Who asks: an identity (null = the app's own), or somebody with a connection string. */
type Caller = { kind: 'identity'; clientId: string | null } | { kind: 'connection-string' };

/** A fault of the storage service as a sentence that says what to mend, where a person must; else as it is. */
export function refusedStorage(error: unknown, caller: Caller): unknown {
  const unsigned = refusedIdentity(error, caller.kind === 'identity' ? caller.clientId : null);
  if (unsigned !== undefined || !(error instanceof RestError)) return unsigned ?? error;
  const { code = '', statusCode, request } = error;
  const host = request === undefined ? 'of the queue' : new URL(request.url).host;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const settings = caller.kind === 'identity' ? '__accountName or __queueServiceUri' : '';
    const message = `The storage account ${host} is not found by its name (${code}): correct AzureWebJobsStorage${settings}.`;
    return new ExpectedError('storage_unknown', message, { cause: error });
  }
  if (code === 'QueueNotFound') {
    const message = `The storage account ${host} has no queue of alerts: the deployment makes it, or else the first alert. Is it the account of the app?`;
    return new ExpectedError('queue_missing', message, { cause: error });
  }
  if (statusCode !== 401 && statusCode !== 403) return error;
  return new ExpectedError(
    'storage_refused',
    `The storage account ${host} refuses the app (${code}): ${adviceFor(code, caller)}`,
    { cause: error },
  );
}

function adviceFor(code: string, caller: Caller): string {
  if (code === 'AuthorizationFailure') return 'its network rules must let the app in.';
  if (caller.kind === 'connection-string')
    return 'correct the key in AzureWebJobsStorage; where keys are not allowed, name the account in AzureWebJobsStorage__accountName and sign in by identity.';
  const who = caller.clientId === null ? 'the identity of the app' : `the identity ${caller.clientId}`;
  return `give ${who} the role Storage Queue Data Contributor on the account; that takes some minutes.`;
}
