import { controlDatabaseName, localSqlConnection } from '../dev/services/local-settings.ts';
import { sqlProxy } from '../test/support/sql-proxy.ts';
import { atMost, type Figure } from './figure.ts';
import { openSendingWorld } from './sending-world.ts';

const tenants = 2;

/** What one alert asks of the control database and of its company's, over connections that are open already. */
export async function measureRoundTrips(): Promise<Figure[]> {
  await using world = await openSendingWorld({
    tenants,
    hosts: 'each',
    profiles: [500, 1_500],
    receiverDelayMs: 20,
  });
  const control = localSqlConnection(world.ports, controlDatabaseName);
  await using proxy = await sqlProxy(control);
  await world.leadErpTo(proxy.connection);
  const host = world.startHost({ CONTROL_DATABASE: proxy.connection });
  try {
    await host.ready;
    let before = 0;
    const roundTrips = async (recipients: number) => {
      await world.send({ alerts: tenants, recipients }, () => (before = proxy.messages()));
      return (proxy.messages() - before) / tenants;
    };
    await roundTrips(500); // opens the connections
    return [
      atMost('SQL round trips per alert, 500 recipients', await roundTrips(500), '', 8),
      atMost('SQL round trips per alert, 1,500 recipients', await roundTrips(1_500), '', 12),
    ];
  } finally {
    await host.close();
  }
}
