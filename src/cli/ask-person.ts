import { createInterface } from 'node:readline';

interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** Asks on a terminal; null: whoever was asked went away (Ctrl-C, Ctrl-D). */
export function askPerson(question: string, { input, output }: Terminal): Promise<string | null> {
  const lines = createInterface({ input, output, terminal: true });
  return new Promise((resolve) => {
    lines.once('close', () => {
      // The cursor stands behind the question still.
      output.write('\n');
      resolve(null);
    });
    lines.question(question, (answer) => {
      lines.removeAllListeners('close');
      lines.close();
      resolve(answer);
    });
  });
}
