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
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../../services/expected-error.ts';
import { otherUser, runProgram } from './run-program.ts';

const INITDB_LIMIT_MS = 60_000;
const RENAME_LIMIT_MS = 10_000;

/** With which Windows ends a program whose libraries it does not find; one that is too old for it violates its memory. */
const DLL_NOT_FOUND = 0xc000_0135;

/** Where a local SQL Server keeps everything. */
export class DataFolder {
  readonly root: string;
  /** PostgreSQL's own folder, and the mark in it of one that runs. */
  readonly cluster: string;
  readonly markFile: string;
  readonly logFile: string;
  /** Holds the port where the guard says whom it holds PostgreSQL for, and its process id. */
  readonly guardFile: string;

  constructor(path: string) {
    this.root = resolve(path);
    this.cluster = join(this.root, 'pgdata');
    this.markFile = join(this.cluster, 'postmaster.pid');
    this.logFile = join(this.root, 'postgres.log');
    this.guardFile = join(this.root, 'guard');
  }

  /** Makes the folder and PostgreSQL's cluster in it unless they are there; gives the superuser's password. */
  async prepare(initdb: string): Promise<string> {
    const passwordFile = join(this.root, 'postgres.password');
    try {
      mkdirSync(this.root, { recursive: true });
      const isThere = existsSync(this.cluster);
      if (isThere) this.#requireOwner();
      own(this.root);
      if (!isThere) await this.#makeCluster(initdb, passwordFile);
      return readFileSync(passwordFile, 'utf8');
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM')))
        throw cause;
      throw new ExpectedError(
        `The data folder ${this.root} cannot be used: ${cause.message}. Name one that your user may write to; ` +
          'as root, one below folders that every user may enter.',
        { cause },
      );
    }
  }

  /** PostgreSQL opens a folder of its own user alone. */
  #requireOwner(): void {
    const user = otherUser?.uid ?? process.getuid?.();
    const { uid } = statSync(this.cluster);
    if (user === undefined || uid === user) return;
    throw new ExpectedError(
      `The data folder ${this.root} was made by another user (number ${uid}). Start as that user, name another folder, or delete it.`,
    );
  }

  async #makeCluster(initdb: string, passwordFile: string): Promise<void> {
    rmSync(passwordFile, { force: true });
    const { randomBytes } = await import('node:crypto'); // the guard would keep it for nothing
    writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    own(passwordFile);
    // Made beside its place, so that one that was never finished is not taken for a whole one.
    const unfinished = `${this.cluster}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    const args = [
      ...['-D', unfinished, '-U', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      ...['--encoding', 'UTF8', '--locale', 'C', '--no-sync', '--no-instructions', '--no-data-checksums'],
      ...['--set', 'scram_iterations=1'],
    ];
    const made = await runProgram(initdb, args, this.root, INITDB_LIMIT_MS);
    if (made.code !== 0) throw new ExpectedError(whyNotMade(this.cluster, made));
    await renameOnceFree(unfinished, this.cluster);
  }
}

/** A sentence for what initdb ended with. */
export function whyNotMade(cluster: string, { code, said }: { code: number | null; said: string }): string {
  if (code === DLL_NOT_FOUND || /terminated by exception 0xC0000(005|135)/i.test(said))
    return (
      'PostgreSQL, on which the local SQL Server runs, needs a current Visual C++ runtime of Microsoft (x64), which Windows ' +
      'lacks here: install https://aka.ms/vs/17/release/vc_redist.x64.exe.'
    );
  return `PostgreSQL could not make its folder ${cluster}: ${said || `initdb ended with ${code}`}`;
}

/** On Windows a folder cannot be renamed while anybody, such as a virus scanner, has one of its new files open. */
async function renameOnceFree(from: string, to: string): Promise<void> {
  const giveUp = Date.now() + RENAME_LIMIT_MS;
  for (;;) {
    try {
      return renameSync(from, to);
    } catch (cause) {
      if (process.platform !== 'win32' || Date.now() > giveUp) throw cause;
      await sleep(100);
    }
  }
}

function own(path: string): void {
  if (otherUser) chownSync(path, otherUser.uid, otherUser.gid);
}
