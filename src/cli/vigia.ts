import { userInfo } from 'node:os';
import { stdin, stdout } from 'node:process';
import { Temporal } from 'temporal-polyfill';
import { askPerson } from './ask-person.ts';
import { runVigia } from './run-vigia.ts';

/** Who closes the pipe (`| head`) has read enough. */
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runVigia(process.argv.slice(2), {
  environment: process.env,
  fetch: (address, init) => fetch(address, init),
  write: (text) => void stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  colours: stdout.isTTY && !process.env['NO_COLOR'],
  columns: (stdout.isTTY && stdout.columns) || null,
  ask:
    stdin.isTTY && stdout.isTTY ? (question) => askPerson(question, { input: stdin, output: stdout }) : null,
  user: nameOfUser(),
  zone: Temporal.Now.timeZoneId(),
  now: () => Temporal.Now.instant(),
});

/** Containers run as users without a name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
