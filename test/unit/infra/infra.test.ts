import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { bicepParser } from '../../../dev/infra/parse-bicep.ts';
import { asVariables, readTemplate, type Template } from '../../../dev/infra/read-template.ts';
import { functionNames } from '../../../dev/package/require-entry-files.ts';
import { settingsOfTheHost } from '../../../dev/package/require-known-settings.ts';
import { alertQueue, poisonQueue } from '../../../src/app.ts';
import { instruments } from '../../../src/adapters/telemetry/measurements.ts';
import { variables } from '../../../src/variables.ts';
import { rowsOfTable } from '../docs/rows-of-table.ts';

const parse = await bicepParser();
const files = globSync('infra/**/*.bicep')
  .map((file) => file.replaceAll('\\', '/'))
  .sort();
const templates = new Map(files.map((file) => [file, readTemplate(parse(readFileSync(file, 'utf8')))]));

function template(file: string): Template {
  const found = templates.get(`infra/${file}.bicep`);
  if (found === undefined) throw new Error(`infra/${file}.bicep is not there.`);
  return found;
}

function propertiesOf(file: string, name: string): string[] {
  return template(file).objects.get(name) ?? [];
}

/** As `az` and azd take it. */
interface ParameterFile {
  parameters: Record<string, { value: unknown }>;
}

const chosen = propertiesOf('settings', 'appSettings');
const secret = propertiesOf('main', 'ownSecrets');
const fromResources = propertiesOf('main', 'fromResources');

/** The other ways to the storage account: with a key, which it does not take in Azure, and by its name. */
const otherwise = ['AzureWebJobsStorage', 'AzureWebJobsStorage__accountName'];

test('the deployment sets every setting that the program or the host reads, and no other', () => {
  const set = new Set([...chosen, ...secret, ...fromResources]);
  const read = Object.keys(variables).filter((name) => !otherwise.includes(name));
  expect([...set].sort()).toEqual([...read, ...settingsOfTheHost].sort());
});

test('secret settings come through secure parameters and the Key Vault alone', () => {
  const names = Object.entries(variables)
    .filter(([name, variable]) => 'secret' in variable && !otherwise.includes(name))
    .map(([name]) => name);
  expect([...secret].sort()).toEqual(names.sort());
  expect(chosen.filter((name) => names.includes(name))).toEqual([]);
});

test.each(files)('%s: a parameter that holds a secret is secure, and no output shows one', (file) => {
  const { parameters, outputs } = template(file.slice('infra/'.length, -'.bicep'.length));
  const telling = /password|secret|token|connectionstring|^controldatabase$|heartbeaturl/i;
  expect(parameters.filter(({ name, isSecure }) => telling.test(name) && !isSecure)).toEqual([]);
  const secure = parameters.filter(({ isSecure }) => isSecure).map(({ name }) => name);
  const shown = outputs.filter((output) => secure.some((name) => new RegExp(`\\b${name}\\b`).test(output)));
  expect(shown).toEqual([]);
  expect(outputs.filter((output) => /listKeys|ownSecrets|secretReferences/.test(output))).toEqual([]);
});

test.each(files)('%s: every parameter is described', (file) => {
  const { parameters } = template(file.slice('infra/'.length, -'.bicep'.length));
  expect(parameters.filter(({ description }) => description.trim() === '')).toEqual([]);
});

test('a resource provider is asked in one version of its API, and in none of a preview', () => {
  const versions = new Map<string, Set<string>>();
  for (const { resources } of templates.values()) {
    // One inside another has the version of that one.
    for (const { type, apiVersion } of resources.filter((one) => one.type.includes('/'))) {
      // The one whose API has been a preview since 2017.
      if (type === 'Microsoft.Insights/diagnosticSettings') continue;
      expect(apiVersion).toMatch(/^\d{4}-\d\d-\d\d$/);
      const top = type.split('/').slice(0, 2).join('/');
      versions.set(top, (versions.get(top) ?? new Set()).add(apiVersion));
    }
  }
  expect(versions.size).toBeGreaterThan(10);
  expect([...versions].filter(([, found]) => found.size > 1)).toEqual([]);
});

