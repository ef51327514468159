import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type AzdParameters, faultsOfVariables } from '../../../dev/infra/check-variables.ts';
import { bicepParser } from '../../../dev/infra/parse-bicep.ts';
import { parameterShapes } from '../../../dev/infra/parameter-shapes.ts';
import { readTemplate } from '../../../dev/infra/read-template.ts';

const parse = await bicepParser();
const { parameters } = readTemplate(parse(readFileSync('infra/main.bicep', 'utf8')));
const { choices } = readTemplate(parse(readFileSync('infra/settings.bicep', 'utf8')));
const azd: AzdParameters = JSON.parse(readFileSync('infra/main.parameters.json', 'utf8'));
const faultsOf = (environment: Record<string, string>) =>
  faultsOfVariables(environment, { parameters, choices }, azd);

test('variables that are not set, or that Azure and the app can use, have no fault', () => {
  expect(faultsOf({})).toEqual([]);
  expect(
    faultsOf({
      AZURE_ENV_NAME: 'vigia-dev',
      FIXED_OUTBOUND_ADDRESS: 'true',
      CREATE_SQL_DATABASE: 'False',
      LOCK_DATA: 'T',
      INSTANCE_MEMORY_MB: '512',
      MAXIMUM_INSTANCE_COUNT: '40',
      SQL_ADMINISTRATOR_TYPE: 'Group',
      SQL_SERVER_HOST: '',
      USE_NETWORK: '',
      AZURE_LOCATION: '',
      DELIVERY_MODE: '',
      ALERTS_TIME_ZONE: 'America/Montevideo',
      CALLBACK_SECRET: 'un-secreto-de-ejemplo ',
      SMTP_PASSWORD: 'akvs://subscription/vault/secret',
      CONTROL_DATABASE: 'akvs://subscription/vault/secret',
      HOME: 'C:\\Users\\ana',
    }),
  ).toEqual([]);
});

test.each([
  [{ USE_NETWORK: 'yes' }, 'USE_NETWORK must be true or false, but is "yes"'],
  [{ USE_NETWORK: 'tRue' }, 'USE_NETWORK must be true or false, but is "tRue"'],
  [{ USE_NETWORK: ' true' }, 'USE_NETWORK must neither begin nor end with a blank, but is " true"'],
  [
    { MAXIMUM_INSTANCE_COUNT: '40 ' },
    'MAXIMUM_INSTANCE_COUNT must neither begin nor end with a blank, but is "40 "',
  ],
  [{ DATABASE_NAME: '' }, 'DATABASE_NAME must not be empty (Vigia is the default), but is ""'],
  [{ DATABASE_SKU: '' }, 'DATABASE_SKU must not be empty (S1 is the default), but is ""'],
  [
    { NETWORK_ADDRESS_PREFIX: '' },
    'NETWORK_ADDRESS_PREFIX must not be empty (10.70.0.0/24 is the default), but is ""',
  ],
  [{ DATABASE_SKU: 'S99' }, expect.stringMatching(/^DATABASE_SKU must be Basic or S0 or .*, but is "S99"$/)],
  [{ DELIVERY_MODE: 'Record' }, 'DELIVERY_MODE must be deliver or record, but is "Record"'],
  [{ SMTP_SECURE: 'TRUE' }, 'SMTP_SECURE must be true or false, but is "TRUE"'],
  [{ LOG_FORMAT: 'JSON' }, 'LOG_FORMAT must be json or text, but is "JSON"'],
  [
    { AZURE_ENV_NAME: 'v'.repeat(41) },
    `AZURE_ENV_NAME must have 1 to 40 characters, but is "${'v'.repeat(41)}"`,
  ],
  [{ INSTANCE_MEMORY_MB: '1024' }, 'INSTANCE_MEMORY_MB must be 512 or 2048 or 4096, but is "1024"'],
  [
    { MAXIMUM_INSTANCE_COUNT: '0' },
    'MAXIMUM_INSTANCE_COUNT must be a whole number from 1 to 1000, but is "0"',
  ],
  [{ LATEST_DELIVERY_SECONDS: '2m' }, 'LATEST_DELIVERY_SECONDS must be a whole number from 1, but is "2m"'],
  [
    { SQL_ADMINISTRATOR_TYPE: 'Person' },
    'SQL_ADMINISTRATOR_TYPE must be User or Group or Application, but is "Person"',
  ],
  [{ SMTP_PORT: 'abc' }, 'SMTP_PORT must be an integer from 1 to 65535, but is "abc"'],
  [{ ALERTS_TIME_ZONE: 'Montevideo' }, 'ALERTS_TIME_ZONE must be an IANA time zone, but is "Montevideo"'],
  [{ DATABASE_NAME: 'a\\b' }, 'DATABASE_NAME must hold no line break, no " and no \\, but is "a\\b"'],
  [{ SMTP_PASSWORD: 'una "clave"' }, 'SMTP_PASSWORD must hold no line break, no " and no \\'],
  [{ HEARTBEAT_URL: 'monitor/clave' }, 'HEARTBEAT_URL must be an http:// or https:// address'],
  [{ OTLP_HEADERS: 'clave' }, 'OTLP_HEADERS must be name=value pairs, separated by commas, with %-encoding'],
])('%j is told before anything is created, and no secret is shown', (environment, fault) => {
  expect(faultsOf(environment)).toEqual([fault]);
});

