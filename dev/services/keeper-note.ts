import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from './is-alive.ts';
import { portsSchema } from './ports.ts';

/** What a command tells the keeper that it starts. */
export const keeperOptions = z.object({
  ports: portsSchema,
  dataFolder: z.string(),
  ownerPid: z.int(),
  fresh: z.boolean(),
});

/** What the keeper tells that command on standard output. */
export const keeperLine = z.union([z.object({ ready: z.literal(true) }), z.object({ failed: z.string() })]);
export type KeeperLine = z.infer<typeof keeperLine>;

/** What a keeper leaves in its data folder while it runs, for the next command to find. */
const keeperNote = z.object({ pid: z.int(), ownerPid: z.int(), ports: portsSchema });
export type KeeperNote = z.infer<typeof keeperNote>;

const noteIn = (dataFolder: string) => join(dataFolder, 'keeper.json');

export function noteKeeper(dataFolder: string, note: KeeperNote): void {
  writeFileSync(noteIn(dataFolder), JSON.stringify(note));
}

export function forgetKeeper(dataFolder: string): void {
  rmSync(noteIn(dataFolder), { force: true });
}

/** The keeper of that folder, if its process is alive: a note left by kill -9 counts for nothing. */
export function findKeeper(dataFolder: string): KeeperNote | undefined {
  try {
    const note = keeperNote.parse(JSON.parse(readFileSync(noteIn(dataFolder), 'utf8')));
    return isAlive(note.pid) ? note : undefined;
  } catch {
    return undefined; // none, or half-written by a keeper that was killed meanwhile
  }
}
