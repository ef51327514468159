import { requireSoundTypes } from './services/build-app.ts';
import { ExpectedError } from './services/expected-error.ts';
import { readOptions, runCommand } from './services/run-command.ts';
import { bundleApp } from './package/bundle-app.ts';
import { bundleCommand } from './package/bundle-command.ts';
import { requireEntryFiles } from './package/require-entry-files.ts';
import { requireKnownSettings } from './package/require-known-settings.ts';
import { requireWritable } from './package/require-writable.ts';
import { writePackageFiles } from './package/write-package-files.ts';
import { writeZip } from './package/write-zip.ts';

const usage = `npm run package [-- --out FOLDER] [--vault-settings NAME,…]

Writes what Azure starts: FOLDER/app, and the same as FOLDER/vigia.zip. Stops when the compiler finds a fault, when a
file of the app is missing, and when local.settings.json has a setting that no deployment would have.

  --out FOLDER           where to; .package unless given
  --vault-settings LIST  names that the tables use as env:NAME and that somebody puts into the Key Vault; VAULT_SETTINGS,
                         which azd gives, unless given
  --help                 this text`;

await runCommand(async () => {
  const { out, 'vault-settings': vaultSettings } = readOptions(
    {
      out: { type: 'string', default: '.package' },
      'vault-settings': { type: 'string', default: process.env['VAULT_SETTINGS'] ?? '' },
    },
    usage,
  );
  if (out === '') throw new ExpectedError('--out names the folder to write to.');
  requireEntryFiles();
  requireKnownSettings(vaultSettings);
  await requireSoundTypes();
  await requireWritable(out);
  const app = await bundleApp(out);
  await bundleCommand(app);
  await writePackageFiles(app);
  const { file, bytes } = await writeZip(app, `${out}/vigia.zip`);
  console.log(`${file}: ${(bytes / 1e6).toFixed(1)} MB`);
});
