import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { bicepParser } from '../../../dev/infra/parse-bicep.ts';
import { valuesAtIndents } from './values-at-indents.ts';
import { valuesOf } from './values-of.ts';

/*
 * What documents promise, and what azd and the program look for, as the templates say it: a compiler finds nothing wrong
 * with a storage account that takes keys.
 */

const parse = await bicepParser();
const read = (file: string) => valuesOf(parse(readFileSync(`infra/${file}.bicep`, 'utf8')));
const main = read('main');
const modules = Object.fromEntries(
  globSync('infra/modules/*.bicep')
    .sort()
    .map((file) => {
      const name = basename(file, '.bicep');
      return [name, read(`modules/${name}`)];
    }),
);
const azd = valuesAtIndents(readFileSync('azure.yaml', 'utf8'));

test('nobody signs in with a key or a password, and nothing is sent unencrypted', () => {
  expect(modules['storage']).toMatchObject({
    'account.sku.name': "'Standard_LRS'",
    'account.properties.allowSharedKeyAccess': 'false',
    'account.properties.allowBlobPublicAccess': 'false',
    'account.properties.allowCrossTenantReplication': 'false',
    'account.properties.defaultToOAuthAuthentication': 'true',
    'account.properties.minimumTlsVersion': "'TLS1_2'",
    'account.properties.supportsHttpsTrafficOnly': 'true',
    'deploymentContainer.properties.publicAccess': "'None'",
  });
  expect(modules['sql-database']).toMatchObject({
    'server.properties.administrators.azureADOnlyAuthentication': 'true',
    'server.properties.minimalTlsVersion': "'1.2'",
    'noPasswords.properties.azureADOnlyAuthentication': 'true',
  });
  expect(modules['key-vault']).toMatchObject({ 'vault.properties.enableRbacAuthorization': 'true' });
  expect(modules['monitoring']).toMatchObject({
    'workspace.properties.features.disableLocalAuth': 'true',
    'insights.properties.DisableLocalAuth': 'true',
  });
  expect(modules['function-app']).toMatchObject({
    'app.properties.httpsOnly': 'true',
    'app.properties.siteConfig.ftpsState': "'Disabled'",
    'app.properties.siteConfig.minTlsVersion': "'1.2'",
    'app.properties.functionAppConfig.deployment.storage.authentication.type': "'UserAssignedIdentity'",
    'noFtpPassword.name': "'ftp'",
    'noFtpPassword.properties.allow': 'false',
    'noScmPassword.name': "'scm'",
    'noScmPassword.properties.allow': 'false',
  });
});

