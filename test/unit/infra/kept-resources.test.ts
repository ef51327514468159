import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { bicepParser } from '../../../dev/infra/parse-bicep.ts';
import { readTemplate } from '../../../dev/infra/read-template.ts';
import { valuesOf } from './values-of.ts';

const parse = await bicepParser();
const texts = globSync('infra/modules/*.bicep').map(
  (file) => [basename(file, '.bicep'), readFileSync(file, 'utf8')] as const,
);
const modules = new Map(texts.map(([name, text]) => [name, parse(text)]));
const main = readFileSync('infra/main.bicep', 'utf8');

const role = 'Authorization/roleAssignments';
const lock = 'Authorization/locks';
const records = 'Insights/diagnosticSettings';
const account = 'Storage/storageAccounts';
const server = 'Sql/servers';

test('every resource that the documents name is created', () => {
  const types = [...modules].map(([name, root]) => {
    const { resources } = readTemplate(root);
    return [name, resources.map(({ type }) => type.replace('Microsoft.', ''))];
  });
  expect(Object.fromEntries(types)).toEqual({
    'alert-rules': ['Insights/actionGroups', 'Insights/scheduledQueryRules'],
    'function-app': [
      'Web/serverfarms',
      'Web/sites',
      'config',
      'basicPublishingCredentialsPolicies',
      'basicPublishingCredentialsPolicies',
    ],
    identity: ['ManagedIdentity/userAssignedIdentities'],
    'key-vault': ['KeyVault/vaults', 'KeyVault/vaults/secrets', role, lock, records],
    monitoring: ['OperationalInsights/workspaces', 'Insights/components', role],
    network: [
      'Network/publicIPAddresses',
      'Network/natGateways',
      'Network/networkSecurityGroups',
      'Network/virtualNetworks',
    ],
    'private-endpoint': [
      'Network/privateDnsZones',
      'Network/privateDnsZones/virtualNetworkLinks',
      'Network/privateEndpoints',
      'Network/privateEndpoints/privateDnsZoneGroups',
    ],
    'sql-database': [
      server,
      `${server}/administrators`,
      `${server}/azureADOnlyAuthentications`,
      `${server}/databases`,
      `${server}/databases/backupShortTermRetentionPolicies`,
      lock,
      `${server}/firewallRules`,
      `${server}/databases`,
      records,
      `${server}/auditingSettings`,
      `${server}/administrators`,
    ],
    storage: [
      account,
      `${account}/blobServices`,
      `${account}/blobServices/containers`,
      `${account}/queueServices`,
      `${account}/queueServices/queues`,
      role,
      lock,
    ],
    workbook: ['Insights/workbooks'],
  });
  expect(main).toMatch(/^targetScope = 'subscription'$/m);
});

test('a module puts out what belongs to its own resource', () => {
  const outputs = [...modules].flatMap(([name, root]) =>
    Object.entries(valuesOf(root))
      .filter(([path]) => path.startsWith('output '))
      .map(([path, value]) => [path.replace('output', name), value]),
  );
  expect(Object.fromEntries(outputs)).toMatchObject({
    'function-app name': 'app.name',
    'function-app host': 'app.properties.defaultHostName',
    'key-vault id': 'vault.id',
    'key-vault name': 'vault.name',
    'key-vault uri': 'vault.properties.vaultUri',
    'monitoring workspaceId': 'workspace.id',
    'monitoring insightsId': 'insights.id',
    'monitoring connectionString': 'insights.properties.ConnectionString',
    'network id': 'network.id',
    'sql-database id': 'server.id',
    'sql-database administratorName': 'isAdministratorNamed ? administratorName : standing.properties.login',
    'storage id': 'account.id',
    'storage blobServiceUri': 'account.properties.primaryEndpoints.blob',
    'storage queueServiceUri': 'account.properties.primaryEndpoints.queue',
    'storage tableServiceUri': 'account.properties.primaryEndpoints.table',
    'storage deploymentContainerUri':
      "'${account.properties.primaryEndpoints.blob}${deploymentContainer.name}'",
  });
});

