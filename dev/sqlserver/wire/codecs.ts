import type { SqlType, SqlValue } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import { ProtocolFault } from './bytes.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { lengthyCodec, readLengthyCodec } from './lengthy-codec.ts';
import {
  readDate,
  readDatetime,
  readScaled,
  readSmalldatetime,
  timeBytes,
  writeDate,
  writeDatetime,
  writeScaled,
  writeSmalldatetime,
} from './moments.ts';

/** A data type on the wire ([MS-TDS] 2.2.5.4 to 2.2.5.6). Its values are read and written with their length or as NULL. */
export interface Codec {
  /** Absent for the NULL that has none. */
  type: SqlType | undefined;
  /** TYPE_INFO as it is sent. */
  info: readonly number[];
  read(reader: ByteReader): SqlValue;
  write(writer: ByteWriter, value: SqlValue): void;
}

interface Kinds {
  boolean: boolean;
  number: number;
  bigint: bigint;
  string: string;
}
type Read = (from: ByteReader, bytes: number) => SqlValue;
type Write<Kind extends keyof Kinds> = (to: ByteWriter, value: Kinds[Kind]) => void;

/** A type whose values stand behind one byte of length, 0 for NULL, and are of this kind here. */
function short<Kind extends keyof Kinds>(
  type: SqlType,
  info: readonly number[],
  bytes: number,
  kind: Kind,
  read: Read,
  write: Write<Kind>,
): Codec {
  return {
    type,
    info,
    read(reader) {
      const length = reader.uint(1);
      if (length === 0) return null;
      // A decimal may come with fewer bytes than its precision can take.
      if (length !== bytes && type.name !== 'decimal')
        throw new ProtocolFault(`${length} bytes instead of the ${bytes} of ${type.name}`);
      return read(reader, length);
    },
    write(writer, value) {
      if (value === null) {
        writer.uint(0, 1);
        return;
      }
      if (typeof value !== kind) throw new TypeError(`A ${typeof value} is no ${type.name}`);
      write(writer.uint(bytes, 1), value as Kinds[Kind]);
    },
  };
}

type PlainName = Exclude<Exclude<SqlType, { length: unknown } | { scale: unknown }>['name'], 'rowversion'>;

function plain<Kind extends keyof Kinds>(
  name: PlainName,
  id: number,
  bytes: number,
  kind: Kind,
  read: Read,
  write: Write<Kind>,
): Codec {
  return short({ name }, name === 'date' ? [id] : [id, bytes], bytes, kind, read, write);
}

const plainTypes: Readonly<Record<PlainName, Codec>> = {
  bit: plain(
    'bit',
    0x68,
    1,
    'boolean',
    (from) => from.uint(1) !== 0,
    (to, value) => to.uint(value ? 1 : 0, 1),
  ),
  tinyint: plain(
    'tinyint',
    0x26,
    1,
    'number',
    (from) => from.uint(1),
    (to, value) => to.uint(value, 1),
  ),
  smallint: plain(
    'smallint',
    0x26,
    2,
    'number',
    (from) => from.int(2),
    (to, value) => to.int(value, 2),
  ),
  int: plain(
    'int',
    0x26,
    4,
    'number',
    (from) => from.int(4),
    (to, value) => to.int(value, 4),
  ),
  bigint: plain(
    'bigint',
    0x26,
    8,
    'bigint',
    (from) => from.long(),
    (to, value) => to.long(value),
  ),
  real: plain(
    'real',
    0x6d,
    4,
    'number',
    (from) => from.float(4),
    (to, value) => to.float(value, 4),
  ),
  float: plain(
    'float',
    0x6d,
    8,
    'number',
    (from) => from.float(8),
    (to, value) => to.float(value, 8),
  ),
  smallmoney: plain('smallmoney', 0x6e, 4, 'string', readMoney, (to, value) =>
    to.int(Number(scaled(value, 4)), 4),
  ),
  money: plain('money', 0x6e, 8, 'string', readMoney, writeMoney),
  smalldatetime: plain('smalldatetime', 0x6f, 4, 'string', readSmalldatetime, writeSmalldatetime),
  datetime: plain('datetime', 0x6f, 8, 'string', readDatetime, writeDatetime),
  date: plain('date', 0x28, 3, 'string', readDate, writeDate),
  uniqueidentifier: plain('uniqueidentifier', 0x24, 16, 'string', readGuid, writeGuid),
};

const scaledTypes = { time: [0x29, 0], datetime2: [0x2a, 3], datetimeoffset: [0x2b, 5] } as const;

