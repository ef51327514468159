import type { Login } from '../contract.ts';
import { ByteReader } from './byte-reader.ts';
import { ProtocolFault } from './protocol-fault.ts';

/** TDS versions as LOGIN7 and LOGINACK number them. */
export const tdsVersion = { v72: 0x72090002, v73b: 0x730b0003, v74: 0x74000004, v80: 0x08000000 } as const;

const FIXED_BYTES = 94;
const INTEGRATED_SECURITY = 0x80;
const HAS_EXTENSION = 0x10;
const FEDERATED_AUTHENTICATION = 0x02;
const NO_MORE_FEATURES = 0xff;

export interface LoginRequest {
  login: Login;
  tdsVersion: number;
  /** What the client would like, in bytes; 0 = the server's choice. */
  packetSize: number;
  /** Feature extensions by their id. */
  features: ReadonlySet<number>;
  /** With a Windows account or an Entra token, which need what this server does not have. */
  withoutPassword: boolean;
}

/** Reads LOGIN7 ([MS-TDS] 2.2.6.4). */
export function readLoginRequest(payload: Buffer): LoginRequest {
  if (payload.length < FIXED_BYTES || payload.readUInt32LE(0) !== payload.length) {
    throw new ProtocolFault(`LOGIN7 of ${payload.length} bytes tells another length`);
  }
  const features = (payload.readUInt8(27) & HAS_EXTENSION) === 0 ? new Set<number>() : featuresOf(payload);
  return {
    login: {
      hostName: textAt(payload, 36),
      user: textAt(payload, 40),
      password: unscramble(fieldAt(payload, 44, 2)).toString('utf16le'),
      applicationName: textAt(payload, 48),
      database: textAt(payload, 68),
    },
    tdsVersion: payload.readUInt32LE(4),
    packetSize: payload.readUInt32LE(8),
    features,
    withoutPassword:
      (payload.readUInt8(25) & INTEGRATED_SECURITY) !== 0 || features.has(FEDERATED_AUTHENTICATION),
  };
}

/** The bytes that the offset and count at `position` point to; `unit` is the size in bytes of what is counted. */
function fieldAt(payload: Buffer, position: number, unit: 1 | 2): Buffer {
  const start = payload.readUInt16LE(position);
  const length = payload.readUInt16LE(position + 2) * unit;
  if (start + length > payload.length)
    throw new ProtocolFault(`LOGIN7 field at byte ${position} lies outside its message`);
  return payload.subarray(start, start + length);
}

function textAt(payload: Buffer, position: number): string {
  return fieldAt(payload, position, 2).toString('utf16le');
}

/** The client swaps each byte's halves and then flips bits with 0xA5. */
function unscramble(scrambled: Buffer): Buffer {
  return Buffer.from(
    scrambled.map((byte) => {
      const flipped = byte ^ 0xa5;
      return ((flipped << 4) & 0xf0) | (flipped >> 4);
    }),
  );
}

function featuresOf(payload: Buffer): ReadonlySet<number> {
  const start = new ByteReader(fieldAt(payload, 56, 1)).u32();
  if (start > payload.length) throw new ProtocolFault('LOGIN7 feature extensions lie outside their message');
  const reader = new ByteReader(payload.subarray(start));
  const features = new Set<number>();
  for (let id = reader.u8(); id !== NO_MORE_FEATURES; id = reader.u8()) {
    reader.bytes(reader.u32());
    features.add(id);
  }
  return features;
}