test('the queues are those that the program uses', () => {
  expect(template('modules/storage').texts).toEqual(expect.arrayContaining([alertQueue, poisonQueue]));
});

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const roles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
};

test('the identity has exactly the roles that it needs', () => {
  const given = [...templates.values()].flatMap(({ texts }) =>
    texts.filter((text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)),
  );
  expect(given.sort()).toEqual(Object.values(roles).sort());
});

test('what the plan keeps ready is a function of the app', () => {
  const kept = template('modules/function-app').texts.filter((text) => text.startsWith('function:'));
  expect(kept).toEqual(['function:dispatch-alert']);
  const names: readonly string[] = functionNames;
  expect(names).toContain('dispatch-alert');
});

test('the alert for what fails looks at spans that the program sends, under its name', () => {
  const watched = readFileSync('infra/queries/failing-functions.kql', 'utf8').matchAll(/"([^"]+)"/g);
  expect([...watched].map(([, text]) => text)).toEqual(['vigia', 'request', 'scan']);
  expect(readFileSync('src/adapters/telemetry/start-telemetry.ts', 'utf8')).toContain(
    "'service.name': 'vigia'",
  );
  const spans = rowsOfTable(readFileSync('docs/telemetry.md', 'utf8'), 'Span').map(([name]) => name);
  expect(spans).toContain('`scan`');
});

test('the alert for scans looks back further than metrics may take: their interval, an instance in place of another, and the way', () => {
  const query = readFileSync('infra/queries/no-finished-scan.kql', 'utf8');
  const looksBack = Number(/timestamp > ago\((\d+)m\)/.exec(query)?.[1]);
  const replaced = 1;
  const onItsWay = 2;
  const longest = (looksBack - replaced - onItsWay) * 60_000;
  const { read } = variables.OTEL_METRIC_EXPORT_INTERVAL;
  expect(read.safeParse(`${longest}`).success).toBe(true);
  expect(read.safeParse(`${longest + 1}`).success).toBe(false);
});

test('queries and workbook look at metrics that the program sends', () => {
  const texts = [...globSync('infra/queries/*.kql'), 'infra/workbook.json'].map((file) =>
    readFileSync(file, 'utf8'),
  );
  const looked = new Set(texts.flatMap((text) => text.match(/(?<=\\?")vigia\.[a-z.]+(?=\\?")/g) ?? []));
  const attributes = ['vigia.outcome', 'vigia.tenant', 'vigia.channel'];
  expect(looked.size).toBeGreaterThan(5);
  expect([...looked].filter((name) => !(name in instruments) && !attributes.includes(name))).toEqual([]);
});

test('a maximum is asked of histograms alone: the exporter sends none for counters and gauges', () => {
  const workbook: { items: { content: { query?: string } }[] } = JSON.parse(
    readFileSync('infra/workbook.json', 'utf8'),
  );
  const queries = [
    ...globSync('infra/queries/*.kql').map((file) => readFileSync(file, 'utf8')),
    ...workbook.items.flatMap(({ content }) => content.query ?? []),
  ];
  const greatest = queries
    .filter((query) => query.includes('valueMax'))
    .flatMap((query) => Object.entries(instruments).filter(([name]) => query.includes(`"${name}"`)));
  expect(greatest.length).toBeGreaterThan(1);
  expect(greatest.filter(([, { kind }]) => kind !== 'histogram')).toEqual([]);
});

test('docs/operations.md says of each alert that can ring, by its name, what to do', () => {
  const rules = readFileSync('infra/modules/alert-rules.bicep', 'utf8').matchAll(/^ {4}name: '([^']+)'$/gm);
  const names = [...rules].map(([, name]) => name);
  const [, part = ''] = readFileSync('docs/operations.md', 'utf8').split(
    '\n## What to do when an alert rings\n',
  );
  const sections = part.split('\n## ')[0]?.split('\n### ').slice(1) ?? [];
  expect(names).toHaveLength(4);
  expect(sections.map((section) => section.split('\n')[0])).toEqual(names);
  expect(sections.filter((section) => !section.includes('\n1. '))).toEqual([]);
  expect(readdirSync('infra/queries').sort()).toEqual(names.map((name) => `${name}.kql`).sort());
});

