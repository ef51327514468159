import type { lookup } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { checkTarget } from '../../../../src/adapters/http/check-target.ts';
import { guardedLookup, isPublicAddress } from '../../../../src/adapters/http/guard-address.ts';

describe('an address that tenants may reach', () => {
  test.each(['8.8.8.8', '1.1.1.1', '200.45.1.1', '2606:4700:4700::1111', '2800:3f0:4002::200e'])(
    '%s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('an address that they may not', () => {
  test.each([
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.255.0.9'],
    ['private 10', '10.1.2.3'],
    ['private 172', '172.31.255.255'],
    ['private 192', '192.168.0.1'],
    ['link-local and metadata', '169.254.169.254'],
    ["Azure's WireServer", '168.63.129.16'],
    ['shared (CGNAT, also a metadata service)', '100.100.100.200'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '192.0.2.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['IPv6 unspecified', '::'],
    ['IPv6 loopback', '::1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped, in hexadecimal', '::ffff:7f00:1'],
    ['IPv4-mapped public', '::ffff:8.8.8.8'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['local NAT64', '64:ff9b:1::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:7f00:1::'],
    ['unique local and metadata', 'fd00:ec2::254'],
    ['IPv6 link-local', 'fe80::1'],
    ['IPv6 link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['IPv6 multicast', 'ff02::1'],
    ['IPv6 documentation', '2001:db8::1'],
    ['outside global unicast', '4000::1'],
    ['no address', 'example.com'],
    ['nothing', ''],
  ])('%s: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

const none = new Set<string>();

test.each([
  ['https://gateway.example.com/hook?x=1', 'public'],
  ['https://8.8.8.8:8443/', 'public'],
  ['https://[2606:4700:4700::1111]/', 'public'],
  ['http://gateway.example.com/', 'refused'],
  ['ftp://gateway.example.com/', 'refused'],
  ['file:///etc/passwd', 'refused'],
  ['gateway.example.com/hook', 'refused'],
  ['', 'refused'],
  ['https://user:pass@gateway.example.com/', 'refused'],
  ['https://user@gateway.example.com/', 'refused'],
  ['https://127.0.0.1/', 'refused'],
  ['https://2130706433/', 'refused'],
  ['https://0x7f.1/', 'refused'],
  ['https://0177.0.0.1/', 'refused'],
  ['https://127.1/', 'refused'],
  ['https://[::1]/', 'refused'],
  ['https://[::ffff:10.0.0.1]/', 'refused'],
  ['https://①②⑦.⓪.⓪.①/', 'refused'],
  ['https://169.254.169.254/metadata', 'refused'],
])('%s is %s', (url, kind) => {
  expect(checkTarget(url, none).kind).toBe(kind);
});

const allowed = new Set(['localhost:9100', 'sink.internal', '[::1]', '[::2]:9100']);

test.each([
  ['http://localhost:9100/hook', 'allowed'],
  ['http://LOCALHOST:9100/hook', 'allowed'],
  ['http://sink.internal/hook', 'allowed'],
  ['https://sink.internal:8443/hook', 'allowed'],
  ['http://[::1]:80/', 'allowed'],
  ['http://[::2]:9100/', 'allowed'],
  ['http://[::2]:9101/', 'refused'],
  ['http://localhost:9101/hook', 'refused'],
  ['http://localhost.:9100/', 'refused'],
  ['http://sink.internal.evil.example/', 'refused'],
  ['http://sink.internal@evil.example/', 'refused'],
  ['http://user@sink.internal/', 'refused'],
])('with some hosts named, %s is %s', (url, kind) => {
  expect(checkTarget(url, allowed).kind).toBe(kind);
});

test('a refusal shows the host and nothing else of the URL', () => {
  for (const url of [
    'http://a.example/s3cret?k=v',
    'https://u:p4ss@a.example/s3cret',
    'https://10.0.0.1/s3cret',
  ]) {
    const target = checkTarget(url, none);
    expect(target).toHaveProperty('detail', expect.stringMatching(/a\.example|10\.0\.0\.1/));
    expect(target).not.toHaveProperty('detail', expect.stringMatching(/s3cret|p4ss/));
  }
});

describe('names are asked for', () => {
  const asked: { hostname: string; answer: (addresses: string[]) => void }[] = [];
  const resolve = guardedLookup(((
    hostname: string,
    _options: unknown,
    done: (error: null, addresses: object[]) => void,
  ) => {
    const answer = (addresses: string[]) =>
      done(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
    asked.push({ hostname, answer });
  }) as typeof lookup);
  const address = (name: string) =>
    new Promise((settle) => resolve(name, { all: false }, (error, found) => settle(error?.name ?? found)));

  test('once at a time, whoever waits', async () => {
    const waiting = [address('a.example'), address('a.example'), address('b.example')];
    expect(asked.map(({ hostname }) => hostname)).toEqual(['a.example', 'b.example']);
    asked[0]?.answer(['8.8.8.8']);
    asked[1]?.answer(['8.8.8.8', '10.0.0.1']);
    expect(await Promise.all(waiting)).toEqual(['8.8.8.8', '8.8.8.8', 'AddressRefused']);
  });

  test('anew once they are answered', async () => {
    const again = address('a.example');
    expect(asked).toHaveLength(3);
    asked[2]?.answer(['127.0.0.1']);
    expect(await again).toBe('AddressRefused');
  });
});
