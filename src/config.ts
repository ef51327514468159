import type { z } from 'zod';
import { ExpectedError } from './core/expected-error.ts';
import { sqlConnectionOf } from './core/sql-connection.ts';
import { isVaultReference, secretReferredTo } from './core/vault-reference.ts';
import { variables, type OptionalPart, type VariableName } from './variables.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Values = { readonly [Name in VariableName]?: z.output<(typeof variables)[Name]['read']> };

/** Every fault of the environment at once. */
export class ConfigError extends ExpectedError {
  override readonly name = 'ConfigError';

  constructor(faults: readonly string[]) {
    const lines = faults.map((fault) => `  - ${fault}`).join('\n');
    super('config_invalid', `The configuration cannot be used (docs/configuration.md):\n${lines}`);
  }
}

/** What keeps an optional part of the program off. */
export interface Lack {
  setting: string;
  part: OptionalPart;
  /** The reference to the Key Vault that stands where its value should; null = nothing stands there. */
  reference: string | null;
}

export type Config = ReturnType<typeof loadConfig>;

/**
 * What the environment says, checked, with the defaults filled in. A part that is optional is off where it lacks
 * something. Throws ConfigError with every fault at once.
 */
export function loadConfig(environment: Environment) {
  const { values: read, unresolved, faults } = readAll(environment);
  faults.push(...missing(environment));
  if (faults.length > 0) throw new ConfigError(faults);
  const lacks = [...unresolved, ...missingForMail(read, unresolved)];
  const values = withoutParts(read, new Set(lacks.map(({ part }) => part)));
  const the = valueIn(values);
  return frozen({
    controlDatabase: { connection: the('CONTROL_DATABASE') },
    storage: storageOf(values),
    mail: mailOf(values),
    alerts: {
      zone: the('ALERTS_TIME_ZONE'),
      weekStartsOn: the('ALERTS_WEEK_STARTS_ON'),
      only: values.ALERTS_ONLY ?? null,
      windowMinutes: the('ALERTS_WINDOW_MINUTES'),
      missedDays: the('ALERTS_MISSED_DAYS'),
      catchUpMinutes: the('ALERTS_CATCH_UP_MINUTES'),
      prepareSeconds: the('ALERTS_PREPARE_SECONDS'),
    },
    dispatch: {
      leaseSeconds: the('EXECUTION_LEASE_SECONDS'),
      tenantSlots: the('TENANT_SLOTS'),
      maxRecipients: the('MAX_RECIPIENTS'),
      mode: the('DELIVERY_MODE'),
      retryDelaysSeconds: the('DELIVERY_RETRY_DELAYS'),
    },
    tenants: {
      requireReadonly: the('TENANT_REQUIRE_READONLY'),
      lookups: { person: values.LOOKUP_PERSON_SQL ?? null, profile: values.LOOKUP_PROFILE_SQL ?? null },
    },
    webhooks: {
      requireSecret: the('WEBHOOK_REQUIRE_SECRET'),
      allowedHosts: values.WEBHOOK_ALLOWED_HOSTS ?? [],
    },
    callbacks: {
      secrets: values.CALLBACK_SECRET ?? [],
      whatsapp: {
        appSecrets: values.WHATSAPP_APP_SECRET ?? [],
        verifyToken: values.WHATSAPP_VERIFY_TOKEN ?? null,
      },
    },
    records: { retentionDays: the('RETENTION_DAYS') },
    heartbeat: { url: values.HEARTBEAT_URL ?? null },
    manage: { trustsSignIn: the('MANAGE_TRUST_SIGN_IN') },
    telemetry: telemetryOf(values),
    log: { format: the('LOG_FORMAT') },
    lacks,
  });
}

/** What may not be kept of a text from outside, should it stand there. */
export function secretsOf({
  controlDatabase,
  storage,
  mail,
  callbacks,
  heartbeat,
  telemetry,
}: Config): readonly string[] {
  const { authentication } = sqlConnectionOf(controlDatabase.connection);
  const text = storage.kind === 'identity' ? '' : storage.connectionString;
  const keys = [
    ...text.matchAll(/(?:AccountKey|SharedAccessSignature)=([^;]+)/gi),
    ...text.matchAll(/[=&]sig=([^;&]+)/gi),
  ];
  return [
    authentication?.type === 'default' ? (authentication.options.password ?? '') : '',
    ...keys.map(([, key = '']) => key),
    mail?.login?.password ?? '',
    ...callbacks.secrets,
    ...callbacks.whatsapp.appSecrets,
    ...telemetry.collectorSecrets,
    callbacks.whatsapp.verifyToken ?? '',
    heartbeat.url ?? '',
  ];
}

/** CONTROL_DATABASE alone, for the commands that need nothing else. Throws ConfigError. */
export function controlDatabaseOf(environment: Environment): string {
  const { values, faults } = readAll({ CONTROL_DATABASE: environment['CONTROL_DATABASE'] });
  if (values.CONTROL_DATABASE === undefined)
    throw new ConfigError([...faults, ...missingDatabase(environment)]);
  return values.CONTROL_DATABASE;
}

interface Reading {
  values: Values;
  /** Of optional parts. */
  unresolved: Lack[];
  faults: string[];
}

/** An empty variable counts as not given: deployments leave such behind. */
function readAll(environment: Environment): Reading {
  const faults: string[] = [];
  const unresolved: Lack[] = [];
  const read: [string, unknown][] = [];
  for (const [setting, variable] of Object.entries(variables)) {
    const standard = 'default' in variable ? variable.default : undefined;
    let given = environment[setting]?.trim() || standard;
    if (given !== undefined && isVaultReference(given)) {
      if ('part' in variable) unresolved.push({ setting, part: variable.part, reference: given });
      else faults.push(`${setting} ${unresolvedFault(given)}`);
      given = standard;
    }
    if (!given) continue;
    const result = variable.read.safeParse(given);
    if (result.success) read.push([setting, result.data]);
    else faults.push(faultOf(setting, 'secret' in variable ? null : given, result.error));
  }
  return { values: Object.fromEntries(read), unresolved, faults };
}

