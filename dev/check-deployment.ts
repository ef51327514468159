import { readFileSync } from 'node:fs';
import { type AzdParameters, faultsOfVariables } from './infra/check-variables.ts';
import { bicepParser } from './infra/parse-bicep.ts';
import { readTemplate } from './infra/read-template.ts';
import { ExpectedError } from './services/expected-error.ts';
import { readOptions, runCommand } from './services/run-command.ts';

const usage = `npm run check-deployment

Checks the variables that azd makes the parameters of a deployment from (infra/main.parameters.json), before anything is
created: azd runs it so. Ends with code 1 and names each that cannot be used.

  --help  this text`;

await runCommand(async () => {
  readOptions({}, usage);
  const parse = await bicepParser();
  const { parameters } = readTemplate(parse(readFileSync('infra/main.bicep', 'utf8')));
  const { choices } = readTemplate(parse(readFileSync('infra/settings.bicep', 'utf8')));
  const azd: AzdParameters = JSON.parse(readFileSync('infra/main.parameters.json', 'utf8'));
  const faults = faultsOfVariables(process.env, { parameters, choices }, azd);
  if (faults.length === 0) return;
  const lines = faults.map((fault) => `  - ${fault}`).join('\n');
  throw new ExpectedError(
    `Nothing is created, because of these variables (azd env set NAME VALUE; docs/deploying.md):\n${lines}`,
  );
});
