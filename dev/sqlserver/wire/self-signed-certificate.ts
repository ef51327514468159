import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

/** A TLS identity, both parts as PEM. */
export interface Certificate {
  key: string;
  certificate: string;
}

const tag = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
};
const generalizedTime = 0x18;
const oid = {
  commonName: Buffer.from('550403', 'hex'),
  subjectAltName: Buffer.from('551d11', 'hex'),
  basicConstraints: Buffer.from('551d13', 'hex'),
  ecdsaWithSha256: Buffer.from('2a8648ce3d040302', 'hex'),
};

/** Makes a certificate for localhost and 127.0.0.1 ([RFC 5280]) that no authority vouches for, good for ten years. */
export function selfSignedCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signatureAlgorithm = der(tag.sequence, der(tag.oid, oid.ecdsaWithSha256));
  const name = der(
    tag.sequence,
    der(tag.set, der(tag.sequence, der(tag.oid, oid.commonName), der(tag.utf8, Buffer.from('localhost')))),
  );
  const toBeSigned = der(
    tag.sequence,
    der(0xa0, der(tag.integer, Buffer.of(2))),
    der(tag.integer, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    signatureAlgorithm,
    name,
    der(tag.sequence, moment(-1), moment(10)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(tag.sequence, subjectNames(), noAuthority())),
  );
  const signature = createSign('sha256').update(toBeSigned).sign(privateKey);
  const whole = der(tag.sequence, toBeSigned, signatureAlgorithm, der(tag.bits, Buffer.of(0), signature));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate: pem(whole) };
}

function subjectNames(): Buffer {
  const dnsName = der(0x82, Buffer.from('localhost'));
  const ipAddress = der(0x87, Buffer.of(127, 0, 0, 1));
  return der(
    tag.sequence,
    der(tag.oid, oid.subjectAltName),
    der(tag.octets, der(tag.sequence, dnsName, ipAddress)),
  );
}

/** Basic constraints without the CA flag, marked critical. */
function noAuthority(): Buffer {
  return der(
    tag.sequence,
    der(tag.oid, oid.basicConstraints),
    der(tag.boolean, Buffer.of(0xff)),
    der(tag.octets, der(tag.sequence)),
  );
}

function moment(yearsFromNow: number): Buffer {
  const date = new Date();
  date.setUTCFullYear(date.getUTCFullYear() + yearsFromNow, 0, 1);
  return der(generalizedTime, Buffer.from(`${date.toISOString().slice(0, 10).replaceAll('-', '')}000000Z`));
}

/** One DER element: tag, length, content. */
function der(type: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(type, length), content]);
  const size = length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
  return Buffer.concat([Buffer.of(type), size, content]);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
