import type { CommanderError } from 'commander';

/** What stands between quotes in commander's own message names the word that is wrong. */
type Say = (word: string) => string;

const sentences: Readonly<Record<string, Say>> = {
  'commander.unknownCommand': (word) => `No hay un comando ${word}.`,
  'commander.unknownOption': (word) => `No hay una opción ${word}.`,
  'commander.missingArgument': (word) => `Falta ${word}.`,
  'commander.optionMissingArgument': (word) => `A la opción ${word} le falta el valor.`,
  'commander.missingMandatoryOptionValue': (word) => `Falta la opción ${word}.`,
  'commander.excessArguments': () => 'Hay palabras de más.',
};

/** Wrong usage as a sentence; with what may have been meant, where commander has an idea. */
export function usageInSpanish({ code, message }: CommanderError): string {
  const [, word = ''] = /'([^']*)'/.exec(message) ?? [];
  const [, meant] = /Did you mean (?:one of )?(.+)\?\)?/.exec(message) ?? [];
  const say = sentences[code];
  const sentence = say === undefined ? message.replace(/^error: /, '') : say(`«${word}»`);
  const idea = meant === undefined ? '' : ` ¿Quiso decir ${meant}?`;
  return `${sentence}${idea} Con --help se ve cómo se usa.\n`;
}
