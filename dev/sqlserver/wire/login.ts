import type { Engine, Login, SqlMessage, SqlSession } from '../contract.ts';
import { messageOf, sqlError } from '../errors.ts';
import type { Faults } from '../faults.ts';
import { Answer } from './answer.ts';
import type { Client } from './answer.ts';
import { ByteReader, ByteWriter, ProtocolFault } from './bytes.ts';
import { messageType } from './message-inbox.ts';
import type { Transport } from './open-transport.ts';
import { INITIAL_PACKET_BYTES, packetOf, send } from './packet.ts';
import {
  accessTokenAck,
  accessTokenWanted,
  collationChange,
  languageChange,
  loginAck,
  packetSizeChange,
} from './tokens.ts';

/** The versions of TDS that are answered, as LOGIN7 numbers them: 7.4, 7.3B, 7.2. TDS 8 numbers itself lowest. */
const tdsVersions = [0x74000004, 0x730b0003, 0x72090002];
const TDS_8 = 0x08000000;

const FIXED_BYTES = 94;
const INTEGRATED_SECURITY = 0x80;
const HAS_EXTENSION = 0x10;
const feature = { federatedAuthentication: 0x02, end: 0xff } as const;
/** How a client gets an access token: it has one, or asks a library of Microsoft's for it when it knows whom to ask. */
const library = { securityToken: 0x01, activeDirectory: 0x02 } as const;
/** What such a library is told. Local credentials ask nobody there. */
const issuer = 'https://login.microsoftonline.com/common';
const resource = 'https://database.windows.net/';
const MIN_PACKET_BYTES = 512;
const CANNOT_OPEN_DATABASE = 4060;

/** Reads LOGIN7 ([MS-TDS] 2.2.6.4); `offered` = whether PRELOGIN spoke of access tokens. */
export function readLogin(payload: Buffer, offered: boolean) {
  if (payload.length < FIXED_BYTES || payload.readUInt32LE(0) !== payload.length) {
    throw new ProtocolFault(`LOGIN7 of ${payload.length} bytes tells another length`);
  }
  const federated = federatedAuthentication(payload);
  const accessToken = federated === undefined ? undefined : tokenInLogin(new ByteReader(federated), offered);
  const login: Login = {
    hostName: textAt(payload, 36),
    user: textAt(payload, 40),
    password: unscrambled(fieldAt(payload, 44, 2)).toString('utf16le'),
    applicationName: textAt(payload, 48),
    database: textAt(payload, 68),
    ...(accessToken === undefined ? {} : { accessToken }),
  };
  return {
    login,
    tdsVersion: payload.readUInt32LE(4),
    /** What the client would like, in bytes; 0 = the server's choice. */
    packetSize: payload.readUInt32LE(8),
    /** With a Windows account, which this server knows nothing of. */
    isIntegrated: (payload.readUInt8(25) & INTEGRATED_SECURITY) !== 0,
    /** The client sends its access token when it has been told where to get it. */
    awaitsAccessToken: federated !== undefined && accessToken === undefined,
  };
}

/** The bytes that the offset and count at `position` point to; `unit` is the size in bytes of what is counted. */
function fieldAt(payload: Buffer, position: number, unit: 1 | 2): Buffer {
  const start = payload.readUInt16LE(position);
  const end = start + payload.readUInt16LE(position + 2) * unit;
  if (end > payload.length) throw new ProtocolFault(`LOGIN7 field at ${position} lies outside its message`);
  return payload.subarray(start, end);
}

function textAt(payload: Buffer, position: number): string {
  return fieldAt(payload, position, 2).toString('utf16le');
}

/** The client swaps each byte's halves and then flips bits with 0xA5. */
function unscrambled(scrambled: Buffer): Buffer {
  return Buffer.from(scrambled.map((byte) => ((byte ^ 0xa5) << 4) | ((byte ^ 0xa5) >> 4)));
}

