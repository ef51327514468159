// The settings of src/variables.ts that whoever deploys may choose. What is left out or empty has the default that
// docs/configuration.md names. The others follow from the resources, or are secrets and stand in the Key Vault.

@export()
@description('Settings of the app, as docs/configuration.md explains them.')
@sealed()
type appSettings = {
  @description('Server for the mails to administrators. Without it the reports wait.')
  SMTP_SERVER: string?

  @description('Its port.')
  SMTP_PORT: string?

  @description('TLS from the first byte.')
  SMTP_SECURE: ('' | 'true' | 'false')?

  @description('Login of the mail server.')
  SMTP_USER: string?

  @description('Sender of the mails.')
  SMTP_FROM: string?

  @description('Zone of the tenants without emp_ZonaHoraria.')
  ALERTS_TIME_ZONE: string?

  @description('The day that 1 means in cfg_DiasSemana.')
  ALERTS_WEEK_STARTS_ON: ('' | 'monday' | 'sunday')?

  @description('Runs these tenants and alerts alone.')
  ALERTS_ONLY: string?

  @description('How far from now an occurrence may lie to be picked up.')
  ALERTS_WINDOW_MINUTES: string?

  @description('How far back missed occurrences are recorded one by one.')
  ALERTS_MISSED_DAYS: string?

  @description('How late an alert may still go out.')
  ALERTS_CATCH_UP_MINUTES: string?

  @description('How long before its instant an execution is prepared.')
  ALERTS_PREPARE_SECONDS: string?

  @description('After how long another dispatch may take an execution over.')
  EXECUTION_LEASE_SECONDS: string?

  @description('Dispatches of one tenant that may wait at once.')
  TENANT_SLOTS: string?

  @description('The most recipients of an alert that says nothing else.')
  MAX_RECIPIENTS: string?

  @description('record: everything but the HTTP call, on a copy of the control database.')
  DELIVERY_MODE: ('' | 'deliver' | 'record')?

  @description('Waits before the further attempts of a delivery.')
  DELIVERY_RETRY_DELAYS: string?

  @description('Refuses tenant databases whose login can write.')
  TENANT_REQUIRE_READONLY: ('' | 'true' | 'false')?

  @description('Finds a person with its contacts, in ERPs with other tables.')
  LOOKUP_PERSON_SQL: string?

  @description('Finds the persons of a profile, likewise.')
  LOOKUP_PROFILE_SQL: string?

  @description('Refuses webhooks without a secret.')
  WEBHOOK_REQUIRE_SECRET: ('' | 'true' | 'false')?

  @description('Hosts that may have a private address or plain http.')
  WEBHOOK_ALLOWED_HOSTS: string?

  @description('How long executions and what belongs to them are kept.')
  RETENTION_DAYS: string?

  @description('Takes the operator from the Entra sign-in.')
  MANAGE_TRUST_SIGN_IN: ('' | 'true' | 'false')?

  @description('An OpenTelemetry collector that gets traces and metrics, beside Application Insights.')
  OTEL_EXPORTER_OTLP_ENDPOINT: string?

  @description('The whole address for traces, where another one gets them, or traces alone are to be sent.')
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: string?

  @description('The whole address for metrics, likewise.')
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: string?

  @description('How it is spoken to.')
  OTEL_EXPORTER_OTLP_PROTOCOL: ('' | 'http/protobuf')?

  @description('Whether it gets traces.')
  OTEL_TRACES_EXPORTER: ('' | 'otlp' | 'none')?

  @description('Whether it gets metrics.')
  OTEL_METRICS_EXPORTER: ('' | 'otlp' | 'none')?

  @description('How often metrics are sent, in milliseconds: 240000 at most.')
  OTEL_METRIC_EXPORT_INTERVAL: string?

  @description('How log lines are written.')
  LOG_FORMAT: ('' | 'json' | 'text')?
}
