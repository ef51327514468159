import type { Column, SqlType, SqlValue } from '../contract.ts';
import { ByteWriter } from './byte-writer.ts';
import { encodeCharacters } from './collation.ts';
import { decimalBytes, fixedBytes } from './column-types.ts';
import {
  timeBytes,
  writeDate,
  writeDatetime,
  writeDatetime2,
  writeDatetimeoffset,
  writeSmalldatetime,
  writeTime,
} from './date-bytes.ts';

const ROW = 0xd1;
const NULL_COMPRESSED_ROW = 0xd2;
const NULL_LENGTH = 0xffff;
const NULL_CHUNKS = 0xffff_ffff_ffff_ffffn;

/** ROW, or NBCROW where values are missing and the client knows it: a bit for each NULL instead of a value. */
export function rowToken(
  columns: readonly Column[],
  values: readonly SqlValue[],
  compressNulls: boolean,
): Buffer {
  const compressed = compressNulls && values.includes(null);
  const writer = new ByteWriter().u8(compressed ? NULL_COMPRESSED_ROW : ROW);
  if (compressed) writer.bytes(nullBits(values));
  columns.forEach((column, index) => {
    const value = values[index] ?? null;
    if (!compressed || value !== null) writeValue(writer, column.type, value, column.name);
  });
  return writer.done();
}

function nullBits(values: readonly SqlValue[]): Buffer {
  const bits = Buffer.alloc(Math.ceil(values.length / 8));
  values.forEach((value, index) => {
    const byte = index >> 3;
    if (value === null) bits[byte] = (bits[byte] ?? 0) | (1 << (index & 7));
  });
  return bits;
}

/** Writes a value in the shape that `writeTypeInfo` announced; `column` is for the fault of an engine that mixes them up. */
export function writeValue(writer: ByteWriter, type: SqlType, value: SqlValue, column = ''): void {
  if (value === null) {
    writeNull(writer, type);
    return;
  }
  try {
    writePresent(writer, type, value);
  } catch (cause) {
    throw new Error(`Column '${column}' of type ${type.name} cannot hold the ${typeof value} it was given`, {
      cause,
    });
  }
}

function writeNull(writer: ByteWriter, type: SqlType): void {
  if ('length' in type && type.length === 'max') writer.u64(NULL_CHUNKS);
  else if ('length' in type || type.name === 'rowversion') writer.u16(NULL_LENGTH);
  else writer.u8(0);
}

function writePresent(writer: ByteWriter, type: SqlType, value: Exclude<SqlValue, null>): void {
  switch (type.name) {
    case 'bit':
      writer.u8(1).u8(value === true ? 1 : 0);
      return;
    case 'tinyint':
      writer.u8(1).u8(numberOf(value));
      return;
    case 'smallint':
    case 'int':
      writer.u8(fixedBytes[type.name]).int(numberOf(value), fixedBytes[type.name]);
      return;
    case 'bigint':
      writer.u8(8).i64(BigInt(value.toString()));
      return;
    case 'real':
      writer.u8(4).f32(numberOf(value));
      return;
    case 'float':
      writer.u8(8).f64(numberOf(value));
      return;
    case 'money':
      writeMoney(writer.u8(8), textOf(value));
      return;
    case 'smallmoney':
      writer.u8(4).int(Number(scaledInteger(textOf(value), 4)), 4);
      return;
    case 'decimal':
      writeDecimal(writer, textOf(value), type.precision, type.scale);
      return;
    case 'date':
      writeDate(writer.u8(3), textOf(value));
      return;
    case 'time':
      writeTime(writer.u8(timeBytes(type.scale)), textOf(value), type.scale);
      return;
    case 'datetime2':
      writeDatetime2(writer.u8(timeBytes(type.scale) + 3), textOf(value), type.scale);
      return;
    case 'datetimeoffset':
      writeDatetimeoffset(writer.u8(timeBytes(type.scale) + 5), textOf(value), type.scale);
      return;
    case 'datetime':
      writeDatetime(writer.u8(8), textOf(value));
      return;
    case 'smalldatetime':
      writeSmalldatetime(writer.u8(4), textOf(value));
      return;
    case 'uniqueidentifier':
      writer.u8(16).bytes(guidBytes(textOf(value)));
      return;
    case 'char':
    case 'varchar':
      writeBytes(writer, type, encodeCharacters(textOf(value)), Buffer.of(0x20));
      return;
    case 'nchar':
    case 'nvarchar':
      writeBytes(writer, type, Buffer.from(textOf(value), 'utf16le'), Buffer.of(0x20, 0));
      return;
    case 'binary':
    case 'varbinary':
    case 'rowversion':
      writeBytes(writer, type, bytesOf(value), Buffer.of(0));
  }
}

function numberOf(value: SqlValue): number {
  if (typeof value !== 'number') throw new TypeError('not a number');
  return value;
}

function textOf(value: SqlValue): string {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return value;
}

function bytesOf(value: SqlValue): Buffer {
  if (!Buffer.isBuffer(value)) throw new TypeError('not bytes');
  return value;
}

function writeMoney(writer: ByteWriter, text: string): void {
  const scaled = scaledInteger(text, 4);
  writer.int(Number(scaled >> 32n), 4).u32(Number(scaled & 0xffff_ffffn));
}

function writeDecimal(writer: ByteWriter, text: string, precision: number, scale: number): void {
  const scaled = scaledInteger(text, scale);
  const size = decimalBytes(precision);
  writer.u8(size).u8(scaled < 0n ? 0 : 1);
  let rest = scaled < 0n ? -scaled : scaled;
  for (let written = 1; written < size; written += 4) {
    writer.u32(Number(rest & 0xffff_ffffn));
    rest >>= 32n;
  }
}

/** A decimal text times ten to the power of `scale`; further decimals are cut off. */
function scaledInteger(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const digits = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  return text.startsWith('-') ? -digits : digits;
}

/** Values with two bytes of length in front, or one chunk for the (max) types; those of fixed length are padded to it. */
function writeBytes(writer: ByteWriter, type: SqlType, value: Buffer, padding: Buffer): void {
  if ('length' in type && type.length === 'max') {
    writer.u64(BigInt(value.length));
    if (value.length > 0) writer.u32(value.length).bytes(value);
    writer.u32(0);
    return;
  }
  const isFixed = type.name === 'char' || type.name === 'nchar' || type.name === 'binary';
  const missing = isFixed ? Math.max(0, type.length * padding.length - value.length) : 0;
  writer
    .u16(value.length + missing)
    .bytes(value)
    .bytes(Buffer.alloc(missing, padding));
}

/** The first three groups are little endian, the other two as written. */
function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
