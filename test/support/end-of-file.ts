type Work = () => Promise<unknown>;

const waiting: Work[] = [];

/**
 * Closes what all tests of a file share, once they are over; what was opened last goes first. Files run in one process
 * and share their modules: `afterAll` in a module that they import is asked by the first of them alone.
 */
export function atEndOfFile(work: Work): void {
  waiting.push(work);
}

export async function endFile(): Promise<void> {
  for (const work of waiting.splice(0).toReversed()) await work();
}
