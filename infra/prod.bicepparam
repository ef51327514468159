using 'main.bicep'

// For work: a dispatcher that is always there, a network, and nothing that can be removed by mistake.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'vigia')
param location = readEnvironmentVariable('AZURE_LOCATION', 'eastus2')
param sqlAdministratorId = readEnvironmentVariable('SQL_ADMINISTRATOR_ID', '')
param sqlAdministratorName = readEnvironmentVariable('SQL_ADMINISTRATOR_NAME', '')
param sqlAdministratorType = readEnvironmentVariable('SQL_ADMINISTRATOR_TYPE', 'User')
param databaseSku = 'S1'
param alwaysReadyDispatchers = 1
param useNetwork = true
param fixedOutboundAddress = true
param telemetryRetentionDays = 90
param protectVaultFromPurge = true
param alertMails = readEnvironmentVariable('ALERT_MAILS', '')
param smtpPassword = readEnvironmentVariable('SMTP_PASSWORD', '')
param settings = {
  SMTP_SERVER: readEnvironmentVariable('SMTP_SERVER', '')
  SMTP_USER: readEnvironmentVariable('SMTP_USER', '')
  SMTP_FROM: readEnvironmentVariable('SMTP_FROM', '')
  TENANT_REQUIRE_READONLY: 'true'
  WEBHOOK_REQUIRE_SECRET: 'true'
}
