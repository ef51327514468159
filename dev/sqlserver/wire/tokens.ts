import type { Column, Parameter, SqlMessage } from '../contract.ts';
import { ByteWriter } from './byte-writer.ts';
import { writeTypeInfo } from './column-types.ts';
import { writeValue } from './write-value.ts';
import { programName, serverName, serverVersion } from './server-version.ts';

/** The tokens of [MS-TDS] 2.2.7 that this server sends. */
const token = {
  returnStatus: 0x79,
  columns: 0x81,
  error: 0xaa,
  info: 0xab,
  returnValue: 0xac,
  loginAck: 0xad,
  featureAck: 0xae,
  row: 0xd1,
  nullCompressedRow: 0xd2,
  environment: 0xe3,
} as const;

/** DONE ends a statement of a batch or the answer, DONEINPROC a statement in a procedure call, DONEPROC the call. */
const doneToken = { done: 0xfd, procedure: 0xfe, inProcedure: 0xff } as const;
const doneStatus = { more: 0x01, error: 0x02, count: 0x10, attention: 0x20, serverError: 0x100 } as const;
const SELECT = 0xc1;

export interface Done {
  of: keyof typeof doneToken;
  rowCount?: number;
  isSelect?: boolean;
  failed?: boolean;
  /** More follows in the same answer. */
  more?: boolean;
  attention?: boolean;
  /** The error ends the connection. */
  fatal?: boolean;
}

export function doneOf(done: Done): Buffer {
  let bits = 0;
  if (done.more === true) bits |= doneStatus.more;
  if (done.failed === true) bits |= doneStatus.error;
  if (done.rowCount !== undefined) bits |= doneStatus.count;
  if (done.attention === true) bits |= doneStatus.attention;
  if (done.fatal === true) bits |= doneStatus.serverError;
  const command = done.isSelect === true ? SELECT : 0;
  return new ByteWriter()
    .u8(doneToken[done.of])
    .u16(bits)
    .u16(command)
    .u64(BigInt(done.rowCount ?? 0))
    .done();
}

/** ERROR or INFO, by the message's severity. */
export function messageToken(message: SqlMessage): Buffer {
  const body = new ByteWriter()
    .int(message.number, 4)
    .u8(message.state)
    .u8(message.severity)
    .longText(message.message)
    .shortText(serverName)
    .shortText(message.procedure ?? '')
    .u32(message.line)
    .done();
  return sized(message.severity > 10 ? token.error : token.info, body);
}

function sized(id: number, body: Buffer): Buffer {
  return new ByteWriter().u8(id).u16(body.length).bytes(body).done();
}

/** The server's collation, SQL_Latin1_General_CP1_CI_AS: Windows code page 1252, case-insensitive. */
export function collationChange(collation: Buffer): Buffer {
  return environment(0x07, new ByteWriter().u8(collation.length).bytes(collation).u8(0));
}

export function databaseChange(name: string, previous: string): Buffer {
  return environment(0x01, new ByteWriter().shortText(name).shortText(previous));
}

export function languageChange(name: string): Buffer {
  return environment(0x02, new ByteWriter().shortText(name).shortText(''));
}

export function packetSizeChange(size: number, previous: number): Buffer {
  return environment(0x04, new ByteWriter().shortText(String(size)).shortText(String(previous)));
}

export function transactionChange(change: 'begin' | 'commit' | 'rollback', descriptor: bigint): Buffer {
  const writer = new ByteWriter();
  if (change === 'begin') return environment(0x08, writer.u8(8).u64(descriptor).u8(0));
  return environment(change === 'commit' ? 0x09 : 0x0a, writer.u8(0).u8(8).u64(descriptor));
}

export function resetDone(): Buffer {
  return environment(0x12, new ByteWriter().u8(0).u8(0));
}

function environment(type: number, values: ByteWriter): Buffer {
  return sized(token.environment, Buffer.concat([Buffer.of(type), values.done()]));
}

export function loginAck(version: number): Buffer {
  const { major, minor, build } = serverVersion;
  const body = new ByteWriter().u8(1).u32be(version).shortText(programName).u8(major).u8(minor).u16be(build);
  return sized(token.loginAck, body.done());
}

/** Acknowledges feature extensions, each with its data. */
export function featureAck(features: readonly (readonly [id: number, data: Buffer])[]): Buffer {
  const writer = new ByteWriter().u8(token.featureAck);
  for (const [id, data] of features) writer.u8(id).u32(data.length).bytes(data);
  return writer.u8(0xff).done();
}

export function returnStatus(status: number): Buffer {
  return new ByteWriter().u8(token.returnStatus).int(status, 4).done();
}

export function returnValue(parameter: Parameter, ordinal: number): Buffer {
  const writer = new ByteWriter().u8(token.returnValue).u16(ordinal).shortText(parameter.name).u8(0x01);
  writer.u32(0).u16(0x01);
  writeTypeInfo(writer, parameter.type);
  writeValue(writer, parameter.type, parameter.value);
  return writer.done();
}

const columnFlag = { nullable: 0x01, identity: 0x10 } as const;
const ROWVERSION_USER_TYPE = 0x50;

export function columnsToken(columns: readonly Column[]): Buffer {
  const writer = new ByteWriter().u8(token.columns).u16(columns.length);
  for (const { name, type, nullable, identity } of columns) {
    writer.u32(type.name === 'rowversion' ? ROWVERSION_USER_TYPE : 0);
    writer.u16((nullable ? columnFlag.nullable : 0) | (identity === true ? columnFlag.identity : 0));
    writeTypeInfo(writer, type);
    writer.shortText(name);
  }
  return writer.done();
}