/** The data of that feature extension. */
function federatedAuthentication(payload: Buffer): Buffer | undefined {
  if ((payload.readUInt8(27) & HAS_EXTENSION) === 0) return undefined;
  const start = new ByteReader(fieldAt(payload, 56, 1)).uint(4);
  if (start > payload.length) throw new ProtocolFault('LOGIN7 feature extensions lie outside their message');
  const reader = new ByteReader(payload.subarray(start));
  let found: Buffer | undefined;
  for (let id = reader.uint(1); id !== feature.end; id = reader.uint(1)) {
    const data = reader.bytes(reader.uint(4));
    if (id === feature.federatedAuthentication) found = data;
  }
  return found;
}

/** Nothing when the token is still to come. */
function tokenInLogin(reader: ByteReader, offered: boolean): string | undefined {
  const options = reader.uint(1);
  if ((options & 0x01) !== Number(offered)) throw new ProtocolFault('FEDAUTH echoes another PRELOGIN');
  const asked = options >> 1;
  if (asked === library.securityToken) return readToken(reader);
  if (asked !== library.activeDirectory) throw new ProtocolFault(`FEDAUTH with the unknown library ${asked}`);
  reader.uint(1);
  return undefined;
}

function readToken(reader: ByteReader): string {
  const token = reader.text(reader.uint(4));
  if (token === '' || reader.remaining > 0) throw new ProtocolFault('FEDAUTH token of another length');
  return token;
}

/** Reads the message that brings an access token. */
export function readTokenMessage(payload: Buffer): string {
  const reader = new ByteReader(payload);
  if (reader.uint(4) !== reader.remaining) throw new ProtocolFault('FEDAUTH message tells another length');
  return readToken(reader);
}

/** Answers LOGIN7. Nothing = refused, and told so, or the client has left. */
export async function answerLogin(
  { stream, inbox, maxPacketBytes, offersAccessToken }: Transport,
  { engine, faults, disconnect }: { engine: Engine; faults: Faults; disconnect: () => void },
): Promise<{ session: SqlSession; client: Client; database: string } | undefined> {
  const message = await inbox.next();
  if (message === undefined) return undefined;
  if (message.type !== messageType.login) throw new ProtocolFault('Message after PRELOGIN is not LOGIN7');
  const request = readLogin(message.payload, offersAccessToken);
  const { login } = request;
  const version = versionOf(request.tdsVersion);
  if (request.awaitsAccessToken) {
    const wanted = new ByteWriter();
    accessTokenWanted(issuer, resource)(wanted);
    await send(stream, packetOf(wanted.written));
    const reply = await inbox.next();
    if (reply === undefined) return undefined;
    if (reply.type !== messageType.accessToken) throw new ProtocolFault('Message is not the access token');
    login.accessToken = readTokenMessage(reply.payload);
  }
  // The answer still comes in packets of the first size.
  const client = { stream, disconnect, packetSize: INITIAL_PACKET_BYTES };
  const answer = new Answer(client);
  const refused = request.isIntegrated ? loginFailed(login) : faults.atLogin(login);
  const outcome = refused === undefined ? await engine.login(login) : { refused };
  if ('refused' in outcome) {
    answer.message(outcome.refused);
    // A database that cannot be opened is told together with the failed login, as SQL Server does.
    if (outcome.refused.number === CANNOT_OPEN_DATABASE) answer.message(loginFailed(login));
    answer.hold({ of: 'statement', failed: true });
    await answer.end();
    return undefined;
  }
  const { session, database } = outcome;
  if (request.packetSize !== 0) {
    client.packetSize = Math.min(Math.max(request.packetSize, MIN_PACKET_BYTES), maxPacketBytes);
  }
  answer.database(database, 'master');
  answer.write(collationChange);
  answer.write(languageChange);
  answer.inform(5703, 1, 'Changed language setting to us_english.');
  answer.write(loginAck(version));
  answer.write(packetSizeChange(client.packetSize, INITIAL_PACKET_BYTES));
  if (login.accessToken !== undefined) answer.write(accessTokenAck);
  await answer.end();
  return { session, client, database };
}

function versionOf(asked: number): number {
  if (asked === TDS_8) return asked;
  const version = tdsVersions.find((known) => known <= asked);
  if (version === undefined) throw new ProtocolFault(`TDS version 0x${asked.toString(16)} is older than 7.2`);
  return version;
}

const loginFailed = ({ user }: Login): SqlMessage => messageOf(sqlError(18456, [user]), 1);
