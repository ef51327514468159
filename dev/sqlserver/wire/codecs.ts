import type { SqlType, SqlValue } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import { ProtocolFault } from './bytes.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { lengthyCodec, readLengthyCodec } from './lengthy-codec.ts';
import { date, datetime, scaledMoment, smalldatetime, timeBytes } from './moments.ts';
import { bit, decimal, double, guid, integer, long, money, real } from './numbers.ts';

/** A data type on the wire ([MS-TDS] 2.2.5.4 to 2.2.5.6). Its values are read and written with their length or as NULL. */
export interface Codec {
  /** Absent for the NULL that has none. */
  type: SqlType | undefined;
  /** TYPE_INFO as it is sent. */
  info: readonly number[];
  read(reader: ByteReader): SqlValue;
  write(writer: ByteWriter, value: SqlValue): void;
  /** The same for a column that is never NULL: another type, whose values have no length before them. */
  fixed?: Codec;
}

/** The bytes of a value, which is of this kind here. */
export interface Format<Value> {
  kind: 'boolean' | 'number' | 'bigint' | 'string';
  read(from: ByteReader, bytes: number): Value & SqlValue;
  write(to: ByteWriter, value: Value, bytes: number): unknown;
}

/** A type whose values stand behind one byte of length, 0 for NULL. */
function short<Value>(type: SqlType, info: readonly number[], bytes: number, format: Format<Value>): Codec {
  return {
    type,
    info,
    read(reader) {
      const length = reader.uint(1);
      if (length === 0) return null;
      // A decimal may come with fewer bytes than its precision can take.
      if (length === bytes || type.name === 'decimal') return format.read(reader, length);
      throw new ProtocolFault(`${length} bytes instead of the ${bytes} of ${type.name}`);
    },
    write(writer, value) {
      writer.uint(value === null ? 0 : bytes, 1);
      if (value === null) return;
      if (typeof value !== format.kind) throw new TypeError(`A ${typeof value} is no ${type.name}`);
      format.write(writer, value as Value, bytes);
    },
  };
}

type PlainName = Exclude<Exclude<SqlType, { length: unknown } | { scale: unknown }>['name'], 'rowversion'>;

function plain<Value>(
  name: PlainName,
  id: number,
  bytes: number,
  format: Format<Value>,
  fixed?: number,
): Codec {
  const codec = short({ name }, name === 'date' ? [id] : [id, bytes], bytes, format);
  if (fixed === undefined) return codec;
  const write = (writer: ByteWriter, value: SqlValue): void => {
    if (typeof value !== format.kind) throw new TypeError(`A ${typeof value} is no ${name}`);
    format.write(writer, value as Value, bytes);
  };
  return { ...codec, fixed: { ...codec, info: [fixed], write } };
}

const plainTypes: Readonly<Record<PlainName, Codec>> = {
  bit: plain('bit', 0x68, 1, bit, 0x32),
  tinyint: plain('tinyint', 0x26, 1, integer, 0x30),
  smallint: plain('smallint', 0x26, 2, integer, 0x34),
  int: plain('int', 0x26, 4, integer, 0x38),
  bigint: plain('bigint', 0x26, 8, long, 0x7f),
  real: plain('real', 0x6d, 4, real, 0x3b),
  float: plain('float', 0x6d, 8, double, 0x3e),
  smallmoney: plain('smallmoney', 0x6e, 4, money, 0x7a),
  money: plain('money', 0x6e, 8, money, 0x3c),
  smalldatetime: plain('smalldatetime', 0x6f, 4, smalldatetime, 0x3a),
  datetime: plain('datetime', 0x6f, 8, datetime, 0x3d),
  date: plain('date', 0x28, 3, date),
  uniqueidentifier: plain('uniqueidentifier', 0x24, 16, guid),
};
const scaledTypes = { time: [0x29, 0], datetime2: [0x2a, 3], datetimeoffset: [0x2b, 5] } as const;
const DECIMAL = 0x6a;
const NUMERIC = 0x6c;

export function codecOf(type: SqlType): Codec {
  if ('length' in type) return lengthyCodec(type);
  if (type.name === 'rowversion') return { ...lengthyCodec({ name: 'binary', length: 8 }), type };
  if (type.name === 'decimal') {
    const { precision, scale } = type;
    const bytes = 5 + 4 * [9, 19, 28].filter((digits) => precision > digits).length;
    // Whatever the precision, columns are said to take up to 17 bytes.
    return short(type, [DECIMAL, 17, precision, scale], bytes, decimal(scale));
  }
  if (!('scale' in type)) return plainTypes[type.name];
  const [id, dateBytes] = scaledTypes[type.name];
  return short(type, [id, type.scale], timeBytes(type.scale) + dateBytes, scaledMoment(type));
}

const untypedNull: Codec = { type: undefined, info: [0x1f], read: () => null, write: () => undefined };
const byInfo = new Map(Object.values(plainTypes).map((codec) => [infoKey(...codec.info), codec]));
const refused = new Map([
  [0x62, 'a sql_variant parameter'],
  [0xf0, 'a parameter of a CLR type'],
  [0xf1, 'an xml parameter'],
  [0xf3, 'a table-valued parameter'],
]);

/** Reads the TYPE_INFO of a parameter. */
export function readCodec(reader: ByteReader): Codec {
  const id = reader.uint(1);
  const unwanted = refused.get(id);
  if (unwanted !== undefined) throw notSupported(unwanted);
  if (id === untypedNull.info[0]) return untypedNull;
  if (id === plainTypes.date.info[0]) return plainTypes.date;
  if (id === DECIMAL || id === NUMERIC) {
    reader.uint(1);
    const precision = readFacet(reader, 38);
    return codecOf({ name: 'decimal', precision, scale: readFacet(reader, precision) });
  }
  const name = (['time', 'datetime2', 'datetimeoffset'] as const).find((each) => scaledTypes[each][0] === id);
  if (name !== undefined) return codecOf({ name, scale: readFacet(reader, 7) });
  const codec = readLengthyCodec(reader, id) ?? byInfo.get(infoKey(id, reader.uint(1)));
  if (codec === undefined) throw new ProtocolFault(`Unknown data type 0x${id.toString(16)}`);
  return codec;
}

function infoKey(id = 0, bytes = 0): number {
  return id * 256 + bytes;
}

/** A precision or scale. */
function readFacet(reader: ByteReader, most: number): number {
  const facet = reader.uint(1);
  if (facet > most) throw new ProtocolFault(`Precision or scale ${facet} above ${most}`);
  return facet;
}
