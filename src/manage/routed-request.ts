/**
 * A request as the routes see it: without the host's key, which may stand in the address as `?code=`, and with the fixed
 * words of its path in lower case and no slash behind them, since the host lets both through.
 */
export function routedRequest(request: Request): Request {
  const url = new URL(request.url);
  const path = routedPath(url.pathname);
  if (path === url.pathname && !url.searchParams.has('code')) return request;
  url.pathname = path;
  url.searchParams.delete('code');
  return new Request(url, request);
}

/** /api/manage/word/code/word: what a caller names stays as it is. */
function routedPath(path: string): string {
  const parts = path.replace(/\/+$/, '').split('/');
  return parts.map((part, index) => (index === 4 ? part : part.toLowerCase())).join('/');
}