test('with the network storage, vault and database are reached through their private endpoints alone', () => {
  const access = "isPublic ? 'Enabled' : 'Disabled'";
  const rest = "isPublic ? 'Allow' : 'Deny'";
  expect(modules['storage']).toMatchObject({
    'account.properties.publicNetworkAccess': access,
    'account.properties.networkAcls.defaultAction': rest,
  });
  expect(modules['key-vault']).toMatchObject({
    'vault.properties.publicNetworkAccess': access,
    'vault.properties.networkAcls.defaultAction': rest,
  });
  const database = modules['sql-database'] ?? {};
  expect(database).toMatchObject({
    'server.properties.publicNetworkAccess': access,
    'fromAzure if': 'isPublic',
    'fromAzure.name': "'AllowAllWindowsAzureIps'",
    'fromAzure.properties.startIpAddress': "'0.0.0.0'",
    'fromAzure.properties.endIpAddress': "'0.0.0.0'",
  });
  expect(main).toMatchObject({
    'network if': 'useNetwork',
    'storageEndpoints if': 'useNetwork',
    'storageEndpoints.params.targetId': 'storage.outputs.id',
    'vaultEndpoint if': 'useNetwork',
    'vaultEndpoint.params.targetId': 'vault.outputs.id',
    'vaultEndpoint.params.part': "'vault'",
    'sqlEndpoint if': 'useNetwork && createSqlDatabase',
    'sqlEndpoint.params.targetId': 'sqlDatabase!.outputs.id',
    'sqlEndpoint.params.part': "'sqlServer'",
    'app.params.subnetId': "network.?outputs.appSubnetId ?? ''",
  });
  expect(listAt(main, 'storageParts')).toEqual(["'blob'", "'queue'", "'table'"]);
  expect(listAt(main, 'app.dependsOn')).toEqual(['storageEndpoints', 'vaultEndpoint', 'sqlEndpoint']);
  expect(modules['function-app']).toMatchObject({
    'app.properties.virtualNetworkSubnetId': 'empty(subnetId) ? null : subnetId',
    'app.properties.outboundVnetRouting': 'empty(subnetId) ? null : { allTraffic: true }',
  });
  expect(modules['network']).toMatchObject({
    'network.properties.subnets.0.properties.delegations.0.properties.serviceName':
      "'Microsoft.App/environments'",
    'network.properties.addressSpace.addressPrefixes.0': 'addressPrefix',
    'network.properties.subnets.0.properties.networkSecurityGroup.id': 'rules.id',
    'network.properties.subnets.1.properties.networkSecurityGroup.id': 'rules.id',
    'network.properties.subnets.0.properties.addressPrefix': 'cidrSubnet(addressPrefix, 26, 0)',
    'network.properties.subnets.1.properties.addressPrefix': 'cidrSubnet(addressPrefix, 26, 1)',
    'network.properties.subnets.1.properties.defaultOutboundAccess': 'false',
    'output appSubnetId': 'network.properties.subnets[0].id',
    'output endpointSubnetId': 'network.properties.subnets[1].id',
  });
});

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
test('a private endpoint has the zone in which Azure looks for its part', () => {
  expect(modules['private-endpoint']).toMatchObject({
    'zoneNames.blob': "'privatelink.blob.${environment().suffixes.storage}'",
    'zoneNames.queue': "'privatelink.queue.${environment().suffixes.storage}'",
    'zoneNames.table': "'privatelink.table.${environment().suffixes.storage}'",
    'zoneNames.vault': "'privatelink.vaultcore.azure.net'",
    'zoneNames.sqlServer': "'privatelink${environment().suffixes.sqlServerHostname}'",
    'zone.name': 'zoneNames[part]',
    'link.properties.registrationEnabled': 'false',
    'link.properties.virtualNetwork.id': 'networkId',
    'endpoint.properties.subnet.id': 'subnetId',
    'endpoint.properties.privateLinkServiceConnections.0.properties.groupIds.0': 'part',
    'endpoint.properties.privateLinkServiceConnections.0.properties.privateLinkServiceId': 'targetId',
    'names.properties.privateDnsZoneConfigs.0.properties.privateDnsZoneId': 'zone.id',
  });
});

/** What a module's parameter is given, wherever one of that name is; names of resources aside. */
const given: Readonly<Record<string, string | readonly string[]>> = {
  location: 'location',
  tags: 'tags',
  principalId: 'identity.outputs.principalId',
  identityId: 'identity.outputs.id',
  insightsId: 'monitoring.outputs.insightsId',
  networkId: 'network!.outputs.id',
  auditWorkspaceId: "auditLogs ? monitoring.outputs.workspaceId : ''",
  isPublic: '!useNetwork',
  isLocked: 'lockData',
  retentionDays: 'telemetryRetentionDays',
  addressPrefix: 'networkAddressPrefix',
  fixedOutboundAddress: 'fixedOutboundAddress',
  protectFromPurge: 'protectVaultFromPurge',
  secrets: 'ownSecrets',
  databaseName: 'databaseName',
  skuName: 'databaseSku',
  backupDays: 'backupDays',
  administratorId: 'administratorIsDeployer ? deployer().objectId : sqlAdministratorId',
  administratorName: 'administratorIsDeployer ? deployer().userPrincipalName : sqlAdministratorName',
  administratorType: 'sqlAdministratorType',
  isAdministratorNamed: '!empty(sqlAdministratorId)',
  deploymentContainerUri: 'storage.outputs.deploymentContainerUri',
  subnetId: ['network!.outputs.endpointSubnetId', "network.?outputs.appSubnetId ?? ''"],
  targetId: ['storage.outputs.id', 'vault.outputs.id', 'sqlDatabase!.outputs.id'],
  part: ['part', "'vault'", "'sqlServer'"],
  instanceMemoryMB: 'instanceMemoryMB',
  maximumInstanceCount: 'maximumInstanceCount',
  alwaysReadyDispatchers: 'alwaysReadyDispatchers',
  appSettings: 'union(chosen, fromResources, secretReferences)',
  mailAddresses: 'alertMails',
  latestDeliverySeconds: 'latestDeliverySeconds',
};

