import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startAzurite } from '../../dev/services/azurite.ts';
import { selfSignedCertificate } from '../../dev/sqlserver/wire/self-signed-certificate.ts';
import { freePort } from './free-port.ts';
import { runCommand } from './running-command.ts';
import { readableTemporaryFolder } from './temporary-folder.ts';

/** Who may sign in: the app, another that nobody has granted anything, and whoever is signed in on the machine. */
export const identities = {
  app: '6c1f1b52-9d0f-4a0e-8a37-3a1f0a0d9a11',
  successor: '0d9a1100-9d0f-4a0e-8a37-3a1f0a0d9a11',
  stranger: 'aaaaaaaa-9d0f-4a0e-8a37-3a1f0a0d9a11',
} as const;

const administratorToken = 'token.of.the.administrator';
/** What Azure Resource Manager gets from whoever is signed in on the machine. */
export const managementToken = 'token.of.the.administrator.for.azure';
const password = 'Only-for-tests-1';
const account = 'devstoreaccount1';

export type AzureStandIn = Awaited<ReturnType<typeof azureStandIn>>;

/** A SQL Server and a storage account that take access tokens, and the endpoint where an app of Azure gets its own. */
export async function azureStandIn() {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(readableTemporaryFolder('vigia-azure-'));
  const { key, certificate } = selfSignedCertificate();
  const path = (name: string) => join(folder.path, name);
  writeFileSync(path('storage-key.pem'), key);
  writeFileSync(path('storage.pem'), certificate);
  const controlPort = await freePort();
  const sqlServer = opening.use(
    runCommand('sqlserver', [
      ...['--data', path('sql'), '--password', password, '--port', '0'],
      ...['--control-port', `${controlPort}`],
      ...['--access-token', `sa=${administratorToken}`],
      ...Object.values(identities).flatMap((id) => ['--access-token', `${id}=${sqlTokenOf(id)}`]),
    ]),
  );
  const endpoint = await identityEndpoint();
  opening.defer(endpoint.close);
  const ports = { blob: await freePort(), queue: await freePort(), table: await freePort() };
  const secure = ['--oauth', 'basic', '--cert', path('storage.pem'), '--key', path('storage-key.pem')];
  const azurite = await startAzurite(ports, path('azurite'), secure);
  opening.defer(() => azurite.close());
  const ready = await sqlServer.line(/^ready on /, 60_000);
  const server = ready.replace('ready on ', '').replace(':', ',');
  const opened = opening.move();
  const addressOf = (service: keyof typeof ports) => `https://127.0.0.1:${ports[service]}/${account}`;
  return {
    server,
    addressOf,
    /** Where the SQL Server takes faults: dev/sqlserver/README.md. */
    faults: `http://127.0.0.1:${controlPort}/faults`,
    storageCertificate: { key, cert: certificate },
    /** Files for NODE_EXTRA_CA_CERTS, which takes no two certificates of one name. */
    certificateOf: { sqlServer: path('sql/certificate.pem'), storage: path('storage.pem') },
    /** What the platform gives a process that may sign in. */
    environment: { IDENTITY_ENDPOINT: endpoint.address, IDENTITY_HEADER: endpoint.header },
    asAdministrator: (database: string) =>
      `Server=${server};Database=${database};User Id=sa;Password=${password};TrustServerCertificate=true`,
    /** What was asked of the endpoint: resource and client id. */
    asked: endpoint.asked,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The SQL Server knows it by its text. */
function sqlTokenOf(clientId: string): string {
  return `token.of.${clientId}`;
}

/** Azurite looks at the claims, and at no signature. */
function storageToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: 'https://storage.azure.com',
    iss: 'https://sts.windows.net/11111111-2222-3333-4444-555555555555/',
    ...{ iat: now - 60, nbf: now - 60, exp: now + 3_600 },
  };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${part('signature')}`;
}

function tokenFor(resource: string, ofDatabase: string): string {
  if (resource.startsWith('https://database.windows.net')) return ofDatabase;
  return resource === 'https://management.azure.com' ? managementToken : storageToken();
}

/**
 * As App Service has it: https://learn.microsoft.com/azure/app-service/overview-managed-identity (REST endpoint). Who
 * names no identity gets the token of whoever is signed in on the machine.
 */
async function identityEndpoint() {
  const header = 'c0ffee';
  const asked: string[] = [];
  const known: readonly string[] = Object.values(identities);
  const server = createServer(({ headers, url = '' }, response) => {
    const { searchParams } = new URL(url, 'http://127.0.0.1');
    const resource = searchParams.get('resource') ?? '';
    const clientId = searchParams.get('client_id');
    asked.push(`${resource} ${clientId}`);
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (headers['x-identity-header'] !== header)
      return answer(401, { statusCode: 401, message: 'Unauthorized' });
    if (clientId !== null && !known.includes(clientId))
      return answer(400, {
        statusCode: 400,
        message: 'No managed identity found for the specified client id.',
      });
    const ofDatabase = clientId === null ? administratorToken : sqlTokenOf(clientId);
    return answer(200, {
      access_token: tokenFor(resource, ofDatabase),
      expires_on: String(Math.floor(Date.now() / 1000) + 3_600),
      ...{ resource, client_id: clientId, token_type: 'Bearer' },
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    header,
    asked,
    address: `http://127.0.0.1:${port}/msi/token`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
