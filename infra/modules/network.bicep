@description('Where the network is created.')
param location string

@description('The name of the network. What belongs to it is named after it.')
param name string

@description('The address range, of at least /24. It must not overlap with the networks of companies that are to be reached.')
param addressPrefix string

@description('Whether what the app sends to the outside comes from one fixed address, which companies can let through their firewalls.')
param fixedOutboundAddress bool

@description('Tags of every resource.')
param tags object

resource outboundAddress 'Microsoft.Network/publicIPAddresses@2026-03-01' = if (fixedOutboundAddress) {
  name: '${name}-outbound'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource gateway 'Microsoft.Network/natGateways@2026-03-01' = if (fixedOutboundAddress) {
  name: '${name}-nat'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    publicIpAddresses: [{ id: outboundAddress.id }]
  }
}

// The rules of Azure stand: nothing comes in from the internet. The groups are there for an owner's further ones.
resource rules 'Microsoft.Network/networkSecurityGroups@2026-03-01' = {
  name: '${name}-nsg'
  location: location
  tags: tags
}

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        // The app reaches from here: the companies' SQL Servers by peering, VPN or the outbound address.
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          natGateway: fixedOutboundAddress ? { id: gateway.id } : null
          // Said, because it is no longer what a subnet is by itself: webhooks are on the internet, and all goes through here.
          defaultOutboundAccess: !fixedOutboundAddress
          networkSecurityGroup: { id: rules.id }
          delegations: [
            {
              name: 'app'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'private-endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          networkSecurityGroup: { id: rules.id }
          defaultOutboundAccess: false
        }
      }
    ]
  }
}

output id string = network.id
output appSubnetId string = network.properties.subnets[0].id
output endpointSubnetId string = network.properties.subnets[1].id
output outboundAddress string = fixedOutboundAddress ? outboundAddress!.properties.ipAddress : ''
