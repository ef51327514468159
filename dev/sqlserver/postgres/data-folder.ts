import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { ExpectedError } from '../../services/expected-error.ts';
import { otherUser } from './as-other-user.ts';
import type { Binaries } from './binaries.ts';
import { runProgram } from './run-program.ts';

/** Where a local SQL Server keeps everything. */
export interface DataFolder {
  root: string;
  /** PostgreSQL's own folder. */
  cluster: string;
  passwordFile: string;
  logFile: string;
  /** Holds the port where the guard says whom it holds PostgreSQL for, and its process id. */
  guardFile: string;
}

const INITDB_LIMIT_MS = 60_000;

export function dataFolderAt(path: string): DataFolder {
  const root = resolve(path);
  return {
    root,
    cluster: join(root, 'pgdata'),
    passwordFile: join(root, 'postgres.password'),
    logFile: join(root, 'postgres.log'),
    guardFile: join(root, 'guard'),
  };
}

/** Makes the folder and PostgreSQL's cluster in it unless they are there; gives the superuser's password. */
export async function prepareDataFolder(folder: DataFolder, programs: Binaries): Promise<string> {
  try {
    mkdirSync(folder.root, { recursive: true });
    if (existsSync(folder.cluster)) requireOwner(folder);
    own(folder.root);
    if (existsSync(folder.cluster)) return readFileSync(folder.passwordFile, 'utf8');
    return await makeCluster(folder, programs);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM')))
      throw cause;
    throw new ExpectedError(
      `The data folder ${folder.root} cannot be used: ${cause.message}. Name one that your user may write to; ` +
        'as root, one below folders that every user may enter.',
      { cause },
    );
  }
}

/** PostgreSQL opens a folder of its own user alone. */
function requireOwner({ root, cluster }: DataFolder): void {
  const user = otherUser?.uid ?? process.getuid?.();
  const { uid } = statSync(cluster);
  if (user === undefined || uid === user) return;
  throw new ExpectedError(
    `The data folder ${root} was made by another user (number ${uid}). Start as that user, name another folder, or delete it.`,
  );
}

async function makeCluster(folder: DataFolder, { initdb }: Binaries): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  rmSync(folder.passwordFile, { force: true });
  writeFileSync(folder.passwordFile, password, { mode: 0o600 });
  own(folder.passwordFile);
  // Made beside its place, so that one that was never finished is not taken for a whole one.
  const unfinished = `${folder.cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const args = initdbArgs(unfinished, folder.passwordFile);
  const made = await runProgram(initdb, args, folder.root, INITDB_LIMIT_MS);
  if (made.code !== 0)
    throw new ExpectedError(`PostgreSQL could not make its folder ${folder.cluster}: ${made.said}`);
  renameSync(unfinished, folder.cluster);
  return password;
}

function own(path: string): void {
  if (otherUser) chownSync(path, otherUser.uid, otherUser.gid);
}

function initdbArgs(cluster: string, passwordFile: string): string[] {
  return [
    ...['-D', cluster, '-U', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--locale', 'C', '--no-sync', '--no-instructions'],
    ...['--set', 'scram_iterations=1'],
  ];
}
