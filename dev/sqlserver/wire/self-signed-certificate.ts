import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

/** A TLS identity, both parts as PEM. */
export interface Certificate {
  key: string;
  certificate: string;
}

const tag = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
} as const;

/** One DER element; content as bytes or as text. */
function der(type: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(type, ...(length < 0x80 ? [length] : long)), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(tag.sequence, ...parts);
const oid = (hex: string): Buffer => der(tag.oid, Buffer.from(hex, 'hex'));

/** Makes a certificate for localhost and 127.0.0.1 ([RFC 5280]) that no authority vouches for, good for ten years. */
export function selfSignedCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const name = sequence(der(tag.set, sequence(oid('550403'), der(tag.utf8, 'localhost'))));
  const [dnsName, ipAddress] = [der(0x82, 'localhost'), der(0x87, Buffer.of(127, 0, 0, 1))];
  const year = new Date().getUTCFullYear();
  const toBeSigned = sequence(
    der(tag.version, der(tag.integer, Buffer.of(2))),
    der(tag.integer, Buffer.of(1), randomBytes(15)),
    ecdsaWithSha256,
    name,
    sequence(der(tag.time, `${year - 1}0101000000Z`), der(tag.time, `${year + 10}0101000000Z`)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(tag.extensions, sequence(sequence(oid('551d11'), der(tag.octets, sequence(dnsName, ipAddress))))),
  );
  const signature = createSign('sha256').update(toBeSigned).sign(privateKey);
  const certificate = sequence(toBeSigned, ecdsaWithSha256, der(tag.bits, Buffer.of(0), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}
