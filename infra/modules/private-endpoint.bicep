@description('Where the endpoint is created: where its network is.')
param location string

@description('The name of the endpoint.')
param name string

@description('The network whose names resolve to the endpoint.')
param networkId string

@description('The subnet of the endpoint.')
param subnetId string

@description('The resource that is reached.')
param targetId string

@description('The part of it: blob, queue, table, vault or sqlServer.')
@allowed(['blob', 'queue', 'table', 'vault', 'sqlServer'])
param part string

@description('Tags of every resource.')
param tags object

var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: 'privatelink.vaultcore.azure.net'
  sqlServer: 'privatelink${environment().suffixes.sqlServerHostname}'
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zoneNames[part]
  location: 'global'
  tags: tags
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: last(split(networkId, '/'))
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: networkId }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2026-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: name
        properties: {
          privateLinkServiceId: targetId
          groupIds: [part]
        }
      }
    ]
  }
}

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: part
        properties: { privateDnsZoneId: zone.id }
      }
    ]
  }
}