test('the workbook asks Application Insights of the deployment, from wherever it is opened', () => {
  const { fallbackResourceIds } = JSON.parse(readFileSync('infra/workbook.json', 'utf8'));
  expect(fallbackResourceIds).toEqual(['{insightsId}']);
  expect(readFileSync('infra/modules/workbook.bicep', 'utf8')).toContain(
    "replace(loadTextContent('../workbook.json'), '{insightsId}', insightsId)",
  );
});

/** A new subnet is private unless it says otherwise: https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access */
test('with the network the app reaches webhooks on the internet: through a NAT gateway, or by a subnet that is not private', () => {
  expect(readFileSync('infra/main.bicep', 'utf8')).toMatch(/^param fixedOutboundAddress bool = useNetwork$/m);
  const network = readFileSync('infra/modules/network.bicep', 'utf8');
  const appSubnet = network.slice(
    network.indexOf("name: 'app'"),
    network.indexOf("name: 'private-endpoints'"),
  );
  expect(appSubnet).toContain('natGateway: fixedOutboundAddress ? { id: gateway.id } : null');
  expect(appSubnet).toContain('defaultOutboundAccess: !fixedOutboundAddress');
});

test('the version of Node in Azure is one that the program runs on', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(engines).toEqual({ node: '>=22.19' });
  expect(template('modules/function-app').texts).toEqual(expect.arrayContaining(['node', '22']));
});

test('the parameter files name parameters that are there, and azd every one that a person may choose', () => {
  const known = template('main').parameters.map(({ name }) => name);
  const azd: ParameterFile = JSON.parse(readFileSync('infra/main.parameters.json', 'utf8'));
  expect(Object.keys(azd.parameters).sort()).toEqual(known.filter((name) => name !== 'extraTags').sort());
  expect(Object.keys(azd.parameters['settings']?.value ?? {})).toEqual(chosen);
  const own = globSync('infra/*.bicepparam');
  expect(own.map((file) => basename(file)).sort()).toEqual(['dev.bicepparam', 'prod.bicepparam']);
  for (const file of own) {
    const { objects } = readTemplate(parse(asVariables(readFileSync(file, 'utf8'))));
    expect([...objects.keys()].filter((name) => !known.includes(name))).toEqual([]);
    expect((objects.get('settings') ?? []).filter((name) => !chosen.includes(name))).toEqual([]);
  }
});

