/** A fault of the person's surroundings or input: the commands print its sentence without a stack and end with code 1. */
export class ExpectedError extends Error {
  readonly expected = true;
}
