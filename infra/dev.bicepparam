using 'main.bicep'

// For trying it out: everything that costs while idle is off.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'vigia-dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'eastus2')
param databaseSku = 'Basic'
param deployerAddress = readEnvironmentVariable('DEPLOYER_ADDRESS', '')
param alertMails = readEnvironmentVariable('ALERT_MAILS', '')
param smtpPassword = readEnvironmentVariable('SMTP_PASSWORD', '')
param settings = {
  SMTP_SERVER: readEnvironmentVariable('SMTP_SERVER', '')
  SMTP_USER: readEnvironmentVariable('SMTP_USER', '')
  SMTP_FROM: readEnvironmentVariable('SMTP_FROM', '')
}