test('a resource has the name that it was given, or the one by which Azure knows it', () => {
  const names = [...modules].map(([module, root]) => {
    const named = Object.entries(valuesOf(root)).filter(([path]) => /^\w+\.name$/.test(path));
    return [module, named.map(([path, value]) => `${path.split('.')[0] ?? ''} ${value}`)];
  });
  expect(Object.fromEntries(names)).toEqual({
    'alert-rules': ['operators actionGroupName', 'alertRules rule.name'],
    'function-app': [
      'plan planName',
      'app name',
      "settings 'appsettings'",
      "noFtpPassword 'ftp'",
      "noScmPassword 'scm'",
    ],
    identity: ['identity name'],
    'key-vault': [
      'vault name',
      "stored replace(secret.key, '_', '-')",
      'mayRead guid(vault.id, principalId, keyVaultSecretsUser)',
      "lock 'keep'",
      "audit 'audit'",
    ],
    monitoring: [
      'workspace workspaceName',
      'insights insightsName',
      'mayPublish guid(insights.id, principalId, monitoringMetricsPublisher)',
    ],
    network: [
      "outboundAddress '${name}-outbound'",
      "gateway '${name}-nat'",
      "rules '${name}-nsg'",
      'network name',
    ],
    'private-endpoint': [
      'zone zoneNames[part]',
      "link last(split(networkId, '/'))",
      'endpoint name',
      "names 'default'",
    ],
    'sql-database': [
      'server serverName',
      "administrator 'ActiveDirectory'",
      "noPasswords 'Default'",
      'database databaseName',
      "backups 'default'",
      "lock 'keep'",
      "fromAzure 'AllowAllWindowsAzureIps'",
      "master 'master'",
      "auditTarget 'audit'",
      "audit 'default'",
      "standing 'ActiveDirectory'",
    ],
    storage: [
      'account name',
      "blobService 'default'",
      'deploymentContainer deploymentContainerName',
      "queueService 'default'",
      'queues queueName',
      'mayUse guid(account.id, principalId, roleId)',
      "lock 'keep'",
    ],
    workbook: ["workbook guid(insightsId, 'vigia')"],
  });
});

test('Application Insights writes to the workspace, and the workbook asks Application Insights', () => {
  const at = (name: string) => valuesOf(modules.get(name) ?? parse(''));
  expect(at('monitoring')['insights.properties.WorkspaceResourceId']).toBe('workspace.id');
  expect(at('workbook')['workbook.properties.sourceId']).toBe('insightsId');
  expect(at('workbook')['workbook.kind']).toBe("'shared'");
});

/** https://learn.microsoft.com/azure/azure-sql/database/audit-log-format */
test('what is recorded of the database is what docs/security.md names', () => {
  const database = valuesOf(modules.get('sql-database') ?? parse(''));
  const groups = Object.entries(database).filter(([path]) => path.includes('auditActionsAndGroups.'));
  expect(groups.map(([, value]) => value.replaceAll("'", ''))).toEqual([
    'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP',
    'FAILED_DATABASE_AUTHENTICATION_GROUP',
    'DATABASE_PRINCIPAL_CHANGE_GROUP',
    'DATABASE_ROLE_MEMBER_CHANGE_GROUP',
    'DATABASE_PERMISSION_CHANGE_GROUP',
    'SCHEMA_OBJECT_PERMISSION_CHANGE_GROUP',
    'SCHEMA_OBJECT_CHANGE_GROUP',
  ]);
});

test('parameters are bounded as the services bound them', () => {
  const bounds = readTemplate(parse(main)).parameters.flatMap(({ name, least, most }) =>
    least === null && most === null ? [] : [[name, [least, most]]],
  );
  expect(Object.fromEntries(bounds)).toMatchObject({
    maximumInstanceCount: [1, 1000],
    alwaysReadyDispatchers: [0, 20],
    backupDays: [1, 35],
    latestDeliverySeconds: [1, null],
    telemetryRetentionDays: [30, 730],
  });
});

test('a setting with few values may also be empty, which is what azd gives of a variable that is not set', () => {
  const settings = readFileSync('infra/settings.bicep', 'utf8');
  const choices = settings.match(/: \(.*\)\?$/gm) ?? [];
  expect(choices.length).toBeGreaterThan(5);
  expect(choices.filter((choice) => !choice.startsWith(": ('' | "))).toEqual([]);
  expect(settings.match(/^ {2}\w+: .*[^?\n]$/gm)).toBeNull();
});

test('names begin as Azure lets them begin', () => {
  const { storageAccount, ...names }: Record<string, string> = JSON.parse(
    readFileSync('infra/abbreviations.json', 'utf8'),
  );
  expect(storageAccount).toMatch(/^[a-z]{2,}$/);
  for (const name of Object.values(names)) expect(name).toMatch(/^[a-z]+-$/);
});
