import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type AzdParameters, faultsOfVariables } from '../../../dev/infra/check-variables.ts';
import { bicepParser } from '../../../dev/infra/parse-bicep.ts';
import { readTemplate } from '../../../dev/infra/read-template.ts';

const parse = await bicepParser();
const { parameters } = readTemplate(parse(readFileSync('infra/main.bicep', 'utf8')));
const azd: AzdParameters = JSON.parse(readFileSync('infra/main.parameters.json', 'utf8'));
const faultsOf = (environment: Record<string, string>) => faultsOfVariables(environment, parameters, azd);

test('variables that are not set, or that Azure and the app can use, have no fault', () => {
  expect(faultsOf({})).toEqual([]);
  expect(
    faultsOf({
      AZURE_ENV_NAME: 'vigia-dev',
      USE_NETWORK: 'true',
      CREATE_SQL_DATABASE: 'False',
      INSTANCE_MEMORY_MB: '512',
      MAXIMUM_INSTANCE_COUNT: '40',
      SQL_ADMINISTRATOR_TYPE: 'Group',
      SQL_SERVER_HOST: '',
      ALERTS_TIME_ZONE: 'America/Montevideo',
      SMTP_PASSWORD: 'akvs://subscription/vault/secret',
      CONTROL_DATABASE: 'akvs://subscription/vault/secret',
      HOME: 'C:\\Users\\ana',
    }),
  ).toEqual([]);
});

test.each([
  [{ USE_NETWORK: 'yes' }, 'USE_NETWORK must be true or false, but is "yes"'],
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

test('azd asks before it provisions', () => {
  expect(readFileSync('azure.yaml', 'utf8')).toMatch(
    /\nhooks:\n[^]*? {2}preprovision:\n(?: {4}.*\n)*? {6}run: npm run check-deployment\n/,
  );
});
