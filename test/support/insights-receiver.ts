import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

export interface InsightsReceiver extends AsyncDisposable {
  /** For IngestionEndpoint of APPLICATIONINSIGHTS_CONNECTION_STRING. */
  address: string;
  /** Bodies as they came, decompressed. */
  received: readonly string[];
}

/** Where Application Insights takes telemetry: over https alone. */
export async function insightsReceiver(certificate: {
  key: string;
  cert: string;
}): Promise<InsightsReceiver> {
  const received: string[] = [];
  const server = createServer(certificate, (request, response) => {
    void (async () => {
      const sent = await buffer(request);
      const isPacked = request.headers['content-encoding'] === 'gzip';
      received.push((isPacked ? gunzipSync(sent) : sent).toString());
      const all = { itemsReceived: 1, itemsAccepted: 1, errors: [] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(all));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