test('every module gets what was chosen for it', () => {
  const wired = Object.entries(main).flatMap(([path, value]) => {
    const [, name] = /^\w+\.params\.(\w+)$/.exec(path) ?? [];
    if (name === undefined || (/name$/i.test(name) && !(name in given))) return [];
    return [{ path, value, name }];
  });
  expect(wired.length).toBeGreaterThan(50);
  expect(wired.filter(({ name, value }) => ![given[name]].flat().includes(value))).toEqual([]);
});

test('what was chosen stands in the resource, and a part that was not chosen is left out', () => {
  expect(modules['sql-database']).toMatchObject({
    'database.name': 'databaseName',
    'database.sku.name': 'skuName',
    'database.properties.collation': "'Latin1_General_100_CI_AS'",
    'backups.parent': 'database',
    'backups.properties.retentionDays': 'backupDays',
    'administrator if': 'isAdministratorNamed',
    'administrator.properties.sid': 'administratorId',
    'administrator.properties.login': 'administratorName',
    'administrator.properties.administratorType': "'ActiveDirectory'",
    'administrator.properties.tenantId': 'subscription().tenantId',
    'server.properties.administrators.administratorType': "'ActiveDirectory'",
    'server.properties.administrators.tenantId': 'subscription().tenantId',
    'server.properties.administrators.login': 'administratorName',
    'server.properties.administrators.principalType': 'administratorType',
    'server.properties.administrators.sid': 'administratorId',
    'lock.scope': 'database',
    'audit if': '!empty(auditWorkspaceId)',
    'audit.properties.state': "'Enabled'",
    'audit.properties.isAzureMonitorTargetEnabled': 'true',
    'auditTarget if': '!empty(auditWorkspaceId)',
    'auditTarget.scope': 'master',
    'auditTarget.properties.workspaceId': 'auditWorkspaceId',
    'auditTarget.properties.logs.0.category': "'SQLSecurityAuditEvents'",
    'auditTarget.properties.logs.0.enabled': 'true',
    'master.name': "'master'",
  });
  expect(modules['key-vault']).toMatchObject({
    'vault.properties.tenantId': 'subscription().tenantId',
    'vault.properties.sku.name': "'standard'",
    'vault.properties.enableSoftDelete': 'true',
    'vault.properties.softDeleteRetentionInDays': '90',
    'vault.properties.enablePurgeProtection': 'protectFromPurge ? true : null',
    'vault.properties.networkAcls.bypass': "'AzureServices'",
    'stored if': '!empty(secret.value)',
    'stored.properties.value': 'secret.value',
    'lock.scope': 'vault',
    'audit if': '!empty(auditWorkspaceId)',
    'audit.scope': 'vault',
    'audit.properties.workspaceId': 'auditWorkspaceId',
    'audit.properties.logs.0.categoryGroup': "'audit'",
    'audit.properties.logs.0.enabled': 'true',
  });
  expect(modules['storage']).toMatchObject({ 'lock.scope': 'account' });
  for (const name of ['sql-database', 'key-vault', 'storage'])
    expect(modules[name]).toMatchObject({ 'lock if': 'isLocked', 'lock.properties.level': "'CanNotDelete'" });
  expect(modules['monitoring']).toMatchObject({ 'workspace.properties.retentionInDays': 'retentionDays' });
  expect(modules['network']).toMatchObject({
    'gateway if': 'fixedOutboundAddress',
    'gateway.sku.name': "'Standard'",
    'outboundAddress.sku.name': "'Standard'",
    'gateway.properties.publicIpAddresses.0.id': 'outboundAddress.id',
    'outboundAddress if': 'fixedOutboundAddress',
    'outboundAddress.properties.publicIPAllocationMethod': "'Static'",
    'output outboundAddress': "fixedOutboundAddress ? outboundAddress!.properties.ipAddress : ''",
  });
  const scale = 'app.properties.functionAppConfig.scaleAndConcurrency';
  expect(modules['function-app']).toMatchObject({
    'plan.sku.name': "'FC1'",
    'plan.sku.tier': "'FlexConsumption'",
    'plan.kind': "'functionapp'",
    'plan.properties.reserved': 'true',
    'app.kind': "'functionapp,linux'",
    'app.properties.functionAppConfig.deployment.storage.type': "'blobContainer'",
    'app.properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId':
      'identityId',
    'app.properties.functionAppConfig.runtime.name': "'node'",
    'app.properties.serverFarmId': 'plan.id',
    'app.properties.functionAppConfig.deployment.storage.value': 'deploymentContainerUri',
    [`${scale}.instanceMemoryMB`]: 'instanceMemoryMB',
    [`${scale}.maximumInstanceCount`]: 'maximumInstanceCount',
    [`${scale}.alwaysReady`]:
      'alwaysReadyDispatchers == 0 ? [] : [{ name: dispatcher, instanceCount: alwaysReadyDispatchers }]',
  });
});

