import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { ProtocolFault } from './protocol-fault.ts';
import { serverVersion } from './server-version.ts';

/** The options of [MS-TDS] 2.2.6.5 that are read or sent. */
const option = {
  version: 0x00,
  encryption: 0x01,
  instance: 0x02,
  threadId: 0x03,
  mars: 0x04,
  end: 0xff,
} as const;
const encryption = { off: 0x00, on: 0x01, notSupported: 0x02, required: 0x03 } as const;

/** Whether the client's PRELOGIN asks for encryption of the whole connection. */
export function asksForEncryption(payload: Buffer): boolean {
  const asked = optionsOf(payload).get(option.encryption)?.[0] ?? encryption.notSupported;
  return asked === encryption.on || asked === encryption.required;
}

function optionsOf(payload: Buffer): ReadonlyMap<number, Buffer> {
  const reader = new ByteReader(payload);
  const options = new Map<number, Buffer>();
  for (let id = reader.u8(); id !== option.end; id = reader.u8()) {
    const [start, length] = [reader.u16be(), reader.u16be()];
    if (start + length > payload.length)
      throw new ProtocolFault(`PRELOGIN option ${id} lies outside its message`);
    options.set(id, payload.subarray(start, start + length));
  }
  return options;
}

/**
 * The server's PRELOGIN. A client that merely allows encryption gets none: the variant that encrypts the login alone is
 * left out, and clients accept that.
 */
export function preloginReply(encrypted: boolean): Buffer {
  const { major, minor, build } = serverVersion;
  const options: [number, Buffer][] = [
    [option.version, new ByteWriter().u8(major).u8(minor).u16be(build).u16(0).done()],
    [option.encryption, Buffer.of(encrypted ? encryption.on : encryption.notSupported)],
    [option.instance, Buffer.of(0)],
    [option.threadId, Buffer.alloc(0)],
    [option.mars, Buffer.of(0)],
  ];
  const table = new ByteWriter();
  let start = options.length * 5 + 1;
  for (const [id, data] of options) {
    table.u8(id).u16be(start).u16be(data.length);
    start += data.length;
  }
  return Buffer.concat([table.u8(option.end).done(), ...options.map(([, data]) => data)]);
}
