import { KeyRefused } from './command-end.ts';

/** For what is only looked at to be asked about: null where the key to act may not look. Throws everything else on. */
export function unlessUnseen(thrown: unknown): null {
  if (thrown instanceof KeyRefused) return null;
  throw thrown;
}
