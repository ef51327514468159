@description('Where the workbook is created.')
param location string

@description('Application Insights, where the workbook looks.')
param insightsId string

@description('Tags of every resource.')
param tags object

// The page of the portal that shows how Vigía does: docs/operations.md.
resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insightsId, 'vigia')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Vigía'
    category: 'workbook'
    sourceId: insightsId
    // Its queries name no resource: they ask this one, from wherever the page is opened.
    serializedData: replace(loadTextContent('../workbook.json'), '{insightsId}', insightsId)
  }
}
