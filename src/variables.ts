import { z } from 'zod';
import { ConnectionStringError, sqlConnectionOf } from './core/sql-connection.ts';
import { readWebhookSecrets } from './dispatch/webhook/webhook-secrets.ts';
import { lookupFault } from './domain/check-lookup.ts';
import { isZone } from './domain/is-zone.ts';

/** An environment variable. `allowed` is what may stand in it, in words; the default is written as one would set it. */
interface Variable<T> {
  read: z.ZodType<T, string>;
  allowed: string;
  about: string;
  example: string;
  default?: string;
  /** Its value is never shown. */
  secret?: true;
  part?: OptionalPart;
}

/**
 * Parts that the program works without, and what is then. A part is off while the Key Vault has not given one of its
 * settings, and the mail also while one is missing. docs/configuration.md shows this table too.
 */
export const optionalParts = {
  mail: 'Faults are recorded and wait; administrators get no mail.',
  callbacks: 'What gateways tell in our own shape is answered with 503, so that they repeat it.',
  whatsapp: 'So is what WhatsApp tells.',
  'whatsapp subscription': 'Meta cannot confirm the address; what an earlier subscription tells is taken.',
  heartbeat: 'Nothing is called after a scan.',
  collector: 'The collector gets nothing.',
  'application insights': 'It gets nothing.',
} as const;

export type OptionalPart = keyof typeof optionalParts;

