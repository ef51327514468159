@description('Where plan and app are created.')
param location string

@description('The name of the plan.')
param planName string

@description('The name of the app, part of its address.')
param name string

@description('The identity of the app.')
param identityId string

@description('The container from which the platform starts the app.')
param deploymentContainerUri string

@description('The subnet from which the app reaches companies and private endpoints. Empty: none.')
param subnetId string

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('The most instances of each group of functions.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances of the dispatcher that always run, so that alerts go out on their second.')
@minValue(0)
@maxValue(20)
param alwaysReadyDispatchers int

@description('The settings of the app: names and values.')
param appSettings object

@description('Tags of every resource.')
param tags object

// Instances of a function scale on their own, under this name.
var dispatcher = 'function:dispatch-alert'

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds by this tag where the service vigia of azure.yaml goes.
  tags: union(tags, { 'azd-service-name': 'vigia' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    outboundVnetRouting: empty(subnetId) ? null : { allTraffic: true }
    siteConfig: {
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'node', version: '22' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyDispatchers == 0 ? [] : [{ name: dispatcher, instanceCount: alwaysReadyDispatchers }]
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: appSettings
  }

  // Passwords for uploading are of no use: azd and az sign in.
  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output name string = app.name
output host string = app.properties.defaultHostName
