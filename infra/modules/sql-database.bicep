@description('Where the server is created.')
param location string

@description('The name of the server.')
param serverName string

@description('The name of the control database.')
param databaseName string

@description('The size of the database, as az sql db list-editions names it.')
param skuName string

@description('Who may do everything on the server: the object id of a person, a group or an application of Entra.')
param administratorId string

@description('The name of the administrator, as the portal shows it.')
param administratorName string

@description('What the administrator is.')
@allowed(['User', 'Group', 'Application'])
param administratorType string

@description('Whether the server is reached from the outside. Without, only through private endpoints.')
param isPublic bool

@description('The address of whoever prepares the database from outside Azure. Empty: nobody does.')
param deployerAddress string

@description('Tags of every resource.')
param tags object

resource server 'Microsoft.Sql/servers@2025-01-01' = {
  name: serverName
  location: location
  tags: tags
  properties: {
    minimalTlsVersion: '1.2'
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
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

// The address range that stands for everything inside Azure, the app among it.
resource fromAzure 'Microsoft.Sql/servers/firewallRules@2025-01-01' = if (isPublic) {
  parent: server
  name: 'AllowAllWindowsAzureIps'
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

resource fromDeployer 'Microsoft.Sql/servers/firewallRules@2025-01-01' = if (isPublic && !empty(deployerAddress)) {
  parent: server
  name: 'deployer'
  properties: {
    startIpAddress: deployerAddress
    endIpAddress: deployerAddress
  }
}

output id string = server.id
output host string = server.properties.fullyQualifiedDomainName
output databaseName string = database.name