test.each([
  [
    'ALERT_MAILS',
    ['ana@example.com', 'ana@example.com, luis@example.com,'],
    ['nomail', 'ana@example.com;luis@example.com'],
  ],
  [
    'SQL_ADMINISTRATOR_ID',
    ['6c1f1b52-9d0f-4a0e-8a37-3a1f0a0d9a11', '6C1F1B52-9D0F-4A0E-8A37-3A1F0A0D9A11'],
    ['vigia-admins', 'ana@example.com'],
  ],
  [
    'NETWORK_ADDRESS_PREFIX',
    ['10.70.0.0/24', '172.16.0.0/16', '10.0.0.0/8'],
    ['10.70.0.0/28', '10.70.0.0/25', '10.70.0.5/24', '10.70.0.0', '10.70.0.256/24', 'fd00::/64', '0.0.0.0/0'],
  ],
  ['VAULT_SETTINGS', ['E001_CONEXION', 'E001_CONEXION, WEBHOOK_1_SECRETO'], ['A B', 'E001-CONEXION', 'A;B']],
  [
    'DATABASE_NAME',
    ['Vigia', 'Alertas 2', 'Información', 'vigia-dev.v2'],
    ['a;b', 'a=b', "a'b", 'a/b', 'a%b', '.', 'Vigia.', 'V'.repeat(129)],
  ],
  [
    'SQL_SERVER_HOST',
    ['sql.example.com', 'sql.example.com,1433', 'tcp:sql.example.com,1433', '10.0.0.4'],
    ['sql.example.com:1433', 'sql;Database=master', 'https://sql.example.com'],
  ],
])('%s has a shape, which is told before anything is created', (variable, good, bad) => {
  expect(good.flatMap((given) => faultsOf({ [variable]: given }))).toEqual([]);
  for (const given of bad)
    expect(faultsOf({ [variable]: given })).toEqual([expect.stringMatching(`^${variable} must `)]);
});

test('what has a shape is a parameter', () => {
  const known = parameters.map(({ name }) => name);
  expect(Object.keys(parameterShapes).filter((name) => !known.includes(name))).toEqual([]);
});

test('azd asks before it provisions', () => {
  expect(readFileSync('azure.yaml', 'utf8')).toMatch(
    /\nhooks:\n[^]*? {2}preprovision:\n(?: {4}.*\n)*? {6}run: npm run check-deployment\n/,
  );
});