test('the identity has its roles on the resource that it uses, and on no group or subscription', () => {
  const scopes = Object.entries(modules).flatMap(([file, values]) =>
    Object.keys(values)
      .filter((path) => path.endsWith('.properties.roleDefinitionId'))
      .map((path) => {
        const name = path.split('.')[0] ?? '';
        const { [`${name}.scope`]: scope, [`${name}.properties.principalType`]: type } = values;
        const role = /, (\w+)\)$/.exec(values[`${name}.properties.roleDefinitionId`] ?? '')?.[1];
        return [file, scope, values[`${name}.properties.principalId`], type, role];
      }),
  );
  expect(scopes).toEqual([
    ['key-vault', 'vault', 'principalId', "'ServicePrincipal'", 'keyVaultSecretsUser'],
    ['monitoring', 'insights', 'principalId', "'ServicePrincipal'", 'monitoringMetricsPublisher'],
    ['storage', 'account', 'principalId', "'ServicePrincipal'", 'roleId'],
  ]);
});

test('the app reaches everything as its identity, and secrets through the Key Vault win over all else', () => {
  expect(objectAt(main, 'fromResources')).toEqual({
    AzureWebJobsStorage__blobServiceUri: 'storage.outputs.blobServiceUri',
    AzureWebJobsStorage__queueServiceUri: 'storage.outputs.queueServiceUri',
    AzureWebJobsStorage__tableServiceUri: 'storage.outputs.tableServiceUri',
    AzureWebJobsStorage__credential: "'managedidentity'",
    AzureWebJobsStorage__clientId: 'identity.outputs.clientId',
    APPLICATIONINSIGHTS_CONNECTION_STRING: 'monitoring.outputs.connectionString',
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "'ClientId=${identity.outputs.clientId};Authorization=AAD'",
    CONTROL_DATABASE: expect.stringMatching(
      /^'Server=\$\{sqlHost\};.*Authentication=Active Directory Managed Identity;User Id=\$\{identity\.outputs\.clientId\};Encrypt=True'$/,
    ),
  });
  expect(objectAt(main, 'ownSecrets')).toEqual({
    CONTROL_DATABASE: 'controlDatabase',
    SMTP_PASSWORD: 'smtpPassword',
    CALLBACK_SECRET: 'callbackSecret',
    WHATSAPP_APP_SECRET: 'whatsappAppSecret',
    WHATSAPP_VERIFY_TOKEN: 'whatsappVerifyToken',
    HEARTBEAT_URL: 'heartbeatUrl',
    OTEL_EXPORTER_OTLP_HEADERS: 'otlpHeaders',
  });
  expect(main['secretReferences']).toContain(
    "'@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/${replace(name, '_', '-')})'",
  );
  expect(main['secretReferences']).toContain('union(ownSecretNames, furtherSecretNames)');
  expect(main).toMatchObject({
    ownSecretNames: 'map(filter(items(ownSecrets), secret => !empty(secret.value)), secret => secret.key)',
    furtherSecretNames: "filter(map(split(vaultSettings, ','), name => trim(name)), name => !empty(name))",
    chosen: expect.stringContaining('filter(items(settings), setting => !empty(setting.?value))'),
  });
  expect(modules['key-vault']?.['stored.name']).toBe("replace(secret.key, '_', '-')");
  expect(modules['function-app']).toMatchObject({
    'app.properties.keyVaultReferenceIdentity': 'identityId',
    'app.identity.type': "'UserAssigned'",
    'app.identity.userAssignedIdentities.${identityId}': '{}',
    'settings.name': "'appsettings'",
    'settings.properties': 'appSettings',
  });
});