/** Every variable that the program reads. docs/configuration.md shows this table, and a test compares the two. */
export const variables = {
  CONTROL_DATABASE: {
    ...connectionString(),
    about: 'The control database. Required.',
    example: 'Server=sql.example.com;Database=Vigia;User Id=vigia;Password=…',
    secret: true,
  },
  AzureWebJobsStorage: {
    ...text('a storage connection string'),
    about:
      'The storage account of the queue. Required, unless the account is reached by identity (next lines).',
    example: 'UseDevelopmentStorage=true',
    secret: true,
  },
  AzureWebJobsStorage__accountName: {
    ...matching(/^[a-z0-9]{3,24}$/, 'a storage account name'),
    about: 'Storage by identity: the account, in the public cloud.',
    example: 'stvigia',
  },
  AzureWebJobsStorage__queueServiceUri: {
    ...httpsUrl(),
    about: 'Storage by identity: the address of its queue service, where the name is not enough.',
    example: 'https://stvigia.queue.core.windows.net',
  },
  AzureWebJobsStorage__clientId: {
    ...text('a client id'),
    about: 'Storage by identity: a user-assigned identity.',
    example: '6c1f1b52-9d0f-4a0e-8a37-3a1f0a0d9a11',
  },
  SMTP_SERVER: {
    ...text('a host name'),
    about: 'Server for the mails to administrators. Without it the reports wait in CT_Scheduler_Fallas.',
    example: 'smtp.example.com',
    part: 'mail',
  },
  SMTP_PORT: { ...integer(1, 65_535), about: 'Its port.', example: '465', default: '587', part: 'mail' },
  SMTP_SECURE: {
    ...flag(),
    about:
      'TLS from the first byte (port 465). Otherwise STARTTLS is used where the server offers it; with a login it must.',
    example: 'true',
    default: 'false',
    part: 'mail',
  },
  SMTP_USER: {
    ...text('a user name'),
    about: 'Login, if the server wants one.',
    example: 'vigia@example.com',
    part: 'mail',
  },
  SMTP_PASSWORD: { ...text('a password'), about: 'Its password.', example: '…', secret: true, part: 'mail' },
  SMTP_FROM: {
    ...matching(/^[^\s@<>,;]+@[^\s@<>,;]+$/, 'a mail address'),
    about: 'Sender of the mails. SMTP_USER when not given.',
    example: 'vigia@example.com',
    part: 'mail',
  },
  ALERTS_TIME_ZONE: {
    ...timeZone(),
    about: 'Zone of the tenants without emp_ZonaHoraria, and of the times in the text log.',
    example: 'America/Montevideo',
    default: 'America/Argentina/Buenos_Aires',
  },
  ALERTS_WEEK_STARTS_ON: {
    ...oneOf('monday', 'sunday'),
    about: 'The day that 1 means in cfg_DiasSemana.',
    example: 'sunday',
    default: 'monday',
  },
  ALERTS_ONLY: {
    ...only(),
    about: 'Runs these alone, to take over from another system piece by piece. All when not given.',
    example: 'tenant:E001,alert:000123',
  },
  ALERTS_WINDOW_MINUTES: {
    ...integer(1, 30),
    about: 'How far from now an occurrence may lie to be picked up by a scan.',
    example: '3',
    default: '2',
  },
  ALERTS_MISSED_DAYS: {
    ...integer(1, 31),
    about: 'How far back missed occurrences are recorded one by one after an outage.',
    example: '14',
    default: '7',
  },
  ALERTS_CATCH_UP_MINUTES: {
    ...integer(0, 10_080),
    about: 'How late an alert without cfg_RecuperacionMin may still go out.',
    example: '60',
    default: '30',
  },
  ALERTS_PREPARE_SECONDS: {
    ...integer(0, 60),
    about: 'How long before its instant an execution is prepared.',
    example: '10',
    default: '5',
  },
  EXECUTION_LEASE_SECONDS: {
    ...integer(5, 600),
    about:
      'After how long without a sign of life another dispatch may take an execution over. Every other such wait is a half, one or two of it.',
    example: '120',
    default: '60',
  },
  TENANT_SLOTS: {
    ...integer(1, 256),
    about:
      'Dispatches of one tenant, per instance, that may wait for its database or for a webhook that times out.',
    example: '8',
    default: '16',
  },
  MAX_RECIPIENTS: {
    ...integer(1, 1_000_000),
    about: 'An alert with more recipients sends nothing, unless its cfg_MaxDestinatarios says otherwise.',
    example: '500',
    default: '2000',
  },
  DELIVERY_MODE: {
    ...oneOf('deliver', 'record'),
    about: '`record` does everything but the HTTP call: for a trial on a copy of the control database.',
    example: 'record',
    default: 'deliver',
  },
  DELIVERY_RETRY_DELAYS: {
    ...delays(),
    about: 'Waits before the further attempts of a delivery, each spread by a fifth up and down.',
    example: '10s,1m',
    default: '30s,2m,10m,30m,2h',
  },
  TENANT_REQUIRE_READONLY: {
    ...flag(),
    about: 'Refuses tenant databases whose login can write.',
    example: 'true',
    default: 'false',
  },
  LOOKUP_PERSON_SQL: {
    ...lookup('@persona'),
    about: 'Finds a person with its contacts, where the ERP has other tables than docs/tenants.md says.',
    example: 'SELECT * FROM vigia.Personas WHERE persona = @persona',
  },
  LOOKUP_PROFILE_SQL: {
    ...lookup('@perfil'),
    about: 'Finds the persons of a profile with their contacts, likewise.',
    example: 'SELECT * FROM vigia.PersonasPorPerfil WHERE perfil = @perfil',
  },
  WEBHOOK_REQUIRE_SECRET: {
    ...flag(),
    about: 'Refuses webhooks without a secret.',
    example: 'true',
    default: 'false',
  },
  WEBHOOK_ALLOWED_HOSTS: {
    ...hosts(),
    about: 'Hosts that may have a private address or plain http. None when not given.',
    example: '127.0.0.1:8080,gateway.internal',
    default: '',
  },
  CALLBACK_SECRET: {
    ...secrets(),
    about:
      'Signs what gateways tell of messages in our own shape (docs/callbacks.md). Any of several counts. Refused when not given.',
    example: 'whsec_dW4tc2VjcmV0by1kZS1lamVtcGxv',
    secret: true,
    part: 'callbacks',
  },
  WHATSAPP_APP_SECRET: {
    ...secrets(),
    about: 'The app secret of Meta, which signs the notifications of the WhatsApp Cloud API. Likewise.',
    example: '0123456789abcdef0123456789abcdef',
    secret: true,
    part: 'whatsapp',
  },
  WHATSAPP_VERIFY_TOKEN: {
    ...matching(/^\S{16,200}$/, 'a text of 16 to 200 characters without spaces'),
    about: 'What Meta is to send when it asks for the address of the notifications for the first time.',
    example: 'una-clave-de-suscripcion',
    secret: true,
    part: 'whatsapp subscription',
  },
  RETENTION_DAYS: {
    ...integer(32, 36_500),
    about: 'How long executions, their deliveries, faults, ended pauses and what operators did are kept.',
    example: '730',
    default: '400',
  },
  HEARTBEAT_URL: {
    ...httpUrl(),
    about: 'Called with GET after each finished scan: for a monitor that notices when the calls stop.',
    example: 'https://hc-ping.com/…',
    secret: true,
    part: 'heartbeat',
  },
  MANAGE_TRUST_SIGN_IN: {
    ...flag(),
    about:
      'Takes the operator’s name from the Entra sign-in (x-ms-client-principal-name). Only for an app that nobody reaches without it.',
    example: 'true',
    default: 'false',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    ...httpUrl(),
    about:
      'An OpenTelemetry collector that gets traces and metrics (docs/telemetry.md). None when not given.',
    example: 'http://127.0.0.1:4318',
    part: 'collector',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    ...httpUrl(),
    about: 'The whole address for traces, where another one gets them, or traces alone are to be sent.',
    example: 'http://127.0.0.1:4318/v1/traces',
    part: 'collector',
  },
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: {
    ...httpUrl(),
    about: 'The whole address for metrics, likewise.',
    example: 'http://127.0.0.1:4318/v1/metrics',
    part: 'collector',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    ...headers(),
    about: 'What the collector wants with each request, its key usually. The host sends it too.',
    example: 'Authorization=Bearer%200123456789abcdef',
    secret: true,
    part: 'collector',
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    ...oneOf('http/protobuf'),
    about: 'How the collector is spoken to.',
    example: 'http/protobuf',
    default: 'http/protobuf',
    part: 'collector',
  },
  OTEL_TRACES_EXPORTER: {
    ...oneOf('otlp', 'none'),
    about: 'Whether the collector gets traces.',
    example: 'none',
    default: 'otlp',
    part: 'collector',
  },
  OTEL_METRICS_EXPORTER: {
    ...oneOf('otlp', 'none'),
    about: 'Whether it gets metrics.',
    example: 'none',
    default: 'otlp',
    part: 'collector',
  },
  OTEL_METRIC_EXPORT_INTERVAL: {
    ...integer(100, 240_000),
    about:
      'How often metrics are sent, in milliseconds. If more seldom, the alert no-finished-scan would ring although scans run.',
    example: '15000',
    default: '60000',
    part: 'collector',
  },
  APPLICATIONINSIGHTS_CONNECTION_STRING: {
    ...matching(/^(?=.*InstrumentationKey=)\S+$/i, 'a connection string of Application Insights'),
    about: 'Application Insights gets traces and metrics as well.',
    example: 'InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://…/',
    part: 'application insights',
  },
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: {
    ...matching(
      /^(?=.*Authorization=AAD)\S+$/i,
      '`Authorization=AAD`, with `ClientId=…;` before it for a user-assigned identity',
    ),
    about: 'Has the identity sign in there, as the host does.',
    example: 'ClientId=6c1f1b52-9d0f-4a0e-8a37-3a1f0a0d9a11;Authorization=AAD',
    part: 'application insights',
  },
  LOG_FORMAT: {
    ...oneOf('json', 'text'),
    about: '`json` writes one object per line; `text` writes lines for people, in Spanish.',
    example: 'text',
    default: 'json',
  },
} satisfies Record<string, Variable<unknown>>;

