import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * Hands a request to the app's own HTTP server (`app.setup({ enableHttpStream: true })`), which knows the invocation
 * by its id, and the answer back as it comes. Ends when the answer is through; rejects when the signal is aborted.
 */
export async function forwardToApp(
  uri: string,
  invocationId: string,
  message: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const headers = {
    ...message.headers,
    'x-ms-invocation-id': invocationId,
    'x-forwarded-host': message.headers.host ?? '',
    'x-forwarded-proto': 'http',
  };
  const target = new URL(uri);
  const outgoing = forward({
    host: target.hostname,
    port: target.port,
    path: message.url,
    method: message.method,
    headers,
    signal,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject);
  });
  message.pipe(outgoing);
  const answer = await answered;
  response.statusCode = answer.statusCode ?? 200;
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) response.setHeader(name, value);
  }
  response.removeHeader('Connection');
  await pipeline(answer, response, { signal });
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'x-ms-invocation-id']);
