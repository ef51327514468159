import type { SqlType } from '../contract.ts';
import type { ByteReader } from './byte-reader.ts';
import { decodeCharacters } from './collation.ts';
import { ProtocolFault } from './protocol-fault.ts';
import { MAX_LENGTH, typeId } from './type-ids.ts';
import type { TypedValue } from './typed-value.ts';

/** How the bytes of a character or binary type come: behind two bytes of length, one (TDS 4), or four (text and image). */
const lengthBytes: Readonly<Record<number, 1 | 2 | 4>> = {
  [typeId.shortVarchar]: 1,
  [typeId.shortChar]: 1,
  [typeId.shortVarbinary]: 1,
  [typeId.shortBinary]: 1,
  [typeId.varchar]: 2,
  [typeId.char]: 2,
  [typeId.nvarchar]: 2,
  [typeId.nchar]: 2,
  [typeId.varbinary]: 2,
  [typeId.binary]: 2,
  [typeId.text]: 4,
  [typeId.ntext]: 4,
  [typeId.image]: 4,
};

const binaryIds: ReadonlySet<number> = new Set([
  typeId.shortVarbinary,
  typeId.shortBinary,
  typeId.varbinary,
  typeId.binary,
  typeId.image,
]);
const unicodeIds: ReadonlySet<number> = new Set([typeId.nvarchar, typeId.nchar, typeId.ntext]);
const fixedLengthIds: ReadonlySet<number> = new Set([
  typeId.shortChar,
  typeId.shortBinary,
  typeId.char,
  typeId.nchar,
  typeId.binary,
]);

/** Reads the rest of TYPE_INFO and the value of a character or binary type. */
export function readLengthyValue(reader: ByteReader, id: number): TypedValue {
  const size = lengthBytes[id];
  if (size === undefined) throw new ProtocolFault(`Unknown data type 0x${id.toString(16)}`);
  const declared = reader.uint(size);
  const isMax = size === 4 || (size === 2 && declared === MAX_LENGTH);
  const isBinary = binaryIds.has(id);
  const collation = isBinary || size === 1 ? Buffer.alloc(5) : reader.bytes(5);
  const bytes = isMax && size === 2 ? readChunks(reader) : readBytes(reader, size);
  const type = lengthyType(id, isMax ? 'max' : declared);
  if (bytes === null || isBinary) return { type, value: bytes };
  return { type, value: unicodeIds.has(id) ? bytes.toString('utf16le') : decodeCharacters(bytes, collation) };
}

function lengthyType(id: number, bytes: number | 'max'): SqlType {
  const unit = unicodeIds.has(id) ? 2 : 1;
  const length = bytes === 'max' ? 'max' : Math.max(1, bytes / unit);
  const isFixed = fixedLengthIds.has(id) && length !== 'max';
  if (binaryIds.has(id)) return isFixed ? { name: 'binary', length } : { name: 'varbinary', length };
  if (unit === 2) return isFixed ? { name: 'nchar', length } : { name: 'nvarchar', length };
  return isFixed ? { name: 'char', length } : { name: 'varchar', length };
}

/** NULL is a length of all ones, except where one byte must do: there it is 0. */
function readBytes(reader: ByteReader, size: 1 | 2 | 4): Buffer | null {
  const length = reader.uint(size);
  const missing = size === 1 ? length === 0 : length === 2 ** (8 * size) - 1;
  return missing ? null : Buffer.from(reader.bytes(length));
}

const NULL_CHUNKS = 0xffff_ffff_ffff_ffffn;

/** A value in chunks ([MS-TDS] 2.2.5.2.3); the total in front may be unknown and is not needed. */
function readChunks(reader: ByteReader): Buffer | null {
  if (reader.u64() === NULL_CHUNKS) return null;
  const chunks: Buffer[] = [];
  for (let length = reader.u32(); length !== 0; length = reader.u32()) chunks.push(reader.bytes(length));
  return Buffer.concat(chunks);
}
