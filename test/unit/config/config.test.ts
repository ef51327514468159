import { describe, expect, test } from 'vitest';
import { ConfigError, controlDatabaseOf, loadConfig, type Config } from '../../../src/config.ts';
import { optionalParts, variables } from '../../../src/variables.ts';

const least = {
  CONTROL_DATABASE: 'Server=sql;Database=Vigia;User Id=vigia;Password=secreto',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};

const reference = '@Microsoft.KeyVault(SecretUri=https://kv-vigia.vault.azure.net/secrets/X)';

function faultsOf(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('the configuration', () => {
  test('needs the control database and the storage alone', () => {
    const config = loadConfig(least);
    expect(config).toMatchObject({
      controlDatabase: { connection: least.CONTROL_DATABASE },
      storage: { kind: 'connection-string', connectionString: 'UseDevelopmentStorage=true' },
      mail: null,
      alerts: {
        zone: 'America/Argentina/Buenos_Aires',
        weekStartsOn: 'monday',
        only: null,
        windowMinutes: 2,
        missedDays: 7,
      },
      dispatch: { mode: 'deliver', retryDelaysSeconds: [30, 120, 600, 1800, 7200], maxRecipients: 2000 },
      webhooks: { requireSecret: false, allowedHosts: [] },
      log: { format: 'json' },
    });
  });

  test('cannot be changed after it was read', () => {
    const config = loadConfig(least);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.alerts)).toBe(true);
    expect(Object.isFrozen(config.dispatch.retryDelaysSeconds)).toBe(true);
  });

  test('tells every fault at once, with the variable, what is allowed and what was given', () => {
    const message = faultsOf({
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      ALERTS_TIME_ZONE: 'America/Buenos_Ayres',
      ALERTS_WINDOW_MINUTES: '2.5',
      DELIVERY_MODE: 'dry',
      DELIVERY_RETRY_DELAYS: '30s,2 min',
      WEBHOOK_REQUIRE_SECRET: 'yes please',
      ALERTS_ONLY: 'E001',
    });
    expect(message.split('\n').slice(1)).toEqual([
      '  - ALERTS_TIME_ZONE must be an IANA time zone, but is "America/Buenos_Ayres"',
      '  - ALERTS_ONLY must be entries such as tenant:E001 or alert:000123, separated by commas, but is "E001"',
      '  - ALERTS_WINDOW_MINUTES must be an integer from 1 to 30, but is "2.5"',
      '  - DELIVERY_MODE must be `deliver` or `record`, but is "dry"',
      '  - DELIVERY_RETRY_DELAYS must be durations such as 30s,2m,1h, separated by commas, but is "30s,2 min"',
      '  - WEBHOOK_REQUIRE_SECRET must be `true` or `false`, but is "yes please"',
      '  - CONTROL_DATABASE is missing: give an ADO.NET connection string',
    ]);
  });

  test('never shows the value of a secret', () => {
    const message = faultsOf({ ...least, CONTROL_DATABASE: 'Server=sql;User Id=u;Passwort=secreto' });
    expect(message).toContain(
      'CONTROL_DATABASE must be an ADO.NET connection string: The key "passwort" is not known',
    );
    expect(message).not.toContain('secreto');
  });

  test('says of a secret that the Key Vault has not given what to do', () => {
    expect(
      faultsOf({ ...least, CONTROL_DATABASE: reference, LOOKUP_PERSON_SQL: reference }).split('\n'),
    ).toEqual([
      expect.anything(),
      expect.stringMatching(
        /^ {2}- CONTROL_DATABASE refers to the Key Vault, .*put the secret X there, .* the role Key Vault Secrets User/,
      ),
      expect.stringMatching(/^ {2}- LOOKUP_PERSON_SQL refers to the Key Vault/),
    ]);
    expect(() => controlDatabaseOf({ CONTROL_DATABASE: reference })).toThrow(/Key Vault Secrets User/);
  });

  test('takes an empty variable for one that is not given', () => {
    expect(loadConfig({ ...least, MAX_RECIPIENTS: '', SMTP_SERVER: ' ' })).toMatchObject({
      dispatch: { maxRecipients: 2000 },
      mail: null,
    });
  });

  test('reaches the storage by identity when there is no connection string', () => {
    const { AzureWebJobsStorage: _, ...rest } = least;
    expect(loadConfig({ ...rest, AzureWebJobsStorage__accountName: 'stvigia' }).storage).toEqual({
      kind: 'identity',
      queueServiceUri: 'https://stvigia.queue.core.windows.net',
      clientId: null,
    });
    expect(faultsOf(rest)).toContain('AzureWebJobsStorage is missing');
  });

  test('sends mail from the login when no sender is given and the login is an address', () => {
    const smtp = { ...least, SMTP_SERVER: 'smtp.example.com', SMTP_PASSWORD: 'secreto' };
    expect(loadConfig({ ...smtp, SMTP_USER: 'a@example.com' }).mail).toEqual({
      server: 'smtp.example.com',
      port: 587,
      secure: false,
      login: { user: 'a@example.com', password: 'secreto' },
      from: 'a@example.com',
    });
  });

  test.each([
    [{}, ['SMTP_SERVER']],
    [{ SMTP_USER: 'a@example.com' }, ['SMTP_SERVER']],
    [{ SMTP_SERVER: 'smtp', SMTP_USER: 'a@example.com' }, ['SMTP_PASSWORD']],
    [{ SMTP_SERVER: 'smtp', SMTP_PASSWORD: 'secreto' }, ['SMTP_USER', 'SMTP_FROM']],
    [{ SMTP_SERVER: 'smtp', SMTP_PASSWORD: 'secreto', SMTP_USER: 'vigia' }, ['SMTP_FROM']],
  ])('starts without the mail that lacks something: %j', (smtp, lacking) => {
    const { mail, lacks } = loadConfig({ ...least, ...smtp });
    expect(mail).toBeNull();
    expect(lacks).toEqual(lacking.map((setting) => ({ setting, part: 'mail', reference: null })));
  });

  const whole = {
    ...least,
    SMTP_SERVER: 'smtp.example.com',
    SMTP_USER: 'a@example.com',
    SMTP_PASSWORD: 'secreto',
    CALLBACK_SECRET: 'un-secreto-bastante-largo',
    WHATSAPP_APP_SECRET: '0123456789abcdef',
    WHATSAPP_VERIFY_TOKEN: 'una-clave-de-suscripcion',
    HEARTBEAT_URL: 'https://monitor.example.com/x',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=0',
  };
  const partsOn = ({ mail, callbacks, heartbeat, telemetry }: Config) => ({
    mail: mail !== null,
    callbacks: callbacks.secrets.length > 0,
    whatsapp: callbacks.whatsapp.appSecrets.length > 0,
    'whatsapp subscription': callbacks.whatsapp.verifyToken !== null,
    heartbeat: heartbeat.url !== null,
    collector: telemetry.traces.includes('otlp') || telemetry.metrics.includes('otlp'),
    'application insights': telemetry.azure !== null || telemetry.traces.includes('azure'),
  });
  const optional = Object.entries(variables).flatMap(([name, variable]) =>
    'part' in variable ? [{ name, part: variable.part }] : [],
  );

  test.each(optional)('starts without $part alone while the Key Vault owes $name', ({ name, part }) => {
    const all = Object.fromEntries(Object.keys(optionalParts).map((one) => [one, true]));
    expect(partsOn(loadConfig(whole))).toEqual(all);
    const config = loadConfig({ ...whole, [name]: reference });
    expect(partsOn(config)).toEqual({ ...all, [part]: false });
    expect(config.lacks).toEqual([{ setting: name, part, reference }]);
  });

  test('stops for a value of such a part that cannot be read', () => {
    expect(faultsOf({ ...least, SMTP_PORT: 'abc' })).toContain('SMTP_PORT must be an integer');
  });

  test('limits what runs to the named tenants and alerts', () => {
    expect(loadConfig({ ...least, ALERTS_ONLY: 'tenant:E1, alert:000123,tenant:E2' }).alerts.only).toEqual({
      tenants: ['E1', 'E2'],
      alerts: ['000123'],
    });
  });

  test('takes look-ups of an installation’s own, over several lines too', () => {
    const lookup = 'SELECT *\nFROM vigia.Personas -- a view\nWHERE persona = @Persona;';
    expect(loadConfig({ ...least, LOOKUP_PERSON_SQL: lookup }).tenants.lookups).toEqual({
      person: lookup,
      profile: null,
    });
  });

  test.each([
    ['LOOKUP_PERSON_SQL', 'DELETE FROM t', 'it is refused from line 1, column 1 on, at "DELETE FROM t"'],
    ['LOOKUP_PERSON_SQL', 'SELECT 1\n; DROP TABLE t', 'from line 2, column 3 on, at "DROP TABLE t"'],
    ['LOOKUP_PERSON_SQL', 'SELECT * FROM otra.dbo.t WHERE p = @persona', 'column 15 on, at "otra.dbo.t'],
    ['LOOKUP_PERSON_SQL', "SELECT 'x", 'it is refused from line 1, column 8 on'],
    ['LOOKUP_PERSON_SQL', '-- later', 'there is no statement in it'],
    ['LOOKUP_PERSON_SQL', 'SELECT * FROM t WHERE p = @perfil', 'it does not use @persona'],
    ['LOOKUP_PROFILE_SQL', "SELECT '@perfil' AS x FROM t", 'it does not use @perfil'],
    ['LOOKUP_PROFILE_SQL', 'SELECT @@SPID, @perfil, @empresa', 'it uses @empresa, which is not given'],
  ])('refuses %s: %s', (name, sql, problem) => {
    const message = faultsOf({ ...least, [name]: sql });
    expect(message).toContain(`${name} must be one SELECT with `);
    expect(message).toContain(problem);
  });

  test.each(['api-key', 'api-key=', 'api-key=%', 'api key=x', 'a=1,b', ','])(
    'refuses %j for headers of the collector, without showing it',
    (given) => {
      const message = faultsOf({ ...least, OTEL_EXPORTER_OTLP_HEADERS: given });
      expect(message).toMatch(/OTEL_EXPORTER_OTLP_HEADERS must be name=value pairs.*encoding$/);
    },
  );

  test.each([
    [{}, [], []],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a' }, ['otlp'], ['otlp']],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a/v1/traces' }, ['otlp'], []],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://a/v1/metrics' }, [], ['otlp']],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a/v1/traces', OTEL_TRACES_EXPORTER: 'none' }, [], []],
  ])('sends a collector what an address is given for: %j', (given, traces, metrics) => {
    expect(loadConfig({ ...least, ...given }).telemetry).toMatchObject({ traces, metrics });
  });

  test('shows only the beginning of a long value', () => {
    const message = faultsOf({ ...least, LOOKUP_PERSON_SQL: `SELECT ${'x, '.repeat(1_000)}1` });
    expect(message.length).toBeLessThan(500);
  });

  test.each(Object.entries(variables))('accepts the example of %s', (name, variable) => {
    expect(variable.read.safeParse(variable.example)).toMatchObject({ success: true });
    expect(name).toMatch(/^[A-Za-z_]+$/);
  });

  test('of a command needs the control database alone', () => {
    expect(controlDatabaseOf({ CONTROL_DATABASE: least.CONTROL_DATABASE })).toBe(least.CONTROL_DATABASE);
    expect(() => controlDatabaseOf({})).toThrow(/CONTROL_DATABASE is missing/);
    expect(() => controlDatabaseOf({ CONTROL_DATABASE: 'nonsense' })).toThrow(/The key Server is missing/);
  });
});
