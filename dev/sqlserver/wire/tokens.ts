import type { Column, Parameter, SqlMessage, SqlValue } from '../contract.ts';
import { ByteWriter } from './bytes.ts';
import { codecOf } from './codecs.ts';
import type { Codec } from './codecs.ts';
import { serverCollation } from './lengthy-codec.ts';

/** Writes one token of [MS-TDS] 2.2.7. */
export type Token = (writer: ByteWriter) => unknown;

/** What clients are told they talk to, SQL Server 2022: major, minor and build in two bytes. */
export const serverVersion = [16, 0, 0x03, 0xe8] as const;
const programName = 'Microsoft SQL Server';
const serverName = 'LOCAL';

/** Of a statement in a batch, of a procedure call, of a statement within one. */
const doneIds = { statement: 0xfd, procedure: 0xfe, inProcedure: 0xff } as const;
const SELECT = 0xc1;

export interface Done {
  of: keyof typeof doneIds;
  rowCount?: number;
  isSelect?: boolean;
  failed?: boolean;
  /** Answers the client's attention. */
  attention?: boolean;
  /** The answer goes on. */
  more?: boolean;
  /** An error ends the connection. */
  fatal?: boolean;
}

export function doneToken({ of, rowCount, isSelect, failed, attention, more, fatal }: Done): Token {
  const ending = (more ? 0x01 : 0) | (failed ? 0x02 : 0) | (attention ? 0x20 : 0) | (fatal ? 0x100 : 0);
  const status = rowCount === undefined ? ending : ending | 0x10;
  const command = isSelect ? SELECT : 0;
  return (writer) =>
    writer
      .uint(doneIds[of], 1)
      .uint(status, 2)
      .uint(command, 2)
      .uint(rowCount ?? 0, 6)
      .uint(0, 2);
}

/** ERROR or INFO, by the message's severity. */
export function messageToken({ number, severity, state, message, line, procedure = '' }: SqlMessage): Token {
  return (writer) =>
    writer.uint(severity > 10 ? 0xaa : 0xab, 1).sized(2, () => {
      writer.int(number, 4).uint(state, 1).uint(severity, 1);
      writer.text(message, 2).text(serverName, 1).text(procedure, 1).uint(line, 4);
    });
}

type Setting = string | readonly number[] | bigint;

function environmentChange(type: number, now: Setting, before: Setting): Token {
  return (writer) =>
    writer.uint(0xe3, 1).sized(2, () => {
      writer.uint(type, 1);
      for (const setting of [now, before]) {
        if (typeof setting === 'string') writer.text(setting, 1);
        else if (typeof setting === 'bigint') writer.uint(8, 1).long(setting);
        else writer.uint(setting.length, 1).bytes(setting);
      }
    });
}

export const databaseChange = (name: string, previous: string): Token => environmentChange(1, name, previous);
export const languageChange = environmentChange(2, 'us_english', '');
export const packetSizeChange = (now: number, before: number): Token =>
  environmentChange(4, String(now), String(before));
export const collationChange = environmentChange(7, serverCollation, []);
export const resetDone = environmentChange(18, [], []);
export const transactionChange = {
  begin: (descriptor: bigint): Token => environmentChange(8, descriptor, []),
  commit: (descriptor: bigint): Token => environmentChange(9, [], descriptor),
  rollback: (descriptor: bigint): Token => environmentChange(10, [], descriptor),
};

export function loginAck(tdsVersion: number): Token {
  const version = [24, 16, 8, 0].map((shift) => (tdsVersion >> shift) & 0xff);
  return (writer) =>
    writer.uint(0xad, 1).sized(2, () => {
      writer.uint(1, 1).bytes(version).text(programName, 1).bytes(serverVersion);
    });
}

const FEDERATED_AUTHENTICATION = 0x02;
/** FEATUREEXTACK. */
export const accessTokenAck: Token = (writer) =>
  writer.bytes([0xae, FEDERATED_AUTHENTICATION, 0, 0, 0, 0, 0xff]);

/** FEDAUTHINFO: where the client is to get its access token, and for what. */
export function accessTokenWanted(issuer: string, resource: string): Token {
  const from = Buffer.from(issuer, 'utf16le');
  const what = Buffer.from(resource, 'utf16le');
  return (writer) =>
    writer.uint(0xee, 1).sized(4, () => {
      // How many values follow; the id, length and place of each; the values.
      writer.uint(2, 4).bytes([1]).uint(from.length, 4).uint(22, 4);
      writer
        .bytes([2])
        .uint(what.length, 4)
        .uint(22 + from.length, 4);
      writer.bytes(from).bytes(what);
    });
}

export function returnStatus(status: number): Token {
  return (writer) => writer.uint(0x79, 1).int(status, 4);
}

export function returnValue({ name, type, value }: Parameter, ordinal: number): Token {
  const codec = codecOf(type);
  return (writer) => {
    // An output parameter without a user type, which may be NULL.
    writer
      .bytes([0xac])
      .uint(ordinal, 2)
      .text(name, 1)
      .bytes([0x01, 0, 0, 0, 0, 0x01, 0, ...codec.info]);
    codec.write(writer, value);
  };
}

const columnFlag = { nullable: 0x01, identity: 0x10 } as const;
const ROWVERSION_USER_TYPE = 0x50;

interface Described {
  codecs: readonly Codec[];
  /** COLMETADATA. */
  token: Buffer;
}

/** By the columns of a kept statement, which come again. */
const described = new WeakMap<readonly Column[], Described>();

/** What goes before rows of these columns, and how they are written. */
export function describe(columns: readonly Column[]): Described {
  const known = described.get(columns);
  if (known !== undefined) return known;
  const codecs = columns.map(({ type, nullable }) => {
    const codec = codecOf(type);
    return nullable ? codec : (codec.fixed ?? codec);
  });
  const writer = new ByteWriter().uint(0x81, 1).uint(columns.length, 2);
  for (const [index, { name, type, nullable, identity }] of columns.entries()) {
    writer.uint(type.name === 'rowversion' ? ROWVERSION_USER_TYPE : 0, 4);
    writer.uint((nullable ? columnFlag.nullable : 0) | (identity ? columnFlag.identity : 0), 2);
    writer.bytes(codecs[index]?.info ?? []).text(name, 1);
  }
  const fresh = { codecs, token: Buffer.from(writer.written) };
  described.set(columns, fresh);
  return fresh;
}

export function rowToken(codecs: readonly Codec[], values: readonly SqlValue[]): Token {
  return (writer) => {
    writer.uint(0xd1, 1);
    codecs.forEach((codec, index) => codec.write(writer, values[index] ?? null));
  };
}
