import { CommandEnd, exitCodes } from './command-end.ts';

/** An option that may stand there several times. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** A whole number from 1. Throws CommandEnd. */
export function whole(value: string): number {
  const number = Number(value);
  if (/^\d{1,9}$/.test(value) && number > 0) return number;
  throw new CommandEnd(exitCodes.usage, `«${value}» no es una cantidad: escriba un número entero desde 1.`);
}
