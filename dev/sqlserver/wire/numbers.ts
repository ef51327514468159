import type { Format } from './codecs.ts';

export const bit: Format<boolean> = {
  kind: 'boolean',
  read: (from) => from.uint(1) !== 0,
  write: (to, value) => to.uint(value ? 1 : 0, 1),
};

/** With a sign, but for a single byte. */
export const integer: Format<number> = {
  kind: 'number',
  read: (from, bytes) => (bytes === 1 ? from.uint(1) : from.int(bytes)),
  write: (to, value, bytes) => (bytes === 1 ? to.uint(value, 1) : to.int(value, bytes)),
};

export const long: Format<bigint> = {
  kind: 'bigint',
  read: (from) => from.long(),
  write: (to, value) => to.long(value),
};

export const real: Format<number> = {
  kind: 'number',
  read: (from) => from.bytes(4).readFloatLE(),
  write: (to, value) => to.bytes(new Uint8Array(Float32Array.of(value).buffer)),
};

export const double: Format<number> = {
  kind: 'number',
  read: (from) => from.bytes(8).readDoubleLE(),
  write: (to, value) => to.bytes(new Uint8Array(Float64Array.of(value).buffer)),
};

/** Ten-thousandths; of eight bytes the upper four come first. */
export const money: Format<string> = {
  kind: 'string',
  read(from, bytes) {
    const upper = bytes === 8 ? BigInt(from.int(4)) << 32n : 0n;
    return decimalText(upper + BigInt(bytes === 8 ? from.uint(4) : from.int(4)), 4);
  },
  write(to, value, bytes) {
    const number = scaledInteger(value, 4);
    if (bytes === 8) to.int(Number(number >> 32n), 4);
    to.uint(Number(number & 0xffff_ffffn), 4);
  },
};

/** A sign and the digits as an integer. */
export const decimal = (scale: number): Format<string> => ({
  kind: 'string',
  read(from, bytes) {
    const sign = from.uint(1) === 0 ? -1n : 1n;
    const digits = Buffer.from(from.bytes(bytes - 1).toReversed()).toString('hex');
    return decimalText(sign * BigInt(`0x0${digits}`), scale);
  },
  write(to, value, bytes) {
    const number = scaledInteger(value, scale);
    to.uint(number < 0n ? 0 : 1, 1);
    let rest = number < 0n ? -number : number;
    for (let written = 1; written < bytes; written += 4) {
      to.uint(Number(rest & 0xffff_ffffn), 4);
      rest >>= 32n;
    }
  },
});

function decimalText(number: bigint, scale: number): string {
  const digits = String(number < 0n ? -number : number).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return number < 0n ? `-${text}` : text;
}

/** A decimal text times ten to the power of `scale`; further decimals are cut off. */
function scaledInteger(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  const number = BigInt(whole.replace(/^[+-]/, '') + fraction.slice(0, scale).padEnd(scale, '0'));
  return text.startsWith('-') ? -number : number;
}

/** The first three groups of a GUID are little endian, the other two as written. */
const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
const reordered = (bytes: Buffer): Buffer => Buffer.from(guidOrder.map((at) => bytes[at] ?? 0));

export const guid: Format<string> = {
  kind: 'string',
  read(from, bytes) {
    const digits = reordered(from.bytes(bytes)).toString('hex').toUpperCase();
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  },
  write: (to, value) => to.bytes(reordered(Buffer.from(value.replaceAll('-', ''), 'hex'))),
};
