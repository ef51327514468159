import { createServer as createTcpServer } from 'node:net';
import { expect, test } from 'vitest';
import { aSqlWorld, instant, type SqlWorld } from '../dispatch/sql-world.ts';
import { aNameServer } from './a-name-server.ts';
import { client, listen, receiver, type Received } from './a-receiver.ts';

function personIn({ body }: Received): string {
  const { data } = JSON.parse(body.toString()) as { data: { recipient: { code: string } } };
  return data.recipient.code;
}

async function callInstead(
  world: SqlWorld,
  url: string,
  deliverer: ReturnType<typeof client>,
): Promise<void> {
  await world.db.updateTable('CT_Alertas_Webhooks').set({ whk_Url: url }).execute();
  world.ports.deliverWebhook = deliverer.deliverWebhook;
}

const after = (seconds: number) => new Date(Date.parse(instant) + seconds * 1000);

test('each recipient’s answer decides on its own delivery, and only those that may still succeed are called again', async () => {
  const persons = ['01', '02', '03', '04', '05', '06', '07'];
  await using world = await aSqlWorld(persons.map((code) => ({ code, phone: `011 5555-00${code}` })));
  let up = false;
  const { url, received } = await receiver((request, response) => {
    const person = personIn(request);
    if (person === '01') response.end('{"wamid":"wamid.A"}');
    else if (person === '02') response.end('{"messages":[{"id":"wamid.B"}]}');
    else if (person === '03') response.writeHead(204).end();
    else if (person === '04') response.writeHead(410).end();
    else if (up) response.end('[{"wamid":"no"}]');
    else if (person === '05') response.writeHead(503, { 'retry-after': '3600' }).end();
    else if (person === '06') response.writeHead(429, { 'retry-after': after(1200).toUTCString() }).end();
    else request.socket.destroy();
  });
  await callInstead(world, url, client());

  expect(await world.dispatch()).toMatchObject({ kind: 'open' });
  const rows = await world.deliveries();
  expect(rows.map((row) => [row.msgper_Cod, row.msg_Estado, row.msg_Wamid, row.msg_ProximoIntento])).toEqual([
    ['01', 'ENVIADO', 'wamid.A', null],
    ['02', 'ENVIADO', 'wamid.B', null],
    ['03', 'ENVIADO', null, null],
    ['04', 'RECHAZADO', null, null],
    ['05', 'REINTENTO', null, after(3600)],
    ['06', 'REINTENTO', null, after(1200)],
    ['07', 'REINTENTO', null, after(30)],
  ]);
  expect(world.messages.map(({ at }) => at)).toEqual([after(31).toISOString().replace('.000', '')]);

  up = true;
  const first = new Map(received.splice(0).map((request) => [personIn(request), request]));
  for (const [seconds, person] of [
    [30, '07'],
    [1200, '06'],
    [3600, '05'],
  ] as const) {
    await world.clock.moveTo(after(seconds).toISOString());
    await world.dispatch();
    const [again, ...others] = received.splice(0);
    expect(others).toEqual([]);
    expect(again && personIn(again)).toBe(person);
    expect(again?.body).toEqual(first.get(person)?.body);
    expect(again?.headers['webhook-id']).toBe(first.get(person)?.headers['webhook-id']);
  }
  expect(await world.execution()).toMatchObject({ sch_Estado: 'PARCIAL', sch_CantMensajes: 6 });
});

test('a webhook whose name resolves to this machine is never reached, and its execution ends with the reason', async () => {
  await using world = await aSqlWorld();
  let connections = 0;
  const port = await listen(createTcpServer(() => (connections += 1)));
  const { lookup } = await aNameServer((_name, kind) => (kind === 'a' ? [{ a: '127.0.0.1' }] : []));
  await callInstead(world, `https://hook.example.com:${port}/t0ken`, client({ lookup }));

  await world.dispatch();
  expect(connections).toBe(0);
  for (const row of await world.deliveries()) {
    expect(row).toMatchObject({
      msg_Estado: 'RECHAZADO',
      msg_Intentos: 1,
      msg_Error:
        'webhook_direccion: La dirección de hook.example.com no es pública, y WEBHOOK_ALLOWED_HOSTS no lo nombra.',
    });
  }
  expect(await world.execution()).toMatchObject({ sch_Estado: 'ERROR', sch_Motivo: 'entregas_fallidas' });
  expect(await world.faults()).toHaveLength(1);
  expect(world.messages).toEqual([]);
});
