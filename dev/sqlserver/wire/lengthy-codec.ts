import type { SqlType, SqlValue } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import { ProtocolFault } from './bytes.ts';
import type { ByteReader } from './bytes.ts';
import type { Codec } from './codecs.ts';

type LengthyType = Extract<SqlType, { length: unknown }>;

const ids = {
  varbinary: 0xa5,
  varchar: 0xa7,
  binary: 0xad,
  char: 0xaf,
  nvarchar: 0xe7,
  nchar: 0xef,
} as const;
const names = new Map<number, LengthyType['name']>(
  Object.entries(ids).map(([name, id]) => [id, name as LengthyType['name']]),
);
/** image, text and ntext, which clients still send. */
const largeTypes: ReadonlyMap<number, 'varbinary' | 'varchar' | 'nvarchar'> = new Map([
  [0x22, 'varbinary'],
  [0x23, 'varchar'],
  [0x63, 'nvarchar'],
] as const);
const MAX_LARGE = 0x7fff_ffff;

const invalidCall =
  'The incoming tabular data stream (TDS) remote procedure call (RPC) protocol stream is incorrect.';
/** Stands for the length of (max), whose values are sent in chunks. */
const MAX = 0xffff;
const NULL_CHUNKS = -1n;
/** SQL_Latin1_General_CP1_CI_AS as clients are told it: language 1033, sort order 52, which is code page 1252. */
export const serverCollation = [0x09, 0x04, 0xd0, 0x00, 0x34] as const;

const windows1252 = new TextDecoder('windows-1252');
/** What Windows has where Latin-1 has control characters. */
const codePage = new Map(
  Array.from({ length: 32 }, (_, index) => [
    windows1252.decode(Uint8Array.of(0x80 + index)),
    String.fromCharCode(0x80 + index),
  ]),
);

/** Character and binary types: values behind two bytes of length or, of (max), in chunks. */
export function lengthyCodec(type: LengthyType): Codec {
  const { name, length } = type;
  const size = length === 'max' ? MAX : Math.max(length, 1) * unitOf(type);
  return {
    type,
    info: [ids[name], size & 0xff, size >> 8, ...(isBinary(type) ? [] : serverCollation)],
    read: (reader) => decoded(type, length === 'max' ? readChunks(reader) : readCounted(reader, 2, size)),
    write(writer, value) {
      if (length !== 'max') {
        const bytes = encoded(type, value);
        writer.uint(bytes?.length ?? MAX, 2).bytes(bytes ?? []);
      } else if (value === null) {
        writer.long(NULL_CHUNKS);
      } else {
        const bytes = encoded(type, value) ?? [];
        writer.long(BigInt(bytes.length));
        if (bytes.length > 0) writer.uint(bytes.length, 4).bytes(bytes);
        writer.uint(0, 4);
      }
    },
  };
}

const MAX_READ = 500;
/** Those of the parameters that were read, by their TYPE_INFO. */
const read = new Map<number, Codec>();

/** Reads the rest of a character or binary type's TYPE_INFO; nothing = the id is no such type's. */
export function readLengthyCodec(reader: ByteReader, id: number): Codec | undefined {
  const large = largeTypes.get(id);
  const name = large ?? names.get(id);
  if (name === undefined) return undefined;
  const size = reader.uint(large === undefined ? 2 : 4);
  if (!isBinary({ name })) reader.bytes(serverCollation.length);
  if (large !== undefined) {
    const type = { name: large, length: 'max' } as const;
    return { ...lengthyCodec(type), read: (from) => decoded(type, readCounted(from, 4, MAX_LARGE)) };
  }
  if (size === MAX && !name.includes('var')) throw new ProtocolFault(`A ${name}(max)`);
  const key = id * MAX + size;
  const known = read.get(key);
  if (known !== undefined) return known;
  const length = size === MAX ? 'max' : Math.max(1, Math.floor(size / unitOf({ name })));
  const codec = lengthyCodec({ name, length } as LengthyType);
  if (read.size >= MAX_READ) read.clear();
  read.set(key, codec);
  return codec;
}

const isBinary = ({ name }: { name: LengthyType['name'] }): boolean => name.endsWith('binary');
const unitOf = ({ name }: { name: LengthyType['name'] }): 1 | 2 => (name.startsWith('n') ? 2 : 1);

/** A value behind its length in bytes; a length of all ones is NULL. */
function readCounted(reader: ByteReader, width: 2 | 4, most: number): Buffer | null {
  const length = reader.uint(width);
  if (length === 2 ** (8 * width) - 1) return null;
  if (length > most) throw new SqlFault(8016, 16, `${invalidCall} A value is longer than its type.`);
  return reader.bytes(length);
}

/** A value in chunks ([MS-TDS] 2.2.5.2.3); the total in front may be unknown and is not needed. */
function readChunks(reader: ByteReader): Buffer | null {
  if (reader.long() === NULL_CHUNKS) return null;
  const chunks: Buffer[] = [];
  for (let length = reader.uint(4); length !== 0; length = reader.uint(4)) chunks.push(reader.bytes(length));
  return Buffer.concat(chunks);
}

function decoded(type: LengthyType, bytes: Buffer | null): SqlValue {
  if (bytes === null || isBinary(type)) return bytes;
  if (unitOf(type) === 2) return bytes.toString('utf16le');
  const text = bytes.toString('latin1');
  return /[\u0080-\u009f]/.test(text) ? windows1252.decode(bytes) : text;
}

/** Types of fixed length are padded to it. A character that the code page has not becomes a question mark. */
function encoded(type: LengthyType, value: SqlValue): Buffer | null {
  const fixed = type.name.includes('var') ? 0 : Number(type.length);
  if (value === null) return null;
  if (isBinary(type) && Buffer.isBuffer(value))
    return value.length < fixed ? Buffer.concat([value], fixed) : value;
  if (isBinary(type) || typeof value !== 'string')
    throw new TypeError(`No ${type.name} is a ${typeof value}`);
  const text = value.padEnd(fixed);
  if (unitOf(type) === 2) return Buffer.from(text, 'utf16le');
  const mapped = text.replace(/[\u0080-\u009f\u0100-\uffff]/g, (character) => codePage.get(character) ?? '?');
  return Buffer.from(mapped, 'latin1');
}
