using 'main.bicep'

// For work: a dispatcher that is always there, a network, a group that administers the database, and locks on what holds data.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'vigia')
param location = readEnvironmentVariable('AZURE_LOCATION', 'eastus2')
param alwaysReadyDispatchers = 1
param useNetwork = true
param networkAddressPrefix = readEnvironmentVariable('NETWORK_ADDRESS_PREFIX', '10.70.0.0/24')
param fixedOutboundAddress = true
param telemetryRetentionDays = 90
param protectVaultFromPurge = true
param lockData = true
param auditLogs = true
param alertMails = readEnvironmentVariable('ALERT_MAILS', '')

param databaseSku = readEnvironmentVariable('DATABASE_SKU', 'S1')
param backupDays = createSqlDatabase ? int(readEnvironmentVariable('BACKUP_DAYS', '35')) : 7
param sqlAdministratorId = createSqlDatabase && empty(readEnvironmentVariable('SQL_ADMINISTRATOR_ID', ''))
  ? fail('Say who administers the database: SQL_ADMINISTRATOR_ID and SQL_ADMINISTRATOR_NAME, best of a group.')
  : readEnvironmentVariable('SQL_ADMINISTRATOR_ID', '')
param sqlAdministratorName = readEnvironmentVariable('SQL_ADMINISTRATOR_NAME', '')
param sqlAdministratorType = readEnvironmentVariable('SQL_ADMINISTRATOR_TYPE', 'Group')

// A control database that is there already.
param createSqlDatabase = bool(readEnvironmentVariable('CREATE_SQL_DATABASE', 'true'))
param sqlServerHost = readEnvironmentVariable('SQL_SERVER_HOST', '')
param databaseName = readEnvironmentVariable('DATABASE_NAME', 'Vigia')
param controlDatabase = readEnvironmentVariable('CONTROL_DATABASE', '')

param smtpPassword = readEnvironmentVariable('SMTP_PASSWORD', '')
param callbackSecret = readEnvironmentVariable('CALLBACK_SECRET', '')
param whatsappAppSecret = readEnvironmentVariable('WHATSAPP_APP_SECRET', '')
param whatsappVerifyToken = readEnvironmentVariable('WHATSAPP_VERIFY_TOKEN', '')
param heartbeatUrl = readEnvironmentVariable('HEARTBEAT_URL', '')
param otlpHeaders = readEnvironmentVariable('OTLP_HEADERS', '')
param vaultSettings = readEnvironmentVariable('VAULT_SETTINGS', '')
param settings = {
  SMTP_SERVER: readEnvironmentVariable('SMTP_SERVER', '')
  SMTP_USER: readEnvironmentVariable('SMTP_USER', '')
  SMTP_FROM: readEnvironmentVariable('SMTP_FROM', '')
  ALERTS_ONLY: readEnvironmentVariable('ALERTS_ONLY', '')
  ALERTS_TIME_ZONE: readEnvironmentVariable('ALERTS_TIME_ZONE', '')
  DELIVERY_MODE: readEnvironmentVariable('DELIVERY_MODE', '')
  // true, once problems names no row that they would refuse.
  TENANT_REQUIRE_READONLY: readEnvironmentVariable('TENANT_REQUIRE_READONLY', '')
  WEBHOOK_REQUIRE_SECRET: readEnvironmentVariable('WEBHOOK_REQUIRE_SECRET', '')
}
