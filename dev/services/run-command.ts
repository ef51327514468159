import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ExpectedError } from './expected-error.ts';

/** Runs a command: what a person can mend is printed as one sentence, everything else with its stack; both end with code 1. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error && 'expected' in error ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/**
 * Strict: an unknown option, a missing value or a stray word throws ExpectedError with the usage. `--help` prints it and
 * ends the process.
 */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(options: T, usage: string) {
  if (process.argv.slice(2).includes('--help')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    throw new ExpectedError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`, {
      cause,
    });
  }
}

export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new ExpectedError(`--${option} takes a whole number from ${least} to ${most}, not "${text}".`);
}