function unresolvedFault(reference: string): string {
  const { secret = null } = secretReferredTo(reference) ?? {};
  return `refers to the Key Vault, which has given no value: put the secret ${secret === null ? '' : `${secret} `}there, and give the identity of the app the role Key Vault Secrets User on the vault`;
}

/** What has a default stays: it turns nothing on. */
function withoutParts(values: Values, off: ReadonlySet<OptionalPart>): Values {
  const isOff = (name: string) =>
    Object.entries(variables).some(
      ([known, variable]) =>
        known === name && 'part' in variable && off.has(variable.part) && !('default' in variable),
    );
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isOff(name)));
}

const longestShown = 100;

function faultOf(name: string, shown: string | null, error: z.ZodError): string {
  const what = error.issues.map(({ message }) => message).join('; ');
  if (shown === null) return `${name} ${what}`;
  return `${name} ${what}, but is "${shown.length > longestShown ? `${shown.slice(0, longestShown)}…` : shown}"`;
}

function missing(environment: Environment): string[] {
  const storage: VariableName[] = [
    'AzureWebJobsStorage',
    'AzureWebJobsStorage__accountName',
    'AzureWebJobsStorage__queueServiceUri',
  ];
  const faults = missingDatabase(environment);
  if (storage.some((name) => environment[name]?.trim())) return faults;
  return [
    ...faults,
    'AzureWebJobsStorage is missing: give a storage connection string, or AzureWebJobsStorage__accountName',
  ];
}

function missingDatabase(environment: Environment): string[] {
  return environment['CONTROL_DATABASE']?.trim()
    ? []
    : [`CONTROL_DATABASE is missing: give ${variables.CONTROL_DATABASE.allowed}`];
}

/** Server, login and sender; which of them cannot be told while the Key Vault owes one. */
function missingForMail(values: Values, unresolved: readonly Lack[]): Lack[] {
  if (unresolved.some(({ part }) => part === 'mail')) return [];
  const { SMTP_SERVER: server, SMTP_USER: user, SMTP_PASSWORD: password } = values;
  const settings: VariableName[] = [];
  if (server === undefined) settings.push('SMTP_SERVER');
  else {
    if (user === undefined && password !== undefined) settings.push('SMTP_USER');
    if (user !== undefined && password === undefined) settings.push('SMTP_PASSWORD');
    if (senderOf(values) === undefined) settings.push('SMTP_FROM');
  }
  return settings.map((setting) => ({ setting, part: 'mail', reference: null }));
}

function storageOf(values: Values) {
  if (values.AzureWebJobsStorage !== undefined) {
    return { kind: 'connection-string', connectionString: values.AzureWebJobsStorage } as const;
  }
  const account = values.AzureWebJobsStorage__accountName ?? '';
  const queueServiceUri =
    values.AzureWebJobsStorage__queueServiceUri ?? `https://${account}.queue.core.windows.net`;
  return {
    kind: 'identity',
    queueServiceUri,
    clientId: values.AzureWebJobsStorage__clientId ?? null,
  } as const;
}

function mailOf(values: Values) {
  const { SMTP_SERVER: server, SMTP_USER: user, SMTP_PASSWORD: password } = values;
  if (server === undefined) return null;
  const the = valueIn(values);
  const login = user !== undefined && password !== undefined ? { user, password } : null;
  return { server, port: the('SMTP_PORT'), secure: the('SMTP_SECURE'), login, from: senderOf(values) ?? '' };
}

/** A collector gets what is not turned off; Application Insights gets everything. */
function telemetryOf(values: Values) {
  const the = valueIn(values);
  const { OTEL_EXPORTER_OTLP_ENDPOINT: collector, APPLICATIONINSIGHTS_CONNECTION_STRING: azure } = values;
  const tracesTo = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? collector;
  const metricsTo = values.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? collector;
  const identity = values.APPLICATIONINSIGHTS_AUTHENTICATION_STRING;
  const exporters = (address: string | undefined, otlp: 'otlp' | 'none') => [
    ...(address !== undefined && otlp === 'otlp' ? (['otlp'] as const) : []),
    ...(azure === undefined ? [] : (['azure'] as const)),
  ];
  return {
    traces: exporters(tracesTo, the('OTEL_TRACES_EXPORTER')),
    metrics: exporters(metricsTo, the('OTEL_METRICS_EXPORTER')),
    metricSeconds: the('OTEL_METRIC_EXPORT_INTERVAL') / 1000,
    collectorSecrets: values.OTEL_EXPORTER_OTLP_HEADERS ?? [],
    azure:
      azure === undefined
        ? null
        : {
            connectionString: azure,
            signsIn: identity !== undefined,
            clientId: /ClientId=([^;]+)/i.exec(identity ?? '')?.[1] ?? null,
          },
  };
}

function senderOf(values: Values): string | undefined {
  return values.SMTP_FROM ?? variables.SMTP_FROM.read.safeParse(values.SMTP_USER ?? '').data;
}

/** For variables that are required or have a default. */
function valueIn(values: Values) {
  return <Name extends VariableName>(name: Name): NonNullable<Values[Name]> => {
    const value = values[name];
    if (value === undefined || value === null) throw new Error(`${name} has neither a value nor a default`);
    return value;
  };
}

function frozen<T extends object>(value: T): Readonly<T> {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part);
  return Object.freeze(value);
}
