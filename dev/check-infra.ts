import { globSync, readFileSync } from 'node:fs';
import { bicepParser, faultsIn } from './infra/parse-bicep.ts';
import { asVariables } from './infra/read-template.ts';
import { ExpectedError } from './services/expected-error.ts';
import { runCommand } from './services/run-command.ts';

/** `npm run check:infra`: the grammar of every Bicep file. Types of resources are for Microsoft's compiler. */
await runCommand(async () => {
  const parse = await bicepParser();
  const files = globSync('infra/**/*.{bicep,bicepparam}').sort();
  const faults = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return faultsIn(parse(file.endsWith('param') ? asVariables(text) : text)).map((at) => `  ${file}:${at}`);
  });
  if (files.length === 0) throw new ExpectedError('infra/ holds no Bicep.');
  if (faults.length > 0) throw new ExpectedError(`This is no Bicep:\n${faults.join('\n')}`);
  console.log(`${files.length} Bicep files are sound.`);
});
