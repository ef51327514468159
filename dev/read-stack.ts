import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { originalPlaces } from './package/original-places.ts';
import { ExpectedError } from './services/expected-error.ts';
import { readOptions, runCommand } from './services/run-command.ts';

const usage = `npm run --silent read-stack [-- --app FOLDER] < FILE

Shows a stack out of Azure's log, or whole lines of it, with files and lines of the source. The package must be that of
the version which wrote it: check that out, and npm run package.

  --app FOLDER  the package; .package/app unless given
  --help        this text`;

await runCommand(async () => {
  const { app } = readOptions({ app: { type: 'string', default: '.package/app' } }, usage);
  if (!existsSync(app)) throw new ExpectedError(`${app} is not there: npm run package writes it.`);
  const { text: read, unknown } = originalPlaces(await text(process.stdin), app);
  process.stdout.write(read);
  if (unknown.length === 0) return;
  throw new ExpectedError(
    `${unknown.join(', ')}: not of this package. Check out the version that wrote the stack, and npm run package.`,
  );
});
