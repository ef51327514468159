import type { Engine, SqlMessage, SqlSession } from '../contract.ts';
import { messageOf, sqlError } from '../errors.ts';
import type { Faults } from '../faults.ts';
import { Answer, informational } from './answer.ts';
import type { Client } from './answer.ts';
import { serverCollation } from './collation.ts';
import { readLoginRequest, tdsVersion } from './login-request.ts';
import type { LoginRequest } from './login-request.ts';
import { messageType } from './message-inbox.ts';
import { ProtocolFault } from './protocol-fault.ts';
import {
  collationChange,
  databaseChange,
  featureAck,
  languageChange,
  loginAck,
  packetSizeChange,
} from './tokens.ts';
import { INITIAL_PACKET_BYTES } from './transport.ts';
import type { Transport } from './transport.ts';

const UTF8_FEATURE = 0x0a;
const CANNOT_OPEN_DATABASE = 4060;

/** Answers LOGIN7. Nothing = refused, and told so, or the client has left. */
export async function answerLogin(
  { stream, inbox, maxPacketBytes }: Transport,
  { engine, faults, disconnect }: { engine: Engine; faults: Faults; disconnect: () => void },
): Promise<{ session: SqlSession; client: Client; database: string } | undefined> {
  const message = await inbox.next();
  if (message === undefined) return undefined;
  if (message.type !== messageType.login) throw new ProtocolFault('Message after PRELOGIN is not LOGIN7');
  const request = readLoginRequest(message.payload);
  const version = versionOf(request.tdsVersion);
  const client = {
    stream,
    disconnect,
    packetSize: INITIAL_PACKET_BYTES,
    knowsNullCompression: version !== tdsVersion.v72,
  };
  const answer = new Answer(client);
  const outcome = await admit(request, engine, faults);
  if ('refused' in outcome) {
    await refuse(answer, outcome.refused, request);
    return undefined;
  }
  // The login's own answer still comes in packets of the first size.
  client.packetSize = packetSizeOf(request.packetSize, maxPacketBytes);
  await welcome(answer, { request, version, database: outcome.database, packetSize: client.packetSize });
  return { session: outcome.session, client, database: outcome.database };
}

function versionOf(asked: number): number {
  if (asked === tdsVersion.v80) return tdsVersion.v80;
  if (asked >= tdsVersion.v74) return tdsVersion.v74;
  if (asked >= tdsVersion.v73b) return tdsVersion.v73b;
  if (asked >= tdsVersion.v72) return tdsVersion.v72;
  throw new ProtocolFault(`TDS version 0x${asked.toString(16)} is older than 7.2`);
}

function packetSizeOf(asked: number, most: number): number {
  return asked === 0 ? INITIAL_PACKET_BYTES : Math.min(Math.max(asked, 512), most);
}

function admit(request: LoginRequest, engine: Engine, faults: Faults): ReturnType<Engine['login']> {
  const refused = request.withoutPassword ? messageOf(sqlError(18456, [request.login.user]), 1) : undefined;
  const fault = refused ?? faults.atLogin(request.login);
  return fault === undefined ? engine.login(request.login) : Promise.resolve({ refused: fault });
}

/** A database that cannot be opened is told together with the failed login, as SQL Server does. */
async function refuse(answer: Answer, refused: SqlMessage, request: LoginRequest): Promise<void> {
  await answer.message(refused);
  if (refused.number === CANNOT_OPEN_DATABASE) {
    await answer.message(messageOf(sqlError(18456, [request.login.user]), 1));
  }
  await answer.hold({ of: 'done', failed: true });
  await answer.end();
}

interface Welcome {
  request: LoginRequest;
  version: number;
  database: string;
  packetSize: number;
}

async function welcome(answer: Answer, { request, version, database, packetSize }: Welcome): Promise<void> {
  await answer.write(databaseChange(database, 'master'));
  await answer.message(informational(5701, 2, `Changed database context to '${database}'.`));
  await answer.write(collationChange(serverCollation));
  await answer.write(languageChange('us_english'));
  await answer.message(informational(5703, 1, 'Changed language setting to us_english.'));
  await answer.write(loginAck(version));
  await answer.write(packetSizeChange(packetSize, INITIAL_PACKET_BYTES));
  if (request.features.has(UTF8_FEATURE)) await answer.write(featureAck([[UTF8_FEATURE, Buffer.of(1)]]));
  await answer.end();
}
