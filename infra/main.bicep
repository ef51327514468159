targetScope = 'subscription'

import { appSettings } from 'settings.bicep'

@description('The name of the environment, part of the names of its resources.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('The region. Flex Consumption is not in all: az functionapp list-flexconsumption-locations.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances of each group of functions: of the dispatcher, the scan, the poison queue, and all HTTP functions together. Not every region takes less than 40.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances of the dispatcher that always run. With none the first alert after a quiet time waits for a cold start: use 1 in production.')
@minValue(0)
@maxValue(20)
param alwaysReadyDispatchers int = 0

@description('Whether a control database on Azure SQL is created. Without, name a server that is there.')
param createSqlDatabase bool = true

@description('The server of the control database, when none is created: its host name, such as sql.example.com,1433.')
param sqlServerHost string = ''

@description('The control database.')
@minLength(1)
@maxLength(128)
param databaseName string = 'Vigia'

@description('The size of the database that is created. Basic is for a trial: it has sessions for 11 dispatchers.')
@allowed(['Basic', 'S0', 'S1', 'S2', 'S3', 'S4', 'S6', 'S7', 'S9', 'S12', 'GP_Gen5_2', 'GP_Gen5_4', 'GP_Gen5_8'])
param databaseSku string = 'S1'

@description('For how many days the database that is created can be restored to any of their moments. Basic keeps 7 at most.')
@minValue(1)
@maxValue(35)
param backupDays int = 7

@description('Administrator of the server that is created: the object id of a group or a person of Entra. The person who deploys, unless given.')
param sqlAdministratorId string = ''

@description('The name of that administrator, as the portal shows it.')
param sqlAdministratorName string = ''

@description('What that administrator is: a group, unless said otherwise.')
@allowed(['User', 'Group', 'Application'])
param sqlAdministratorType string = empty(sqlAdministratorId) ? 'User' : 'Group'

@description('The connection string of a control database that knows no Entra identities, with its login. Empty: the identity of the app signs in.')
@secure()
param controlDatabase string = ''

@description('The password of the mail server.')
@secure()
param smtpPassword string = ''

@description('CALLBACK_SECRET: signs what gateways tell of messages.')
@secure()
param callbackSecret string = ''

@description('WHATSAPP_APP_SECRET: signs the notifications of the WhatsApp Cloud API.')
@secure()
param whatsappAppSecret string = ''

@description('WHATSAPP_VERIFY_TOKEN: what Meta sends when it asks for the address of the notifications.')
@secure()
param whatsappVerifyToken string = ''

@description('HEARTBEAT_URL: called after each finished scan.')
@secure()
param heartbeatUrl string = ''

@description('OTEL_EXPORTER_OTLP_HEADERS: what an OpenTelemetry collector wants with each request, its key usually.')
@secure()
param otlpHeaders string = ''

@description('Names of further settings whose values somebody puts into the Key Vault: what the tables name as env:NAME, separated by commas.')
param vaultSettings string = ''

@description('Whether app, storage, vault and database meet in a virtual network, and nothing but the app can be reached from the outside.')
param useNetwork bool = false

@description('The address range of that network, of at least /24. It must not overlap with the networks of companies that are to be reached.')
param networkAddressPrefix string = '10.70.0.0/24'

@description('Whether what the app sends comes from one fixed address, through a NAT gateway; with the network, unless said otherwise. Needs the network.')
param fixedOutboundAddress bool = useNetwork

@description('Mail addresses that hear when Vigía itself is in trouble, separated by commas.')
param alertMails string = ''

@description('How late a delivery may go out before they hear of it, in seconds.')
@minValue(1)
param latestDeliverySeconds int = 120

@description('For how many days telemetry is kept.')
@minValue(30)
@maxValue(730)
param telemetryRetentionDays int = 30

@description('Whether nobody can remove a deleted Key Vault before 90 days are over. It cannot be turned off again.')
param protectVaultFromPurge bool = false

@description('Whether database, storage account and vault carry a lock, without whose removal nobody deletes them.')
param lockData bool = false

@description('Whether Log Analytics hears who reads secrets, and who signs in to the database that is created or changes rights and tables there.')
param auditLogs bool = false

@description('Settings of the app, as docs/configuration.md explains them.')
param settings appSettings = {}

@description('Further tags of every resource.')
param extraTags object = {}

var names = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = union(extraTags, { 'azd-env-name': environmentName })

// Whoever is not named becomes the administrator of the database: a person. A group is not known here, and what an
// application is to SQL Server is its application id, which is not known either.
var deployerIsPerson = !empty(deployer().?userPrincipalName)
var administratorIsDeployer = empty(sqlAdministratorId) && deployerIsPerson

// https://learn.microsoft.com/azure/azure-sql/database/resource-limits-dtu-single-databases
var sessionsOf = {
  Basic: 300
  S0: 600
  S1: 900
  S2: 1200
  S3: 2400
  S4: 4800
  S6: 9600
  S7: 19200
  S9: 30000
  S12: 30000
  GP_Gen5_2: 30000
  GP_Gen5_4: 30000
  GP_Gen5_8: 30000
}

// What would be left aside in silence, be paid for without use, or be too much for the database.
var contradictions = filter(
  [
    createSqlDatabase && !(empty(sqlServerHost) && empty(controlDatabase))
      ? 'A control database is named (SQL_SERVER_HOST or CONTROL_DATABASE, of the azd environment or of your shell) and one is to be created: set CREATE_SQL_DATABASE=false, or take the name away.'
      : ''
    !createSqlDatabase && empty(sqlServerHost) && empty(controlDatabase)
      ? 'No control database: name its server in SQL_SERVER_HOST, give a connection string in CONTROL_DATABASE, or leave CREATE_SQL_DATABASE true.'
      : ''
    createSqlDatabase && empty(sqlAdministratorId) && !deployerIsPerson
      ? 'An application deploys: say who administers the database, best a group of which it is a member: SQL_ADMINISTRATOR_ID, SQL_ADMINISTRATOR_NAME, SQL_ADMINISTRATOR_TYPE=Group.'
      : ''
    createSqlDatabase && (empty(sqlAdministratorId) != empty(sqlAdministratorName) || empty(sqlAdministratorId) && sqlAdministratorType != 'User')
      ? 'SQL_ADMINISTRATOR_ID and SQL_ADMINISTRATOR_NAME go together, and SQL_ADMINISTRATOR_TYPE belongs to them.'
      : ''
    createSqlDatabase && databaseSku =~ 'Basic' && backupDays > 7
      ? 'With DATABASE_SKU=Basic BACKUP_DAYS is 7 at most.'
      : ''
    !createSqlDatabase && (databaseSku != 'S1' || backupDays != 7)
      ? 'DATABASE_SKU and BACKUP_DAYS are those of a database that is created, and CREATE_SQL_DATABASE is false: leave them S1 and 7.'
      : ''
    createSqlDatabase && maximumInstanceCount > 40 && (maximumInstanceCount + 4) * 20 > sessionsOf[databaseSku]
      ? 'MAXIMUM_INSTANCE_COUNT=${maximumInstanceCount} takes ${(maximumInstanceCount + 4) * 20} sessions, and the database has ${sessionsOf[databaseSku]}: choose a larger DATABASE_SKU.'
      : ''
    !empty(sqlServerHost) && !empty(controlDatabase)
      ? 'SQL_SERVER_HOST and CONTROL_DATABASE name a control database each: the latter counts, so leave the former empty.'
      : ''
    fixedOutboundAddress && !useNetwork ? 'FIXED_OUTBOUND_ADDRESS needs the network: set USE_NETWORK=true.' : ''
    networkAddressPrefix != '10.70.0.0/24' && !useNetwork
      ? 'NETWORK_ADDRESS_PREFIX is that of the network: set USE_NETWORK=true.'
      : ''
    parseCidr(networkAddressPrefix).cidr > 24 ? 'NETWORK_ADDRESS_PREFIX must be of /24 or larger.' : ''
  ],
  contradiction => !empty(contradiction)
)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${names.resourceGroup}${environmentName}'
  // Every other resource waits for this one.
  location: empty(contradictions) ? location : fail(join(contradictions, ' '))
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    location: location
    name: '${names.managedIdentity}${token}'
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    workspaceName: '${names.logAnalytics}${token}'
    insightsName: '${names.applicationInsights}${token}'
    principalId: identity.outputs.principalId
    retentionDays: telemetryRetentionDays
    tags: tags
  }
}

