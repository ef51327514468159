import type { HttpRequest, HttpResponseInit } from '@azure/functions';

/** Gives a request of the Functions host to a fetch handler, and its answer back. */
export async function answerRequest(
  request: HttpRequest,
  handle: (request: Request) => Promise<Response>,
): Promise<HttpResponseInit> {
  const { method, url, headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? await request.arrayBuffer() : null;
  const answer = await handle(new Request(url, { method, headers: [...headers], body }));
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()),
  };
}