/** What azd takes a parameter from. */
function variableOf(parameter: string): string {
  return parameter.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

test('azd takes each setting from the variable of its name', () => {
  const azd: ParameterFile = JSON.parse(readFileSync('infra/main.parameters.json', 'utf8'));
  const { settings, ...rest } = azd.parameters;
  expect(settings?.value).toEqual(Object.fromEntries(chosen.map((name) => [name, `\${${name}}`])));
  for (const [name, { value }] of Object.entries(rest)) {
    const variable = variableOf(name);
    const own = { ENVIRONMENT_NAME: 'AZURE_ENV_NAME', LOCATION: 'AZURE_LOCATION' }[variable];
    expect(value).toBe(`\${${own ?? variable}}`);
  }
});

test('a parameter file takes every secret, and a control database that is there, from the environment', () => {
  const secrets = template('main').parameters.filter(({ isSecure }) => isSecure);
  const mine = ['createSqlDatabase', 'sqlServerHost', 'databaseName', 'vaultSettings', 'alertMails'];
  const ofTheDatabase = ['databaseSku', 'backupDays', 'sqlAdministratorId', 'sqlAdministratorName'];
  const wanted = [...mine, ...ofTheDatabase, 'sqlAdministratorType', 'networkAddressPrefix'];
  for (const file of globSync('infra/*.bicepparam')) {
    const text = readFileSync(file, 'utf8');
    for (const name of [...secrets.map((one) => one.name), ...wanted])
      expect(text).toMatch(
        new RegExp(`^param ${name} =[^]*?readEnvironmentVariable\\('${variableOf(name)}', '`, 'm'),
      );
  }
});

test('what docs/deploying.md advises for production is what prod.bicepparam does', () => {
  const file = readFileSync('infra/prod.bicepparam', 'utf8');
  const values = file.matchAll(
    /^param (\w+) = (?:.*readEnvironmentVariable\('[A-Z_]+', '(\w+)'\).*|'?(\w+)'?)$/gm,
  );
  const done = [...values].map(
    ([, name = '', unlessSaid, always]) => [variableOf(name), unlessSaid ?? always] as const,
  );
  const advised = rowsOfTable(readFileSync('docs/deploying.md', 'utf8'), 'Variable').map(
    ([name = '', advice = '']) => [name.replaceAll('`', ''), /^`(\w+)`/.exec(advice)?.[1]] as const,
  );
  const own = ['USE_NETWORK', 'DATABASE_SKU', 'BACKUP_DAYS', 'LOCK_DATA', 'AUDIT_LOGS'];
  expect(done.map(([name]) => name)).toEqual(expect.arrayContaining(own));
  expect(advised.map(([name]) => name)).toEqual(expect.arrayContaining(own));
  const advice = new Map(advised);
  expect(done.filter(([name, value]) => (advice.get(name) ?? value) !== value)).toEqual([]);
});

test('the block for production of docs/deploying.md sets what prod.bicepparam sets, in names that azd knows', () => {
  const text = readFileSync('docs/deploying.md', 'utf8');
  const [block = ''] = /^ {4}azd env set ALWAYS_READY(?:.*\\\n)*.*$/m.exec(text) ?? [];
  const set = [...block.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value]) => [name, value] as const);
  const file = readFileSync('infra/prod.bicepparam', 'utf8');
  const always = [...file.matchAll(/^param (\w+) = '?(\w+)'?$/gm)].map(
    ([, name = '', value]) => [variableOf(name), value] as const,
  );
  // What main.bicep does by itself.
  const own = always.filter(([name]) => name !== 'FIXED_OUTBOUND_ADDRESS');
  expect(own.length).toBeGreaterThan(5);
  expect(set).toEqual(expect.arrayContaining([...own, ['BACKUP_DAYS', '35']]));
  const { parameters } = template('main');
  const known = parameters.map(({ name }) => variableOf(name));
  expect(set.filter(([name]) => !known.includes(name))).toEqual([]);
});

test('who administers the database stays so for the next one who deploys with azd', () => {
  const kept = readFileSync('infra/main.bicep', 'utf8').match(/(?<=^output )SQL_ADMINISTRATOR_\w+/gm);
  expect(kept).toEqual(['SQL_ADMINISTRATOR_ID', 'SQL_ADMINISTRATOR_NAME', 'SQL_ADMINISTRATOR_TYPE']);
  const { parameters }: ParameterFile = JSON.parse(readFileSync('infra/main.parameters.json', 'utf8'));
  const { sqlAdministratorId, sqlAdministratorName, sqlAdministratorType } = parameters;
  expect([sqlAdministratorId, sqlAdministratorName, sqlAdministratorType]).toEqual(
    kept?.map((name) => ({ value: `\${${name}}` })),
  );
});

