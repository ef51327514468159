import { CommandEnd, exitCodes } from './command-end.ts';

/** Codes of the API in the words that operators read and write; the codes themselves can be written as well. */
export function spoken<Code extends string>(words: Readonly<Record<Code, string>>) {
  const codes = new Map<string, Code>();
  for (const code in words) codes.set(code, code).set(words[code], code);
  const all = Object.values<string>(words).join(', ');
  return {
    all,
    /** What has no word stays as it is. */
    say: (code: string): string => {
      const known = codes.get(code);
      return known === undefined ? code : words[known];
    },
    /** Throws CommandEnd. */
    read: (text: string): Code => {
      const code = codes.get(text.trim().toLowerCase());
      if (code !== undefined) return code;
      throw new CommandEnd(exitCodes.usage, `«${text}» no es ninguno de estos: ${all}.`);
    },
  };
}