module network 'modules/network.bicep' = if (useNetwork) {
  scope: group
  params: {
    location: location
    name: '${names.virtualNetwork}${token}'
    addressPrefix: networkAddressPrefix
    fixedOutboundAddress: fixedOutboundAddress
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    location: location
    name: '${names.storageAccount}${token}'
    principalId: identity.outputs.principalId
    isPublic: !useNetwork
    isLocked: lockData
    tags: tags
  }
}

module vault 'modules/key-vault.bicep' = {
  scope: group
  params: {
    location: location
    name: '${names.keyVault}${token}'
    principalId: identity.outputs.principalId
    isPublic: !useNetwork
    protectFromPurge: protectVaultFromPurge
    isLocked: lockData
    auditWorkspaceId: auditLogs ? monitoring.outputs.workspaceId : ''
    secrets: ownSecrets
    tags: tags
  }
}

module sqlDatabase 'modules/sql-database.bicep' = if (createSqlDatabase) {
  scope: group
  params: {
    location: location
    serverName: '${names.sqlServer}${token}'
    databaseName: databaseName
    skuName: databaseSku
    backupDays: backupDays
    administratorId: administratorIsDeployer ? deployer().objectId : sqlAdministratorId
    administratorName: administratorIsDeployer ? deployer().userPrincipalName : sqlAdministratorName
    administratorType: sqlAdministratorType
    isAdministratorNamed: !empty(sqlAdministratorId)
    isPublic: !useNetwork
    isLocked: lockData
    auditWorkspaceId: auditLogs ? monitoring.outputs.workspaceId : ''
    tags: tags
  }
}

