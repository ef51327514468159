/** What the shell gets. docs/manage.md has the same table. */
export const exitCodes = { done: 0, refused: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

/** Ends the command: with a sentence for people, or with the API's own words for programs. */
export class CommandEnd extends Error {
  override readonly name = 'CommandEnd';
  readonly code: (typeof exitCodes)[keyof typeof exitCodes];
  /** The problem document, as it came. */
  readonly json: string | undefined;

  constructor(code: CommandEnd['code'], message: string, json?: string) {
    super(message);
    this.code = code;
    this.json = json;
  }
}

/** There is an app, which does not take the key for this. */
export class KeyRefused extends CommandEnd {
  constructor(message: string) {
    super(exitCodes.unreachable, message);
  }
}
