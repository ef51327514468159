using 'main.bicep'

// For trying it out: everything that costs while idle is off.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'vigia-dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'eastus2')
param alertMails = readEnvironmentVariable('ALERT_MAILS', '')

param useNetwork = bool(readEnvironmentVariable('USE_NETWORK', 'false'))
param networkAddressPrefix = readEnvironmentVariable('NETWORK_ADDRESS_PREFIX', '10.70.0.0/24')

param databaseSku = createSqlDatabase ? readEnvironmentVariable('DATABASE_SKU', 'Basic') : 'S1'
param backupDays = int(readEnvironmentVariable('BACKUP_DAYS', '7'))
param sqlAdministratorId = readEnvironmentVariable('SQL_ADMINISTRATOR_ID', '')
param sqlAdministratorName = readEnvironmentVariable('SQL_ADMINISTRATOR_NAME', '')
param sqlAdministratorType = empty(sqlAdministratorId)
  ? 'User'
  : readEnvironmentVariable('SQL_ADMINISTRATOR_TYPE', 'Group')

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
}
