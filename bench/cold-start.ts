import { execFile } from 'node:child_process';
import { copyFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildApp } from '../dev/services/build-app.ts';
import { bundleApp } from '../dev/package/bundle-app.ts';
import { writePackageFiles } from '../dev/package/write-package-files.ts';
import { writeZip } from '../dev/package/write-zip.ts';
import { atMost, information, quantile, type Figure } from './figure.ts';

const rounds = 9;
/** Inside the checkout: the app that is not bundled looks for its libraries in node_modules. */
const folder = '.local/bench-app';
const unpackedApp = `${folder}/unpacked`;

/** From loading the first module until all functions have registered, for the package and for the app as the compiler leaves it. */
export async function measureColdStart(): Promise<Figure[]> {
  try {
    await buildApp({ folder: unpackedApp });
    await copyFile('package.json', `${unpackedApp}/package.json`);
    const app = await bundleApp(folder);
    await writePackageFiles(app);
    const { bytes } = await writeZip(app, `${folder}/vigia.zip`);
    const bundled: number[] = [];
    const compiled: number[] = [];
    for (let round = 0; round < rounds; round++) {
      bundled.push(await millisecondsOf(app));
      compiled.push(await millisecondsOf(unpackedApp));
    }
    const [packed, unpacked] = [quantile(bundled, 0.5), quantile(compiled, 0.5)];
    return [
      atMost('cold start of the package: all functions registered after', packed / 1000, 's', 0.6),
      information('cold start of the app not bundled', unpacked / 1000, 's'),
      information('cold start: package / not bundled', packed / unpacked, ''),
      information('package: zip', bytes / 1e6, 'MB'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const run = promisify(execFile);
const measuring = fileURLToPath(new URL('cold-start-process.ts', import.meta.url));

async function millisecondsOf(app: string): Promise<number> {
  // Nothing that Node has compiled before, as on a new instance.
  const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
  const settings = {
    CONTROL_DATABASE: 'Server=127.0.0.1;Database=Vigia;User Id=vigia;Password=none',
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    SMTP_SERVER: '127.0.0.1',
    SMTP_FROM: 'vigia@example.com',
  };
  const { stdout } = await run(process.execPath, [measuring, app], { env: { ...environment, ...settings } });
  return Number(stdout);
}
