@description('Where the rules are created.')
param location string

@description('Application Insights, where the rules look.')
param insightsId string

@description('The name of the action group.')
param actionGroupName string

@description('Mail addresses that hear of it, separated by commas.')
param mailAddresses string

@description('How late a delivery may go out, in seconds.')
@minValue(1)
param latestDeliverySeconds int

@description('Tags of every resource.')
param tags object

var addresses = filter(map(split(mailAddresses, ','), address => trim(address)), address => !empty(address))

// What each means and what to do about it stands in docs/operations.md, under the same names.
var rules = [
  {
    name: 'no-finished-scan'
    title: 'Vigía: no scan has finished for 5 minutes'
    severity: 0
    query: loadTextContent('../queries/no-finished-scan.kql')
    threshold: 1
    operator: 'LessThan'
    window: 'PT10M'
  }
  {
    name: 'faults-unreported'
    title: 'Vigía: faults that no administrator was told of'
    severity: 1
    query: loadTextContent('../queries/faults-unreported.kql')
    threshold: 0
    operator: 'GreaterThan'
    window: 'PT15M'
  }
  {
    name: 'late-deliveries'
    title: 'Vigía: deliveries go out late'
    severity: 2
    query: loadTextContent('../queries/late-deliveries.kql')
    threshold: latestDeliverySeconds
    operator: 'GreaterThan'
    window: 'PT15M'
  }
  {
    name: 'failing-functions'
    title: 'Vigía: scans or dispatches fail'
    severity: 1
    query: loadTextContent('../queries/failing-functions.kql')
    threshold: 2
    operator: 'GreaterThan'
    window: 'PT15M'
  }
]

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'vigia'
    enabled: true
    emailReceivers: [
      for (address, index) in addresses: {
        name: 'operator-${index}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alertRules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: rule.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      severity: rule.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      autoMitigate: true
      // A query may name a table in which nothing was written yet.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Maximum'
            metricMeasureColumn: 'value'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [operators.id] }
    }
  }
]
