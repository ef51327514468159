/** SQL_Latin1_General_CP1_CI_AS as clients are told it: language 1033, sort order 52, which is code page 1252. */
export const serverCollation = Buffer.of(0x09, 0x04, 0xd0, 0x00, 0x34);

const UTF8_FLAG = 0x0400_0000;

const windows1252 = new TextDecoder('windows-1252');
const byteOf = new Map(
  Array.from({ length: 256 }, (_, byte) => [windows1252.decode(Uint8Array.of(byte)), byte]),
);
const QUESTION_MARK = 0x3f;

/** (var)char text in the server's code page; a character that it has not becomes a question mark, as in SQL Server. */
export function encodeCharacters(text: string): Buffer {
  return Buffer.from(Array.from(text, (character) => byteOf.get(character) ?? QUESTION_MARK));
}

/** (var)char text as a client encoded it under its five bytes of collation. */
export function decodeCharacters(bytes: Buffer, collation: Buffer): string {
  const isUtf8 = (collation.readUInt32LE(0) & UTF8_FLAG) !== 0;
  return isUtf8 ? bytes.toString('utf8') : windows1252.decode(bytes);
}