export type VariableName = keyof typeof variables;

/** undefined = not allowed. */
function readAs<T>(allowed: string, read: (text: string) => T | undefined) {
  const schema = z.string().transform((given, context) => {
    const value = read(given);
    if (value !== undefined) return value;
    context.addIssue(`must be ${allowed}`);
    return z.NEVER;
  });
  return { read: schema, allowed };
}

function text(allowed: string) {
  return readAs(allowed, (given) => given);
}

function matching(pattern: RegExp, allowed: string) {
  return readAs(allowed, (given) => (pattern.test(given) ? given : undefined));
}

function integer(least: number, most: number) {
  return readAs(`an integer from ${least} to ${most}`, (given) => {
    const value = Number(given);
    return /^\d+$/.test(given) && value >= least && value <= most ? value : undefined;
  });
}

function oneOf<const Choice extends string>(...choices: readonly Choice[]) {
  const allowed = choices.map((choice) => `\`${choice}\``).join(' or ');
  return readAs(allowed, (given) => choices.find((choice) => choice === given.toLowerCase()));
}

function flag() {
  return readAs('`true` or `false`', (given) => ({ true: true, false: false })[given.toLowerCase()]);
}

function httpsUrl() {
  return readAs('an https:// address', (given) =>
    URL.canParse(given) && /^https:\/\//i.test(given) ? given : undefined,
  );
}

