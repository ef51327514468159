/** An error as SQL Server reports it: thrown by the parser, the translation and the engine, sent to the client as it is. */
export class SqlFault extends Error {
  readonly number: number;
  readonly severity: number;
  readonly state: number;
  /** 1-based line in the batch; 0 where nobody knows, for the engine to replace with the statement's. */
  readonly line: number;

  constructor(number: number, severity: number, message: string, line = 0, state = 1) {
    super(message);
    this.name = 'SqlFault';
    this.number = number;
    this.severity = severity;
    this.state = state;
    this.line = line;
  }
}

/** Error 102, with the token where reading stopped. */
export function incorrectSyntax(near: string, line: number): SqlFault {
  return new SqlFault(102, 15, `Incorrect syntax near '${near}'.`, line);
}

/** A construct of T-SQL that SQL Server has and this server has not. */
export function notSupported(construct: string, line = 0): SqlFault {
  return new SqlFault(40510, 16, `not supported by the local SQL Server: ${construct}`, line);
}