// The parts of the storage account, the vault and the database, each with the resource it belongs to.
var storageParts = ['blob', 'queue', 'table']

module storageEndpoints 'modules/private-endpoint.bicep' = [
  for part in storageParts: if (useNetwork) {
    scope: group
    params: {
      location: location
      name: '${names.privateEndpoint}${part}-${token}'
      networkId: network!.outputs.id
      subnetId: network!.outputs.endpointSubnetId
      targetId: storage.outputs.id
      part: part
      tags: tags
    }
  }
]

module vaultEndpoint 'modules/private-endpoint.bicep' = if (useNetwork) {
  scope: group
  params: {
    location: location
    name: '${names.privateEndpoint}vault-${token}'
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    targetId: vault.outputs.id
    part: 'vault'
    tags: tags
  }
}

module sqlEndpoint 'modules/private-endpoint.bicep' = if (useNetwork && createSqlDatabase) {
  scope: group
  params: {
    location: location
    name: '${names.privateEndpoint}sql-${token}'
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    targetId: sqlDatabase!.outputs.id
    part: 'sqlServer'
    tags: tags
  }
}

var ownSecrets = {
  CONTROL_DATABASE: controlDatabase
  SMTP_PASSWORD: smtpPassword
  CALLBACK_SECRET: callbackSecret
  WHATSAPP_APP_SECRET: whatsappAppSecret
  WHATSAPP_VERIFY_TOKEN: whatsappVerifyToken
  HEARTBEAT_URL: heartbeatUrl
  OTEL_EXPORTER_OTLP_HEADERS: otlpHeaders
}

// What the vault holds now or gets from somebody's hand.
var ownSecretNames = map(filter(items(ownSecrets), secret => !empty(secret.value)), secret => secret.key)
var furtherSecretNames = filter(map(split(vaultSettings, ','), name => trim(name)), name => !empty(name))
var secretReferences = toObject(
  union(ownSecretNames, furtherSecretNames),
  name => name,
  name => '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/${replace(name, '_', '-')})'
)

var sqlHost = sqlDatabase.?outputs.host ?? sqlServerHost

var fromResources = {
  AzureWebJobsStorage__blobServiceUri: storage.outputs.blobServiceUri
  AzureWebJobsStorage__queueServiceUri: storage.outputs.queueServiceUri
  AzureWebJobsStorage__tableServiceUri: storage.outputs.tableServiceUri
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.outputs.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
  CONTROL_DATABASE: 'Server=${sqlHost};Database=${databaseName};Authentication=Active Directory Managed Identity;User Id=${identity.outputs.clientId};Encrypt=True'
}

var chosen = toObject(
  filter(items(settings), setting => !empty(setting.?value)),
  setting => setting.key,
  setting => setting.?value
)

module app 'modules/function-app.bicep' = {
  scope: group
  params: {
    location: location
    planName: '${names.functionPlan}${token}'
    name: '${names.functionApp}${token}'
    identityId: identity.outputs.id
    deploymentContainerUri: storage.outputs.deploymentContainerUri
    subnetId: network.?outputs.appSubnetId ?? ''
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyDispatchers: alwaysReadyDispatchers
    appSettings: union(chosen, fromResources, secretReferences)
    tags: tags
  }
  dependsOn: [storageEndpoints, vaultEndpoint, sqlEndpoint]
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    location: location
    insightsId: monitoring.outputs.insightsId
    tags: tags
  }
}

module alertRules 'modules/alert-rules.bicep' = {
  scope: group
  params: {
    location: location
    insightsId: monitoring.outputs.insightsId
    actionGroupName: '${names.actionGroup}${token}'
    mailAddresses: alertMails
    latestDeliverySeconds: latestDeliverySeconds
    tags: tags
  }
}

@description('What azd deploy and the scripts after provisioning need.')
output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP_NAME string = app.outputs.name
output AZURE_KEY_VAULT_NAME string = vault.outputs.name
output AZURE_STORAGE_ACCOUNT_NAME string = storage.outputs.name
output APPLICATIONINSIGHTS_NAME string = monitoring.outputs.insightsName
output VIGIA_URL string = 'https://${app.outputs.host}'
output VIGIA_SQL_HOST string = sqlHost
output VIGIA_SQL_SERVER_ID string = sqlDatabase.?outputs.id ?? ''
output VIGIA_SQL_DATABASE string = databaseName
output VIGIA_IDENTITY_NAME string = identity.outputs.name
output VIGIA_IDENTITY_CLIENT_ID string = identity.outputs.clientId
output VIGIA_OUTBOUND_ADDRESS string = network.?outputs.outboundAddress ?? ''

@description('Who administers the database. azd keeps it, so that the next one who deploys does not take their place.')
output SQL_ADMINISTRATOR_ID string = sqlDatabase.?outputs.administratorId ?? sqlAdministratorId
output SQL_ADMINISTRATOR_NAME string = sqlDatabase.?outputs.administratorName ?? sqlAdministratorName
output SQL_ADMINISTRATOR_TYPE string = sqlAdministratorType