function httpUrl() {
  return readAs('an http:// or https:// address', (given) =>
    URL.canParse(given) && /^https?:\/\//i.test(given) ? given : undefined,
  );
}

/** Gives the values alone, decoded. The collector's library reads the variable itself. */
function headers() {
  return readAs('name=value pairs, separated by commas, with %-encoding', (given) => {
    const pairs = listOf(given).map((pair) => /^[\w!#$%&'*+.^`|~-]+=([\x21-\x7e]+)$/.exec(pair));
    const values = pairs.map((pair) => decoded(pair?.[1] ?? ''));
    return values.length > 0 && values.every((value) => value !== '') ? values : undefined;
  });
}

/** Empty = nothing that can be decoded. */
function decoded(given: string): string {
  try {
    return decodeURIComponent(given);
  } catch {
    return '';
  }
}

/** The newest first, so that they can be changed without a gap. */
function secrets() {
  const allowed = 'secrets of 16 characters or more, separated by spaces, with Base64 after whsec_';
  return readAs(allowed, (given) => {
    const read = readWebhookSecrets(given, () => undefined);
    return read.kind === 'secrets' && read.secrets.every((secret) => secret.length >= 16)
      ? read.secrets
      : undefined;
  });
}

function timeZone() {
  return readAs('an IANA time zone', (given) => (/^[a-z]/i.test(given) && isZone(given) ? given : undefined));
}

/** Durations such as `90s`, `2m`, `1h`, in seconds. */
function delays() {
  const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
  return readAs('durations such as 30s,2m,1h, separated by commas', (given) => {
    const found = listOf(given).map((part) => /^(\d{1,6})([smh])$/.exec(part));
    const values = found.map((match) => Number(match?.[1]) * (seconds[match?.[2] ?? ''] ?? Number.NaN));
    return values.every((value) => value > 0) ? values : undefined;
  });
}

function hosts() {
  return readAs('host names, with or without a port, separated by commas', (given) => {
    const values = listOf(given.toLowerCase());
    return values.every((host) => /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/.test(host))
      ? values
      : undefined;
  });
}

function only() {
  return readAs('entries such as tenant:E001 or alert:000123, separated by commas', (given) => {
    const entries = listOf(given).map((entry) => /^(tenant|alert):(\S{1,6})$/.exec(entry));
    const codes = (kind: string) => entries.flatMap((match) => (match?.[1] === kind ? [match[2] ?? ''] : []));
    return entries.every((match) => match !== null)
      ? { tenants: codes('tenant'), alerts: codes('alert') }
      : undefined;
  });
}

function lookup(parameter: '@persona' | '@perfil') {
  const allowed = `one SELECT with ${parameter} that gives persona, nombre, contacto, celular, mail`;
  const schema = z.string().transform((given, context) => {
    const fault = lookupFault(given, parameter);
    if (fault === null) return given;
    context.addIssue(`must be ${allowed}: ${fault}`);
    return z.NEVER;
  });
  return { read: schema, allowed };
}

function listOf(given: string): string[] {
  return given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function connectionString() {
  const allowed = 'an ADO.NET connection string';
  const schema = z.string().transform((given, context) => {
    try {
      sqlConnectionOf(given);
      return given;
    } catch (error) {
      if (!(error instanceof ConnectionStringError)) throw error;
      context.addIssue(`must be ${allowed}: ${error.message}`);
      return z.NEVER;
    }
  });
  return { read: schema, allowed };
}
