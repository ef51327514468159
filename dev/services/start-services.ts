import { join } from 'node:path';
import { startSqlServer } from '../sqlserver/start-sqlserver.ts';
import { startAzurite } from './azurite.ts';
import { localSecrets } from './connections.ts';
import type { Held, Listening } from './listen.ts';
import { startMailSink } from './mail-sink.ts';
import type { Ports } from './ports.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

/**
 * Starts the servers that stand in for production's. When one cannot start, those that did are stopped again. `ended`
 * tells of the first that ends.
 */
export async function startServices(ports: Ports, dataFolder: string): Promise<Held> {
  const starting = [
    startSqlServer({
      port: ports.sqlServer,
      controlPort: ports.sqlServerFaults,
      postgresPort: ports.postgres,
      dataDir: join(dataFolder, 'sqlserver'),
      saPassword: localSecrets.saPassword,
    }),
    startAzurite(ports, join(dataFolder, 'azurite')),
    startMailSink(ports),
    startWebhookReceiver(ports.webhooks, localSecrets.webhookSecret, {
      url: `http://127.0.0.1:${ports.host}/api/callbacks/messages`,
      appSecret: localSecrets.whatsappAppSecret,
    }),
  ];
  const results = await Promise.allSettled(starting);
  const started = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const close = async () => void (await Promise.allSettled(started.map((service) => service.close())));
  const failure = results.find((result) => result.status === 'rejected');
  if (!failure) return { close, ended: Promise.race(started.filter(isHeld).map(({ ended }) => ended)) };
  await close();
  throw failure.reason;
}

function isHeld(service: Listening): service is Held {
  return 'ended' in service;
}