test('azd finds the environment and the service by their tags', () => {
  expect(main['tags']).toBe("union(extraTags, { 'azd-env-name': environmentName })");
  expect(main['group.tags']).toBe('tags');
  const services = new Set(Object.keys(azd).map((path) => /^services\.(\w+)\./.exec(path)?.[1] ?? ''));
  services.delete('');
  expect([...services]).toEqual(['vigia']);
  expect(modules['function-app']?.['app.tags']).toBe("union(tags, { 'azd-service-name': 'vigia' })");
  const taggable = Object.values(modules).flatMap((values) =>
    Object.keys(values)
      .filter((path) => path.endsWith('.location'))
      .map((path) => values[path.replace(/location$/, 'tags')]),
  );
  expect(taggable.length).toBeGreaterThan(12);
  expect(taggable.filter((tags) => !/\btags\b/.test(tags ?? ''))).toEqual([]);
});

test('azd checks before it creates, prepares the database after that, and packs before it uploads', () => {
  const steps = Object.entries(azd).flatMap(([path, value]) => {
    const [, step] = /^(.*)\.run$/.exec(path) ?? [];
    return step === undefined ? [] : [[step, value]];
  });
  expect(Object.fromEntries(steps)).toEqual({
    'services.vigia.hooks.prepackage.posix': 'npm run package',
    'services.vigia.hooks.prepackage.windows': 'npm run package',
    'hooks.preprovision.posix': 'npm run check-deployment',
    'hooks.preprovision.windows': 'npm run check-deployment',
    'hooks.postprovision.posix': 'npm run prepare-database -- --or-print',
    'hooks.postprovision.windows': 'npm run prepare-database -- --or-print',
  });
  for (const [step, shell] of [
    ['posix', 'sh'],
    ['windows', 'pwsh'],
  ] as const) {
    const ran = Object.entries(azd).filter(([path]) => path.endsWith(`.${step}.shell`));
    expect(ran.map(([, value]) => value)).toEqual([shell, shell, shell]);
    expect(azd).toMatchObject({
      [`hooks.postprovision.${step}.interactive`]: 'true',
      [`hooks.postprovision.${step}.secrets`]: '{ CONTROL_DATABASE: CONTROL_DATABASE }',
    });
  }
  expect(azd).toMatchObject({
    'infra.path': 'infra',
    'infra.module': 'main',
    'services.vigia.host': 'function',
    'services.vigia.language': 'ts',
    'services.vigia.project': '.',
    'services.vigia.remoteBuild': 'false',
  });
});

test('the deployment puts out what the scripts after it and the documents read', () => {
  expect(main).toMatchObject({
    'output AZURE_RESOURCE_GROUP': 'group.name',
    'output AZURE_FUNCTION_APP_NAME': 'app.outputs.name',
    'output AZURE_KEY_VAULT_NAME': 'vault.outputs.name',
    'output VIGIA_URL': "'https://${app.outputs.host}'",
    'output VIGIA_SQL_HOST': 'sqlHost',
    'output VIGIA_SQL_DATABASE': 'databaseName',
    'output VIGIA_IDENTITY_NAME': 'identity.outputs.name',
    'output VIGIA_IDENTITY_CLIENT_ID': 'identity.outputs.clientId',
    'output VIGIA_OUTBOUND_ADDRESS': "network.?outputs.outboundAddress ?? ''",
    sqlHost: 'sqlDatabase.?outputs.host ?? sqlServerHost',
  });
  const texts = ['src/prepare-database.ts', 'docs/deploying.md'].map((file) => readFileSync(file, 'utf8'));
  const named = new Set(texts.flatMap((text) => text.match(/\bVIGIA_[A-Z_]+\b/g) ?? []));
  expect(named.size).toBeGreaterThan(4);
  expect([...named].filter((name) => main[`output ${name}`] === undefined)).toEqual([]);
  expect(modules['identity']).toMatchObject({
    'output id': 'identity.id',
    'output name': 'identity.name',
    'output clientId': 'identity.properties.clientId',
    'output principalId': 'identity.properties.principalId',
  });
  expect(modules['sql-database']).toMatchObject({
    'output host': 'server.properties.fullyQualifiedDomainName',
    'output administratorId': 'isAdministratorNamed ? administratorId : standing.properties.sid',
  });
});

