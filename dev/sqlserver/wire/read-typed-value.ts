import type { SqlType, SqlValue } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { ByteReader } from './byte-reader.ts';
import {
  readDate,
  readDatetime,
  readDatetime2,
  readDatetimeoffset,
  readSmalldatetime,
  readTime,
  timeBytes,
} from './date-bytes.ts';
import type { TypedValue } from './typed-value.ts';
import { ProtocolFault } from './protocol-fault.ts';
import { readLengthyValue } from './read-lengthy-value.ts';
import { typeId } from './type-ids.ts';

interface Scalar {
  type: SqlType;
  read: (reader: ByteReader) => SqlValue;
}

const tinyint: Scalar = { type: { name: 'tinyint' }, read: (reader) => reader.u8() };
const smallint: Scalar = { type: { name: 'smallint' }, read: (reader) => reader.i16() };
const int: Scalar = { type: { name: 'int' }, read: (reader) => reader.i32() };
const bigint: Scalar = { type: { name: 'bigint' }, read: (reader) => reader.i64() };
const bit: Scalar = { type: { name: 'bit' }, read: (reader) => reader.u8() !== 0 };
const real: Scalar = { type: { name: 'real' }, read: (reader) => reader.f32() };
const float: Scalar = { type: { name: 'float' }, read: (reader) => reader.f64() };
const smallmoney: Scalar = {
  type: { name: 'smallmoney' },
  read: (reader) => decimalText(BigInt(reader.i32()), 4),
};
const money: Scalar = { type: { name: 'money' }, read: readMoney };
const smalldatetime: Scalar = { type: { name: 'smalldatetime' }, read: readSmalldatetime };
const datetime: Scalar = { type: { name: 'datetime' }, read: readDatetime };

/** Types whose value is always there. */
const fixed: Readonly<Record<number, Scalar>> = {
  [typeId.tinyint]: tinyint,
  [typeId.smallint]: smallint,
  [typeId.int]: int,
  [typeId.bigint]: bigint,
  [typeId.bit]: bit,
  [typeId.real]: real,
  [typeId.float]: float,
  [typeId.smallmoney]: smallmoney,
  [typeId.money]: money,
  [typeId.smalldatetime]: smalldatetime,
  [typeId.datetime]: datetime,
};

/** Types that the length in bytes tells apart. */
const sized: Readonly<Record<number, Readonly<Record<number, Scalar>>>> = {
  [typeId.intN]: { 1: tinyint, 2: smallint, 4: int, 8: bigint },
  [typeId.bitN]: { 1: bit },
  [typeId.floatN]: { 4: real, 8: float },
  [typeId.moneyN]: { 4: smallmoney, 8: money },
  [typeId.datetimeN]: { 4: smalldatetime, 8: datetime },
};

const unsupported: Readonly<Record<number, string>> = {
  [typeId.variant]: 'a sql_variant parameter',
  [typeId.udt]: 'a parameter of a CLR type',
  [typeId.xml]: 'an xml parameter',
  [typeId.table]: 'a table-valued parameter',
};

/** Reads TYPE_INFO and the value behind it ([MS-TDS] 2.2.5.4 to 2.2.5.6), legacy types included. */
export function readTypedValue(reader: ByteReader): TypedValue {
  const id = reader.u8();
  const scalar = fixed[id];
  if (scalar !== undefined) return { type: scalar.type, value: scalar.read(reader) };
  const bySize = sized[id];
  if (bySize !== undefined) return readSized(reader, id, bySize);
  const refused = unsupported[id];
  if (refused !== undefined) throw notSupported(refused);
  return readWithLength(reader, id);
}

function readSized(reader: ByteReader, id: number, bySize: Readonly<Record<number, Scalar>>): TypedValue {
  const declared = reader.u8();
  const size = reader.u8();
  const scalar = bySize[size === 0 ? declared : size];
  if (scalar === undefined) throw new ProtocolFault(`Type 0x${id.toString(16)} with ${size} bytes`);
  return { type: scalar.type, value: size === 0 ? null : scalar.read(reader) };
}

function readWithLength(reader: ByteReader, id: number): TypedValue {
  switch (id) {
    case typeId.null:
      return { type: undefined, value: null };
    case typeId.guid:
      return readGuid(reader);
    case typeId.decimalN:
    case typeId.numericN:
      return readDecimal(reader);
    case typeId.date:
      return { type: { name: 'date' }, value: readPresent(reader, 3, () => readDate(reader)) };
    case typeId.time:
      return readWithScale(reader, 'time', 0, readTime);
    case typeId.datetime2:
      return readWithScale(reader, 'datetime2', 3, readDatetime2);
    case typeId.datetimeoffset:
      return readWithScale(reader, 'datetimeoffset', 5, readDatetimeoffset);
    default:
      return readLengthyValue(reader, id);
  }
}

/** A value behind one byte of length, which must be `bytes`, or 0 for NULL. */
function readPresent(reader: ByteReader, bytes: number, read: () => SqlValue): SqlValue {
  const size = reader.u8();
  if (size === 0) return null;
  if (size !== bytes) throw new ProtocolFault(`Value of ${size} bytes instead of ${bytes}`);
  return read();
}

function readWithScale(
  reader: ByteReader,
  name: 'time' | 'datetime2' | 'datetimeoffset',
  dateBytes: number,
  read: (reader: ByteReader, scale: number) => string,
): TypedValue {
  const scale = reader.u8();
  if (scale > 7) throw new ProtocolFault(`Scale ${scale} of a ${name}`);
  const value = readPresent(reader, timeBytes(scale) + dateBytes, () => read(reader, scale));
  return { type: { name, scale }, value };
}

function readGuid(reader: ByteReader): TypedValue {
  reader.u8();
  const value = readPresent(reader, 16, () => {
    const parts = [
      littleEndian(reader.bytes(4)),
      littleEndian(reader.bytes(2)),
      littleEndian(reader.bytes(2)),
    ];
    return [...parts, hex(reader.bytes(2)), hex(reader.bytes(6))].join('-').toUpperCase();
  });
  return { type: { name: 'uniqueidentifier' }, value };
}

function readDecimal(reader: ByteReader): TypedValue {
  reader.u8();
  const type = { name: 'decimal', precision: reader.u8(), scale: reader.u8() } as const;
  if (type.precision < 1 || type.precision > 38 || type.scale > type.precision) {
    throw new ProtocolFault(`decimal(${type.precision}, ${type.scale})`);
  }
  const size = reader.u8();
  if (size === 0) return { type, value: null };
  const isNegative = reader.u8() === 0;
  const digits = BigInt(`0x0${littleEndian(reader.bytes(size - 1))}`);
  return { type, value: decimalText(isNegative ? -digits : digits, type.scale) };
}

/** The digits of an integer whose lowest byte comes first. */
function littleEndian(bytes: Buffer): string {
  return hex(bytes.toReversed());
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function readMoney(reader: ByteReader): string {
  const high = BigInt(reader.i32());
  return decimalText((high << 32n) + BigInt(reader.u32()), 4);
}

function decimalText(scaled: bigint, scale: number): string {
  const sign = scaled < 0n ? '-' : '';
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
