import type { ManageApi } from '../manage-api.ts';

/** The viewer's script, as it is served. */
export type ReadViewer = () => Promise<string>;

export interface ReferencePorts {
  version: string;
  readViewer: ReadViewer;
}

/**
 * The key that opened the page, `?code=…`, opens its files as well. The version in the script's address has a new one
 * loaded after a deployment.
 */
function pageOf(version: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Vigía: the manage API</title>
    <script type="module">
      const here = location.pathname.replace(/\\/+$/, '');
      const query = new URLSearchParams(location.search);
      const keyed = query.size === 0 ? '' : '?' + query;
      query.set('v', '${encodeURIComponent(version)}');
      await import(here + '/viewer.js?' + query);
      const explorer = document.createElement('openapi-explorer');
      explorer.setAttribute('spec-url', here + '/../openapi.json' + keyed);
      document.body.append(explorer);
    </script>
  </head>
  <body style="margin: 0"></body>
</html>
`;
}

/** A page to read the OpenAPI document and try the calls. Its files are ours alone: nothing is loaded from elsewhere. */
export function serveReference(api: ManageApi, { version, readViewer }: ReferencePorts): void {
  const page = pageOf(version);
  api.get('/docs', (context) => context.html(page, 200, { 'cache-control': 'no-cache' }));
  api.get('/docs/viewer.js', async (context) =>
    context.body(await readViewer(), 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=86400',
    }),
  );
}
