import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

type Command = readonly [program: string, ...args: string[]];

/** PostgreSQL refuses to run as root: then it runs as this user (nobody), who owns its folder. */
export const otherUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

const setpriv = '/usr/bin/setpriv';

/**
 * The command as that user. A checkout or data folder below a folder that is closed to others, such as /root, is reached
 * with the one capability that lets a process enter and read folders; `no_setuid_fixup` lets access(2) honour it too.
 */
export function asOtherUser(
  command: Command,
  cwd: string,
): { command: Command; user: { uid?: number; gid?: number } } {
  if (!otherUser) return { command, user: {} };
  const open = !isClosedToOthers(dirname(command[0])) && !isClosedToOthers(dirname(cwd));
  if (open || !existsSync(setpriv)) return { command, user: otherUser };
  const { uid, gid } = otherUser;
  const privileges = [
    ...[`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'],
    ...['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'],
  ];
  return { command: [setpriv, ...privileges, '--', ...command], user: {} };
}

function isClosedToOthers(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return true;
  const parent = dirname(folder);
  return parent !== folder && isClosedToOthers(parent);
}