test('what nobody chose is what can be taken back, without a network, locks or instances that always run', () => {
  expect(main).toMatchObject({
    alwaysReadyDispatchers: '0',
    createSqlDatabase: 'true',
    databaseName: "'Vigia'",
    databaseSku: "'S1'",
    backupDays: '7',
    useNetwork: 'false',
    protectVaultFromPurge: 'false',
    lockData: 'false',
    auditLogs: 'false',
    latestDeliverySeconds: '120',
    telemetryRetentionDays: '30',
  });
});

test('each alert rings for what docs/operations.md says', () => {
  const alerts = modules['alert-rules'] ?? {};
  const rules = [0, 1, 2, 3].map((index) => objectAt(alerts, `rules.${index}`));
  const whenOver = { operator: "'GreaterThan'", window: "'PT15M'" };
  expect(rules).toMatchObject([
    { name: "'no-finished-scan'", severity: '0', operator: "'LessThan'", threshold: '1', window: "'PT10M'" },
    { name: "'faults-unreported'", severity: '1', threshold: '0', ...whenOver },
    { name: "'late-deliveries'", severity: '2', threshold: 'latestDeliverySeconds', ...whenOver },
    { name: "'failing-functions'", severity: '1', threshold: '2', ...whenOver },
  ]);
  for (const { name = '', query } of rules) {
    const file = `../queries/${name.replaceAll("'", '')}.kql`;
    expect(query).toBe(`loadTextContent('${file}')`);
    expect(readFileSync(`infra/modules/${file}`, 'utf8')).toMatch(/\bvalue = /);
  }
  const rule = 'alertRules.properties';
  expect(alerts).toMatchObject({
    'alertRules.kind': "'LogAlert'",
    [`${rule}.enabled`]: 'true',
    [`${rule}.skipQueryValidation`]: 'true',
    [`${rule}.severity`]: 'rule.severity',
    [`${rule}.evaluationFrequency`]: "'PT5M'",
    [`${rule}.windowSize`]: 'rule.window',
    [`${rule}.autoMitigate`]: 'true',
    [`${rule}.scopes.0`]: 'insightsId',
    [`${rule}.criteria.allOf.0.query`]: 'rule.query',
    [`${rule}.criteria.allOf.0.timeAggregation`]: "'Maximum'",
    [`${rule}.criteria.allOf.0.metricMeasureColumn`]: "'value'",
    [`${rule}.criteria.allOf.0.operator`]: 'rule.operator',
    [`${rule}.criteria.allOf.0.threshold`]: 'rule.threshold',
    [`${rule}.criteria.allOf.0.failingPeriods.minFailingPeriodsToAlert`]: '1',
    [`${rule}.actions.actionGroups.0`]: 'operators.id',
    'operators.properties.enabled': 'true',
    'operators.properties.emailReceivers.emailAddress': 'address',
  });
});

test('each alert asks for what its name says, and gives one row, also when nothing came', () => {
  const asked = (name: string) =>
    readFileSync(`infra/queries/${name}.kql`, 'utf8')
      .replaceAll(/^\/\/.*\n/gm, '')
      .trim()
      .split(/\r?\n/);
  expect(asked('no-finished-scan')).toEqual([
    'customMetrics',
    expect.stringMatching(/^\| where name == "vigia\.scan\.duration" and timestamp > ago\(\d+m\)$/),
    '| summarize value = count()',
  ]);
  expect(asked('faults-unreported')).toEqual([
    'customMetrics',
    '| where name == "vigia.faults.unreported"',
    '| summarize arg_max(timestamp, valueSum)',
    '| project value = coalesce(valueSum, 0.0)',
  ]);
  expect(asked('late-deliveries')).toEqual([
    'customMetrics',
    '| where name == "vigia.delivery.lateness"',
    '| summarize value = coalesce(max(valueMax), 0.0)',
  ]);
  expect(asked('failing-functions')).toEqual([
    'union requests, dependencies',
    '| where cloud_RoleName == "vigia" and success == false',
    '| where itemType == "request" or name == "scan"',
    '| summarize value = sum(itemCount)',
  ]);
});

/** The last steps of the paths below it, with their values. */
function objectAt(values: Readonly<Record<string, string>>, path: string): Record<string, string> {
  const below = Object.entries(values).filter(([one]) => one.startsWith(`${path}.`));
  return Object.fromEntries(below.map(([one, value]) => [one.slice(path.length + 1), value]));
}

function listAt(values: Readonly<Record<string, string>>, path: string): string[] {
  return Object.values(objectAt(values, path));
}
