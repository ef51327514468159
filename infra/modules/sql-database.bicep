@description('Where the server is created.')
param location string

@description('The name of the server.')
param serverName string

@description('The name of the control database.')
param databaseName string

@description('The size of the database, as az sql db list-editions names it.')
param skuName string

@description('For how many days the database can be restored to any of their moments.')
@minValue(1)
@maxValue(35)
param backupDays int

@description('Who may do everything on the server: the object id of a person or a group of Entra, the application id of an application.')
param administratorId string

@description('The name of the administrator, as the portal shows it.')
param administratorName string

@description('What the administrator is.')
@allowed(['User', 'Group', 'Application'])
param administratorType string

@description('Whether somebody has said who that is. The deployment then also sees to it on a server that is there.')
param isAdministratorNamed bool

@description('Whether the server is reached from the outside. Without, only through private endpoints.')
param isPublic bool

@description('Whether a lock keeps everybody from deleting it.')
param isLocked bool

@description('The workspace that hears who signs in, and who changes rights and tables. Empty: none.')
param auditWorkspaceId string

@description('Tags of every resource.')
param tags object

resource server 'Microsoft.Sql/servers@2025-01-01' = {
  name: serverName
  location: location
  tags: tags
  properties: {
    minimalTlsVersion: '1.2'
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    // Counts when the server is created, which needs one.
    administrators: {
      administratorType: 'ActiveDirectory'
      azureADOnlyAuthentication: true
      login: administratorName
      sid: administratorId
      principalType: administratorType
      tenantId: subscription().tenantId
    }
  }
}

resource administrator 'Microsoft.Sql/servers/administrators@2025-01-01' = if (isAdministratorNamed) {
  parent: server
  name: 'ActiveDirectory'
  properties: {
    administratorType: 'ActiveDirectory'
    login: administratorName
    sid: administratorId
    tenantId: subscription().tenantId
  }
}

resource noPasswords 'Microsoft.Sql/servers/azureADOnlyAuthentications@2025-01-01' = {
  parent: server
  name: 'Default'
  properties: { azureADOnlyAuthentication: true }
  dependsOn: [administrator]
}

resource database 'Microsoft.Sql/servers/databases@2025-01-01' = {
  parent: server
  name: databaseName
  location: location
  tags: tags
  sku: { name: skuName }
  properties: {
    // One of Windows': codes are VARCHAR and parameters NVARCHAR, and with one of SQL Server's own no index on a code could be sought.
    collation: 'Latin1_General_100_CI_AS'
  }
}

resource backups 'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies@2025-01-01' = {
  parent: database
  name: 'default'
  properties: { retentionDays: backupDays }
}

// A server whose database is locked cannot be deleted either.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (isLocked) {
  name: 'keep'
  scope: database
  properties: {
    level: 'CanNotDelete'
    notes: 'The control database of Vigía: configuration and records.'
  }
}

// The address range that stands for everything inside Azure, the app among it. Whoever prepares the database from outside
// lets itself in while it does (src/adapters/azure/while-let-in.ts).
resource fromAzure 'Microsoft.Sql/servers/firewallRules@2025-01-01' = if (isPublic) {
  parent: server
  name: 'AllowAllWindowsAzureIps'
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

// The records of a server are written by way of its database master.
resource master 'Microsoft.Sql/servers/databases@2025-01-01' existing = {
  parent: server
  name: 'master'
}

// Its API has been a preview since 2017: the one version that is none knows no groups of logs.
#disable-next-line use-recent-api-versions
resource auditTarget 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(auditWorkspaceId)) {
  name: 'audit'
  scope: master
  properties: {
    workspaceId: auditWorkspaceId
    logs: [{ category: 'SQLSecurityAuditEvents', enabled: true }]
  }
}

resource audit 'Microsoft.Sql/servers/auditingSettings@2025-01-01' = if (!empty(auditWorkspaceId)) {
  parent: server
  name: 'default'
  properties: {
    state: 'Enabled'
    isAzureMonitorTargetEnabled: true
    // Not each statement: the app runs some every minute, and they would fill the workspace.
    auditActionsAndGroups: [
      'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP'
      'FAILED_DATABASE_AUTHENTICATION_GROUP'
      'DATABASE_PRINCIPAL_CHANGE_GROUP'
      'DATABASE_ROLE_MEMBER_CHANGE_GROUP'
      'DATABASE_PERMISSION_CHANGE_GROUP'
      'SCHEMA_OBJECT_PERMISSION_CHANGE_GROUP'
      'SCHEMA_OBJECT_CHANGE_GROUP'
    ]
  }
  dependsOn: [auditTarget]
}

// Of a server that was there before, whoever it had, unless the deployment has named another.
resource standing 'Microsoft.Sql/servers/administrators@2025-01-01' existing = {
  parent: server
  name: 'ActiveDirectory'
}

output id string = server.id
output host string = server.properties.fullyQualifiedDomainName
output databaseName string = database.name
output administratorId string = isAdministratorNamed ? administratorId : standing.properties.sid
output administratorName string = isAdministratorNamed ? administratorName : standing.properties.login
