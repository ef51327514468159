import type { Command } from 'commander';
import { askApi, type Answer, type AskApi } from './ask-api.ts';
import { CommandEnd, exitCodes } from './command-end.ts';
import { connectionOf, type GlobalOptions } from './connection.ts';
import type { Surroundings } from './surroundings.ts';
import { painter, table, type Cell, type Paint } from './table.ts';

/** What a command works with. */
export interface Session {
  surroundings: Surroundings;
  paint: Paint;
  /** As wide as the terminal at most. */
  table: (heads: readonly string[], rows: readonly (readonly Cell[])[]) => string;
  ask: AskApi;
  /** The answer for people, or with --json exactly as it came. */
  print<Value>(answer: Answer<Value>, render: (value: Value) => string): void;
  /** Where the app is. */
  base: string;
  json: boolean;
  /** Ends the command unless somebody agrees, or --yes stands there. The question is only made for somebody to be asked. */
  agreeTo(question: () => Promise<string>, yes: boolean | undefined): Promise<void>;
}

export type Begin = (command: Command) => Session;

export function sessionsIn(surroundings: Surroundings): Begin {
  return (command) => {
    const options: GlobalOptions = command.optsWithGlobals();
    const { write, ask: askPerson, columns } = surroundings;
    const paint = painter(surroundings.colours);
    // On the very last cell some terminals begin a line of their own.
    const room = columns === null ? null : columns - 1;
    const connection = connectionOf(options, surroundings);
    return {
      surroundings,
      paint,
      table: (heads, rows) => table(heads, rows, { paint, room }),
      ask: askApi(connection, surroundings),
      base: connection.base,
      json: options.json === true,
      print: ({ text, value }, render) =>
        write(options.json === true ? `${text.trimEnd()}\n` : render(value)),
      agreeTo: async (question, yes) => {
        if (yes === true) return;
        if (askPerson === null)
          throw new CommandEnd(
            exitCodes.usage,
            'No hay a quién preguntarle: agregue --yes para hacerlo sin preguntar.',
          );
        const answer = await askPerson(`${await question()} [s/N] `);
        if (answer === null) throw new CommandEnd(exitCodes.interrupted, 'No se hizo nada.');
        if (!/^\s*(s|si|sí|y|yes)\s*$/i.test(answer))
          throw new CommandEnd(exitCodes.refused, 'No se hizo nada.');
      },
    };
  };
}
