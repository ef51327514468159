@description('Where the vault is created.')
param location string

@description('The name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('The identity that reads the secrets.')
param principalId string

@description('Whether the vault is reached from the outside. Without, only through private endpoints.')
param isPublic bool

@description('Whether nobody, not even the owner, can remove a deleted vault before 90 days are over. It cannot be turned off again.')
param protectFromPurge bool

@description('Names of settings and their values. What is empty is not stored, and what is there already stays.')
@secure()
param secrets object

@description('Whether a lock keeps everybody from deleting it.')
param isLocked bool

@description('The workspace that hears who reads and changes secrets. Empty: none.')
param auditWorkspaceId string

@description('Tags of every resource.')
param tags object

var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: protectFromPurge ? true : null
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPublic ? 'Allow' : 'Deny'
    }
  }
}

// A setting's name with an underscore is none of a secret's: it gets a hyphen.
resource stored 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = [
  for secret in items(secrets): if (!empty(secret.value)) {
    parent: vault
    name: replace(secret.key, '_', '-')
    properties: { value: secret.value }
  }
]

resource mayRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, keyVaultSecretsUser)
  scope: vault
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (isLocked) {
  name: 'keep'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds secrets that stand nowhere else.'
  }
}

// Its API has been a preview since 2017: the one version that is none knows no groups of logs.
#disable-next-line use-recent-api-versions
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(auditWorkspaceId)) {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: auditWorkspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
