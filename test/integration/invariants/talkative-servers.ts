import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { selfSignedCertificate } from '../../../dev/sqlserver/wire/self-signed-certificate.ts';
import { freePort } from '../../support/free-port.ts';

type Talk = (request: IncomingMessage, said: string, response: ServerResponse) => void;

const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** Each says back what it was told, in its own way. `said`: the whole URL and every header. */
const talks: Readonly<Record<string, Talk>> = {
  echo: ({ headers }, said, response) =>
    response.writeHead(200).end(JSON.stringify({ wamid: headers.authorization, said })),
  wamid: ({ url }, _said, response) =>
    response.writeHead(201).end(JSON.stringify({ messages: [{ id: url }] })),
  failing: (_, said, response) => response.writeHead(500, said.slice(0, 20).replaceAll(/\W/g, ' ')).end(said),
  redirect: ({ url }, said, response) =>
    response.writeHead(302, { location: `http://127.0.0.1:1${url}` }).end(`<a href="${html(said)}">`),
  html: (_, said, response) => response.writeHead(400).end(`<pre>${html(said)}</pre>`),
  url: (_, said, response) => response.writeHead(403).end(encodeURIComponent(said)),
  form: (_, said, response) => response.writeHead(403).end(new URLSearchParams({ said }).toString()),
  base64: (_, said, response) => response.writeHead(404).end(Buffer.from(said).toString('base64')),
  long: (_, said, response) => response.writeHead(422).end(said.repeat(1 + Math.ceil(70_000 / said.length))),
  later: (_, said, response) =>
    response.writeHead(503, { 'retry-after': said.replaceAll(/[^ -~]/g, '') }).end(),
  broken: ({ socket, headers }, _said, response) => {
    response.writeHead(400, { 'content-length': 5_000 });
    response.write(`no such key: ${headers.authorization?.slice(0, -6)}`, () => socket.end());
  },
  cut: ({ headers }, _said, response) =>
    response.writeHead(500).end(`${headers.authorization} `.repeat(3_000)),
  rude: ({ socket, url }) => void socket.end(`HTTP/1.1 ${url}\r\n\r\n`),
  silent: () => {},
};

export const manners = Object.keys(talks);

/** A webhook receiver that answers in the manner of its path's first part. */
export async function aTalkativeReceiver(secrets: () => readonly string[]) {
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    request.resume().once('end', () => {
      const manner = /^\/(\w+)/.exec(request.url ?? '')?.[1] ?? '';
      const own = secrets().join(' | ');
      const said = `POST http://${request.headers.host}${request.url} ${request.rawHeaders.join(': ')} ${own}`;
      talks[manner]?.(request, said, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * A mail server that repeats the login in its refusal, until it is to accept. Keeps the mails as they came. This process
 * trusts its certificate: without encryption it would get no login.
 */
export async function aTalkativeMailServer() {
  const kept = {
    port: await freePort(),
    mails: [] as string[],
    refusals: 0,
    accepts: false,
    close: () => {},
  };
  const { key, certificate: cert } = selfSignedCertificate();
  setDefaultCACertificates([...getCACertificates('default'), cert]);
  const server = new SMTPServer({
    key,
    cert,
    onAuth({ username = '', password = '' }, _session, callback) {
      if (kept.accepts) return callback(null, { user: username });
      kept.refusals += 1;
      const plain = Buffer.from(`\0${username}\0${password}`).toString('base64');
      callback(new Error(`not with ${password}: AUTH PLAIN ${plain}`));
    },
    onData(stream, _session, callback) {
      buffer(stream)
        .then((raw) => void kept.mails.push(raw.toString()))
        .then(() => callback(), callback);
    },
  });
  server.on('error', () => {});
  server.listen(kept.port, '127.0.0.1');
  kept.close = () => server.close(() => {});
  return kept;
}
