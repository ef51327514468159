import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { bicepParser, childrenOf, nodesOf, type Node } from '../../../dev/infra/parse-bicep.ts';
import { valuesOf } from './values-of.ts';

const parse = await bicepParser();
const root = parse(readFileSync('infra/main.bicep', 'utf8'));
const values = valuesOf(root);

type Choices = Readonly<Record<string, string | number | boolean>>;

/** Of Bicep's functions those that the conditions use. */
const functions = {
  empty: (text: string) => text === '',
  same: (one: string, other: string) => one.toLowerCase() === other.toLowerCase(),
  contains: (text: string, part: string) => text.includes(part),
  parseCidr: (range: string) => ({ cidr: Number(range.split('/')[1]) }),
};

/** What the template says to these choices, a person deploying. */
function contradictionsOf(choices: Choices): string[] {
  const list = values['contradictions'] ?? '';
  const items = list.slice(list.indexOf('[') + 1, list.lastIndexOf(']')).match(/\S[\s\S]*?: ''$/gm) ?? [];
  const surroundings = { deployerIsPerson: true, sessionsOf, ...choices, ...parametersWith(choices) };
  return items.map((item) => String(read(item, surroundings))).filter((sentence) => sentence !== '');
}

const sessionsOf = Object.fromEntries(
  Object.entries(values)
    .filter(([path]) => path.startsWith('sessionsOf.'))
    .map(([path, value]) => [path.split('.')[1], Number(value)]),
);

/** A default may name parameters before it. */
function parametersWith(choices: Choices): Choices {
  let all: Choices = { environmentName: 'vigia', location: 'eastus2' };
  for (const name of nodesOf(root, ({ type }) => type === 'parameter_declaration').map(nameOf)) {
    const standard = values[name];
    if (name in choices) all = { ...all, [name]: choices[name] ?? '' };
    else if (standard !== undefined) all = { ...all, [name]: read(standard, all) };
  }
  return all;
}

function nameOf(declaration: Node): string {
  return childrenOf(declaration).find(({ type }) => type === 'identifier')?.text ?? '';
}

/** Such an expression of Bicep is one of JavaScript, but for `=~` and the quotes around placeholders. */
function read(expression: string, surroundings: object): string | number | boolean {
  const text = expression
    .replaceAll(/(\w+) =~ ('[^']*')/g, 'same($1, $2)')
    .replaceAll(/'([^'\n]*\$\{[^'\n]*)'/g, '`$1`');
  return runInNewContext(`(${text})`, { ...functions, ...surroundings });
}

const elsewhere = { createSqlDatabase: false, sqlServerHost: 'sql.example.com' };

test('what nobody chose contradicts nothing, and a whole choice neither', () => {
  expect(contradictionsOf({})).toEqual([]);
  expect(contradictionsOf({ useNetwork: true, networkAddressPrefix: '10.1.0.0/16' })).toEqual([]);
  expect(contradictionsOf({ databaseSku: 'Basic' })).toEqual([]);
  expect(contradictionsOf({ maximumInstanceCount: 41 })).toEqual([]);
  expect(contradictionsOf({ databaseSku: 'S3', maximumInstanceCount: 100 })).toEqual([]);
  expect(contradictionsOf({ ...elsewhere, maximumInstanceCount: 1000 })).toEqual([]);
  expect(contradictionsOf(elsewhere)).toEqual([]);
  expect(contradictionsOf({ createSqlDatabase: false, controlDatabase: 'Server=x' })).toEqual([]);
  const group = {
    sqlAdministratorId: 'guid',
    sqlAdministratorName: 'vigia-admins',
    sqlAdministratorType: 'Group',
  };
  expect(contradictionsOf({ ...group, databaseSku: 'S1', backupDays: 35 })).toEqual([]);
  expect(contradictionsOf({ ...group, deployerIsPerson: false })).toEqual([]);
});

test.each<[Choices, string]>([
  [{ sqlServerHost: 'sql.example.com' }, 'A control database is named'],
  [{ controlDatabase: 'Server=x' }, 'A control database is named'],
  [{ createSqlDatabase: false }, 'No control database'],
  [{ deployerIsPerson: false }, 'An application deploys'],
  [{ sqlAdministratorId: 'guid' }, 'SQL_ADMINISTRATOR_ID and SQL_ADMINISTRATOR_NAME go together'],
  [{ sqlAdministratorName: 'vigia-admins' }, 'SQL_ADMINISTRATOR_ID and SQL_ADMINISTRATOR_NAME go together'],
  [{ sqlAdministratorType: 'Group' }, 'SQL_ADMINISTRATOR_ID and SQL_ADMINISTRATOR_NAME go together'],
  [{ databaseSku: 'Basic', backupDays: 8 }, 'With DATABASE_SKU=Basic'],
  [{ ...elsewhere, databaseSku: 'S2' }, 'DATABASE_SKU and BACKUP_DAYS are those of a database that is'],
  [{ ...elsewhere, backupDays: 35 }, 'DATABASE_SKU and BACKUP_DAYS are those of a database that is'],
  [{ ...elsewhere, controlDatabase: 'Server=x' }, 'SQL_SERVER_HOST and CONTROL_DATABASE name a'],
  [{ maximumInstanceCount: 42 }, 'MAXIMUM_INSTANCE_COUNT=42 takes 920 sessions, and the database has 900'],
  [
    { maximumInstanceCount: 100, databaseSku: 'S2' },
    'MAXIMUM_INSTANCE_COUNT=100 takes 2080 sessions, and the database has 1200',
  ],
  [{ fixedOutboundAddress: true }, 'FIXED_OUTBOUND_ADDRESS needs the network'],
  [{ networkAddressPrefix: '10.1.0.0/24' }, 'NETWORK_ADDRESS_PREFIX is that of the network'],
  [{ useNetwork: true, networkAddressPrefix: '10.1.0.0/25' }, 'NETWORK_ADDRESS_PREFIX must be of /24 or'],
])('a contradiction is named by itself: %j', (choices, sentence) => {
  expect(contradictionsOf(choices)).toEqual([expect.stringMatching(new RegExp(`^${sentence}`))]);
});