test('parameters that contradict each other stop the deployment at its first resource, with names that azd knows', () => {
  const text = readFileSync('infra/main.bicep', 'utf8');
  const { resources } = template('main');
  expect(resources.map(({ type }) => type)).toEqual(['Microsoft.Resources/resourceGroups']);
  expect(text).toMatch(/location: empty\(contradictions\) \? location : fail\(/);
  const list = /var contradictions = filter\(([\s\S]*?)\n\)/.exec(text)?.[1] ?? '';
  const named = new Set(list.match(/\b[A-Z]+(_[A-Z]+)+\b/g));
  const known = template('main').parameters.map(({ name }) => variableOf(name));
  expect(named.size).toBeGreaterThan(6);
  expect([...named].filter((name) => !known.includes(name))).toEqual([]);
});

test('docs/operations.md counts with the sessions of an instance and the instances that there can be', () => {
  const opened = readFileSync('src/adapters/mssql/control-database.ts', 'utf8');
  const sessions = Number(/maxConnections = (\d+)/.exec(opened)?.[1]);
  const main = readFileSync('infra/main.bicep', 'utf8');
  const instances = Number(/param maximumInstanceCount int = (\d+)/.exec(main)?.[1]);
  const sum = `${instances} × ${sessions} = ${instances * sessions}`;
  const operations = readFileSync('docs/operations.md', 'utf8');
  expect(operations).toContain(sum);
  expect(main).toContain(`(maximumInstanceCount + 4) * ${sessions} > sessionsOf[databaseSku]`);
  const [, sizes = ''] = /\n\| What a database takes +\|(.*)\n/.exec(operations) ?? [];
  const [, taken = ''] = /\n\| sessions +\|(.*)\n/.exec(operations) ?? [];
  const cells = (row: string) => row.split('|').map((cell) => cell.trim().replace(',', ''));
  const wanted = cells(sizes).map((size, at) => (size === '' ? '' : `${size}: ${cells(taken)[at]}`));
  expect(wanted.length).toBeGreaterThan(5);
  expect(wanted.filter((line) => !main.includes(line))).toEqual([]);
  expect(propertiesOf('main', 'sessionsOf').toSorted()).toEqual(
    template('main')
      .parameters.find(({ name }) => name === 'databaseSku')
      ?.allowed.toSorted(),
  );
});

test('what holds data can be locked', () => {
  const locked = [...templates].filter(([, { resources }]) =>
    resources.some(({ type }) => type === 'Microsoft.Authorization/locks'),
  );
  const holding = ['key-vault', 'sql-database', 'storage'];
  expect(locked.map(([file]) => basename(file, '.bicep'))).toEqual(holding);
});

test('what prepare-database reads is what the deployment puts out', () => {
  const program = readFileSync('src/prepare-database.ts', 'utf8');
  const read = new Set(program.match(/\bVIGIA_[A-Z_]+(?=: )/g));
  const put = new Set(readFileSync('infra/main.bicep', 'utf8').match(/(?<=^output )VIGIA_\w+/gm));
  expect(read.size).toBe(5);
  expect([...read].filter((name) => !put.has(name))).toEqual([]);
});

test('the firewall of a new server lets in Azure alone: prepare-database lets itself in', () => {
  const database = readFileSync('infra/modules/sql-database.bicep', 'utf8');
  expect(
    database.match(/(?<=')Microsoft\.Sql\/servers\/firewallRules@[\d-]+' = if \(isPublic\)/g),
  ).toHaveLength(1);
  const version = readFileSync('src/adapters/azure/while-let-in.ts', 'utf8').match(
    /(?<=apiVersion = ')[\d-]+/,
  )?.[0];
  expect(database).toContain(`servers/firewallRules@${version}'`);
});

test('azure.yaml asks for an azd that knows remoteBuild', () => {
  const text = readFileSync('azure.yaml', 'utf8');
  expect(text).toContain('remoteBuild: false');
  // https://github.com/Azure/azure-dev/blob/main/cli/azd/CHANGELOG.md
  expect(text).toContain("requiredVersions: { azd: '>= 1.23.5' }");
  expect(readFileSync('docs/deploying.md', 'utf8')).toMatch(/azd\s1\.23\.5/);
});

test('azure.yaml runs scripts that are there, and deploys what npm run package writes', () => {
  const text = readFileSync('azure.yaml', 'utf8');
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const run = [...text.matchAll(/run: npm run (\S+)/g)].map(([, script]) => script);
  expect(run.length).toBeGreaterThan(0);
  expect(run.filter((script) => scripts[script ?? ''] === undefined)).toEqual([]);
  expect(text).toContain('dist: .package/app');
  expect(readFileSync('dev/package.ts', 'utf8')).toContain("default: '.package'");
});