export function codecOf(type: SqlType): Codec {
  if ('length' in type) return lengthyCodec(type);
  if (type.name === 'rowversion') return { ...lengthyCodec({ name: 'binary', length: 8 }), type };
  if (type.name === 'decimal') {
    const { precision, scale } = type;
    const bytes = 5 + 4 * [9, 19, 28].filter((digits) => precision > digits).length;
    const read: Read = (from, length) => readDecimal(from, length, scale);
    const write: Write<'string'> = (to, value) => writeDecimal(to, scaled(value, scale), bytes);
    return short(type, [0x6a, bytes, precision, scale], bytes, 'string', read, write);
  }
  if ('scale' in type) {
    const [id, dateBytes] = scaledTypes[type.name];
    const bytes = timeBytes(type.scale) + dateBytes;
    const read: Read = (from) => readScaled(from, type);
    return short(type, [id, type.scale], bytes, 'string', read, (to, value) => writeScaled(to, type, value));
  }
  return plainTypes[type.name];
}

const untypedNull: Codec = { type: undefined, info: [0x1f], read: () => null, write: () => undefined };
/** The types whose id and size tell all, by both. */
const byIdAndSize = new Map(Object.values(plainTypes).map((codec) => [String(codec.info), codec]));
const refused: Readonly<Record<number, string>> = {
  0x62: 'a sql_variant parameter',
  0xf0: 'a parameter of a CLR type',
  0xf1: 'an xml parameter',
  0xf3: 'a table-valued parameter',
};

/** Reads the TYPE_INFO of a parameter. */
export function readCodec(reader: ByteReader): Codec {
  const id = reader.uint(1);
  switch (id) {
    case 0x1f:
      return untypedNull;
    case 0x28:
      return plainTypes.date;
    case 0x29:
      return codecOf({ name: 'time', scale: readScale(reader, 7) });
    case 0x2a:
      return codecOf({ name: 'datetime2', scale: readScale(reader, 7) });
    case 0x2b:
      return codecOf({ name: 'datetimeoffset', scale: readScale(reader, 7) });
    case 0x6a:
    case 0x6c: {
      reader.uint(1);
      const precision = reader.uint(1);
      if (precision < 1 || precision > 38) throw new ProtocolFault(`Precision ${precision}`);
      return codecOf({ name: 'decimal', precision, scale: readScale(reader, precision) });
    }
    default:
      if (refused[id] !== undefined) throw notSupported(refused[id]);
      return readLengthyCodec(reader, id) ?? readPlainCodec(reader, id);
  }
}

function readScale(reader: ByteReader, most: number): number {
  const scale = reader.uint(1);
  if (scale > most) throw new ProtocolFault(`Scale ${scale}`);
  return scale;
}

function readPlainCodec(reader: ByteReader, id: number): Codec {
  const codec = byIdAndSize.get(`${id},${reader.uint(1)}`);
  if (codec === undefined) throw new ProtocolFault(`Unknown data type 0x${id.toString(16)}`);
  return codec;
}

function decimalText(number: bigint, scale: number): string {
  const digits = String(number < 0n ? -number : number).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return number < 0n ? `-${text}` : text;
}

/** A decimal text times ten to the power of `scale`; further decimals are cut off. */
function scaled(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  const number = BigInt(whole.replace(/^[+-]/, '') + fraction.slice(0, scale).padEnd(scale, '0'));
  return text.startsWith('-') ? -number : number;
}

function readMoney(from: ByteReader, bytes: number): string {
  const high = bytes === 8 ? BigInt(from.int(4)) << 32n : 0n;
  return decimalText(high + BigInt(bytes === 8 ? from.uint(4) : from.int(4)), 4);
}

function writeMoney(to: ByteWriter, value: string): void {
  const number = scaled(value, 4);
  to.int(Number(number >> 32n), 4).uint(Number(number & 0xffff_ffffn), 4);
}

function readDecimal(from: ByteReader, bytes: number, scale: number): string {
  const isNegative = from.uint(1) === 0;
  const digits = BigInt(`0x0${Buffer.from(from.bytes(bytes - 1).toReversed()).toString('hex')}`);
  return decimalText(isNegative ? -digits : digits, scale);
}

function writeDecimal(to: ByteWriter, number: bigint, bytes: number): void {
  to.uint(number < 0n ? 0 : 1, 1);
  let rest = number < 0n ? -number : number;
  for (let written = 1; written < bytes; written += 4) {
    to.uint(Number(rest & 0xffff_ffffn), 4);
    rest >>= 32n;
  }
}

/** The first three groups of a GUID are little endian, the other two as written. */
const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
const reordered = (guid: Buffer): Buffer => Buffer.from(guidOrder.map((at) => guid[at] ?? 0));

function readGuid(from: ByteReader): string {
  const digits = reordered(from.bytes(16)).toString('hex').toUpperCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function writeGuid(to: ByteWriter, value: string): void {
  to.bytes(reordered(Buffer.from(value.replaceAll('-', ''), 'hex')));
}
