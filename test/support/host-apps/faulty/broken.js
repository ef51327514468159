class ConfigError extends Error {
  name = 'ConfigError';
}

if (process.env.FAULT === 'configuration')
  throw new ConfigError('SMTP_SERVER is missing.\nSMTP_PORT is no number.');
throw new TypeError('broken on purpose');
