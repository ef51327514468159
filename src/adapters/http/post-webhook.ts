import type { Dispatcher } from 'undici';

export interface Post {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** For everything, from connecting to the last byte of the answer. */
  timeoutMs: number;
}

/** `body` ends at 64 KiB, and where it broke off or took too long: with the status the receiver has decided. */
export type PostAnswer =
  | { kind: 'answered'; status: number; body: string; end: 'whole' | 'cut'; retryAfter: string | null }
  | { kind: 'failed'; error: unknown }
  | { kind: 'expired' };

const longestAnswer = 65_536;

/** One POST, without redirects. Straight to undici's dispatcher: the streams of its `request` cost more than all else. */
export function postWebhook(
  dispatcher: Dispatcher,
  { url, headers, body, timeoutMs }: Post,
): Promise<PostAnswer> {
  return new Promise((resolve) => {
    const answer = new Answer();
    let controller: Dispatcher.DispatchController | undefined;
    let ended = false;
    const end = (otherwise: PostAnswer, how: 'whole' | 'cut') => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      resolve(answer.received(how) ?? otherwise);
    };
    const stop = (otherwise: PostAnswer) => {
      end(otherwise, 'cut');
      controller?.abort(new Error('enough'));
    };
    const timer = setTimeout(() => stop({ kind: 'expired' }), timeoutMs);
    const { origin, pathname, search } = url;
    dispatcher.dispatch(
      { origin, path: pathname + search, method: 'POST', headers, body },
      {
        onRequestStart(started) {
          controller = started;
          // The time limit passed while it was waiting for its connection: then nothing is sent.
          if (ended) started.abort(new Error('too late'));
        },
        onResponseStart: (_, status, received) => answer.start(status, received),
        onResponseData: (_, chunk) => {
          if (answer.add(chunk)) stop({ kind: 'expired' });
        },
        onResponseEnd: () => end({ kind: 'failed', error: new Error('no answer') }, 'whole'),
        onResponseError: (_, error) => end({ kind: 'failed', error }, 'cut'),
      },
    );
  });
}

/** What has come of an answer so far. */
class Answer {
  #status = 0;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};
  readonly #chunks: Buffer[] = [];
  #size = 0;

  start(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void {
    if (status < 200) return; // informational: the answer comes after it
    this.#status = status;
    this.#headers = headers;
  }

  /** True when there is more than anybody wants. */
  add(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    return this.#size > longestAnswer;
  }

  received(end: 'whole' | 'cut'): PostAnswer | null {
    if (this.#status === 0) return null;
    const { 'retry-after': retryAfter, 'content-encoding': encoding = 'identity' } = this.#headers;
    return {
      kind: 'answered',
      status: this.#status,
      ...(encoding === 'identity' ? { body: this.#text(), end } : { body: '', end: 'whole' }),
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
    };
  }

  /** A character cut in two at the end is left out. */
  #text(): string {
    const bytes = Buffer.concat(this.#chunks).subarray(0, longestAnswer);
    return new TextDecoder().decode(bytes, { stream: true }).replaceAll('\0', '');
  }
}
