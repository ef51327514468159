import type { ManageApi } from '../manage-api.ts';

/** The viewer's script, as it is served. */
export type ReadViewer = () => Promise<string>;

export interface ReferencePorts {
  readViewer: ReadViewer;
}

/** The key that opened the page, `?code=…`, opens its files as well. */
const page = `<!doctype html>
<html lang="es">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Vigía: referencia de la API de operación</title>
    <script type="module">
      const { search } = location;
      await import('./docs/viewer.js' + search);
      const explorer = document.createElement('openapi-explorer');
      explorer.setAttribute('spec-url', 'openapi.json' + search);
      document.body.append(explorer);
    </script>
  </head>
  <body style="margin: 0"></body>
</html>
`;

/** A page to read the OpenAPI document and try the calls. Its files are ours alone: nothing is loaded from elsewhere. */
export function serveReference(api: ManageApi, { readViewer }: ReferencePorts): void {
  api.get('/docs', (context) => context.html(page));
  api.get('/docs/viewer.js', async (context) =>
    context.body(await readViewer(), 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=86400',
    }),
  );
}
