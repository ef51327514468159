import { describe, expect, test } from 'vitest';
import { checkTarget } from '../../../../src/adapters/http/check-target.ts';
import { guardedLookup, isPublicAddress } from '../../../../src/adapters/http/guard-address.ts';

describe('an address that tenants may reach', () => {
  test.each([
    ...['8.8.8.8', '1.1.1.1', '200.45.1.1', '2606:4700:4700::1111', '2800:3f0:4002::200e'],
    // Beside those that they may not.
    ...['9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
    ...['168.63.129.15', '168.63.129.17', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0'],
    ...['192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255'],
    ...['2001:4860:4860::8888', '2003::1', '2400:cb00::5efe', '2a00:1450:4003:80f::200e'],
  ])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('an address that they may not', () => {
  test.each([
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.255.0.9'],
    ['private 10', '10.1.2.3'],
    ['private 172, first', '172.16.0.0'],
    ['private 172, last', '172.31.255.255'],
    ['private 192', '192.168.0.1'],
    ['link-local and metadata', '169.254.169.254'],
    ["a container's credentials", '169.254.170.2'],
    ["Azure's WireServer", '168.63.129.16'],
    ['shared (CGNAT), first', '100.64.0.0'],
    ['shared, also a metadata service', '100.100.100.200'],
    ['shared, last', '100.127.255.255'],
    ['IETF assignments', '192.0.0.8'],
    ['IETF assignments, also a metadata service', '192.0.0.192'],
    ['6to4 relays', '192.88.99.1'],
    ['AS112', '192.175.48.1'],
    ['AS112, the other', '192.31.196.1'],
    ['multicast tunnels', '192.52.193.1'],
    ['benchmarking, first', '198.18.0.1'],
    ['benchmarking, last', '198.19.255.255'],
    ['documentation', '192.0.2.1'],
    ['documentation 2', '198.51.100.1'],
    ['documentation 3', '203.0.113.1'],
    ['multicast', '224.0.0.1'],
    ['multicast, last', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['IPv6 unspecified', '::'],
    ['IPv6 loopback', '::1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped, in hexadecimal', '::ffff:7f00:1'],
    ['IPv4-mapped public', '::ffff:8.8.8.8'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['IPv4-translated', '::ffff:0:7f00:1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64 of a public address', '64:ff9b::8.8.8.8'],
    ['local NAT64', '64:ff9b:1::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['6to4 of a public address', '2002:808:808::1'],
    ['Teredo', '2001:0:7f00:1::'],
    ['ISATAP', '2400:cb00::5efe:7f00:1'],
    ['ISATAP with the bit for global', '2400:cb00::200:5efe:a00:1'],
    ['IETF assignments of IPv6', '2001:1::1'],
    ['IPv6 benchmarking', '2001:2::1'],
    ['ORCHID', '2001:10::1'],
    ['ORCHIDv2', '2001:20::1'],
    ['discard', '100::1'],
    ['segment routing', '5f00::1'],
    ['unique local', 'fc00::1'],
    ['unique local and metadata', 'fd00:ec2::254'],
    ['unique local and metadata, another', 'fd20:ce::254'],
    ['IPv6 link-local', 'fe80::1'],
    ['IPv6 link-local with a zone', 'fe80::1%eth0'],
    ['a public one with a zone', '2606:4700::1111%eth0'],
    ['site-local', 'fec0::1'],
    ['IPv6 multicast', 'ff02::1'],
    ['IPv6 multicast for all', 'ff0e::1'],
    ['IPv6 documentation', '2001:db8::1'],
    ['IPv6 documentation, the new one', '3fff::1'],
    ['outside global unicast', '4000::1'],
    ['a number', '2822734096'],
    ['hexadecimal', '0x08080808'],
    ['octal', '010.010.010.010'],
    ['short', '8.526344'],
    ['an address with a dot behind', '8.8.8.8.'],
    ['an address in brackets', '[2606:4700::1111]'],
    ['no address', 'example.com'],
    ['nothing', ''],
  ])('%s: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

const none = new Set<string>();

test.each([
  'https://gateway.example.com/hook?x=1',
  ' https://gateway.example.com/hook ',
  'HTTPS://GATEWAY.EXAMPLE.COM/',
  'https://gateway.example.com./',
  'https://8.8.8.8:8443/',
  'https://[2606:4700:4700::1111]/',
  'https://internal.example.com/',
  'https://localhost.example.com/',
])('%s is public', (url) => {
  expect(checkTarget(url, none).kind).toBe('public');
});

/** Every one would lead to an address that is not public, or may be read as if it did. */
const hostile: Readonly<Record<string, readonly string[]>> = {
  'another scheme, or none': [
    'http://gateway.example.com/',
    'ftp://gateway.example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:25/_HELO',
    'data:text/plain,x',
    'javascript:alert(1)',
    'unix:/var/run/docker.sock',
    'http+unix://%2Fvar%2Frun%2Fdocker.sock/',
    'ws://gateway.example.com/',
    'wss://gateway.example.com/',
    'blob:https://gateway.example.com/1',
    'gateway.example.com/hook',
    '//gateway.example.com/hook',
    '',
  ],
  'user and password': [
    'https://user:pass@gateway.example.com/',
    'https://user@gateway.example.com/',
    'https://gateway.example.com@127.0.0.1/',
    'https://gateway.example.com:443@127.0.0.1/',
    'https://gateway.example.com%2f@127.0.0.1/',
    'https://@127.0.0.1/',
    'https://:@127.0.0.1/',
    'https://1.1.1.1&@127.0.0.1#@8.8.8.8/',
  ],
  'numbers written otherwise': [
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0X7F.0.0.1/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://0177.0.0.1/',
    'https://0177.0x0.0.1/',
    'https://127.1/',
    'https://127.0.1/',
    'https://0/',
    'https://0.0.0.0/',
    'https://00000177.0.0.1/',
    'https://127.0.0.1./',
    'https://2852039166/',
    'https://0xa9fea9fe/',
    'https://0251.0376.0251.0376/',
    'https://169.254.43518/',
    'https://10.0.0.1:8443/',
    'https://256.0.0.1/',
    'https://4294967296/',
    'https://127.0.0.1.1/',
  ],
  'addresses in brackets': [
    'https://[::]/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]:8443/',
    'https://[::ffff:10.0.0.1]/',
    'https://[0:0:0:0:0:ffff:7f00:1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::169.254.169.254]/',
    'https://[2002:7f00:1::]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[fe80::1%25eth0]/',
    'https://[fe80::1%eth0]/',
    'https://[::1%25lo]/',
    'https://[127.0.0.1]/',
    'https://[::1/',
    'https://::1/',
  ],
  'characters that become others': [
    'https://①②⑦.⓪.⓪.①/',
    'https://１２７.０.０.１/',
    'https://127。0。0。1/',
    'https://127．0．0．1/',
    'https://127｡0｡0｡1/',
    'https://%31%32%37.0.0.1/',
    'https://127%2e0%2e0%2e1/',
    'https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/',
    'https://ｌｏｃａｌｈｏｓｔ/',
    'https://loc\u00adalhost/',
    'https://%6c%6f%63alhost/',
    'https://127.0.0.1%00.example.com/',
    'https://127.0.0.1%0d%0a.example.com/',
    'https://٠.٠.٠.٠/',
  ],
  'what two readers read in two ways': [
    'https:\\\\127.0.0.1\\',
    'https://127.0.0.1\\@gateway.example.com/',
    'https://gateway.example.com\\@127.0.0.1/',
    'https://1\t27.0.0.1/',
    'https://127.0.0.1\n/',
    'https://gateway.example.com/\r\nHost: 127.0.0.1',
    'ht\ntps://127.0.0.1/',
    'https://gateway.example.com\u0000.127.0.0.1/',
    'https:127.0.0.1',
    'https:/127.0.0.1/',
    'https:///127.0.0.1/',
    'https:example',
  ],
  'names of this machine and of its network': [
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://localhost:443/',
    'https://any.localhost/',
    'https://any.localhost./',
    'https://localhost.localdomain/',
    'https://ip6-localhost/',
    'https://ip6-loopback/',
    'https://metadata/',
    'https://metadata.google.internal/',
    'https://METADATA.GOOGLE.INTERNAL./',
    'https://instance-data.ec2.internal/',
    'https://host.docker.internal/',
    'https://printer.local/',
    'https://router.home.arpa/',
    'https://intranet/',
  ],
};

describe.each(Object.entries(hostile))('refused: %s', (_, urls) => {
  test.each(urls)('%j', (url) => {
    expect(checkTarget(url, none)).toMatchObject({ kind: 'refused', detail: expect.any(String) });
  });
});

const allowed = new Set(['localhost:9100', 'sink.internal', '[::1]', '[::2]:9100', '10.0.0.7:443']);

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
  ['http://SINK.internal:81/hook', 'allowed'],
  ['https://10.0.0.7/', 'allowed'],
  ['https://167772167/', 'allowed'],
  ['http://10.0.0.7/', 'refused'],
  ['https://10.0.0.7:8443/', 'refused'],
  ['https://10.0.0.70/', 'refused'],
  ['https://[::ffff:10.0.0.7]/', 'refused'],
  ['https://other.sink.internal/', 'refused'],
  ['https://othersink.internal/', 'refused'],
  ['https://sink.internal./', 'refused'],
  ['https://sink.internal%2eevil.local/', 'refused'],
  ['https://sink.internal:9100@10.0.0.1/', 'refused'],
  ['ftp://sink.internal/', 'refused'],
  ['http://localhost:91000/', 'refused'],
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

/** A name server that the test answers for. */
function aNameServer() {
  const asked: { hostname: string; answer: (addresses: string[]) => void }[] = [];
  const resolve = guardedLookup((hostname, _options, done) => {
    const answer = (addresses: string[]) =>
      done(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
    asked.push({ hostname, answer });
  });
  const address = (name: string) =>
    new Promise((settle) => resolve(name, { all: false }, (error, found) => settle(error?.name ?? found)));
  return { asked, address };
}

describe('names are asked for', () => {
  test('once at a time, whoever waits', async () => {
    const { asked, address } = aNameServer();
    const waiting = [address('a.example'), address('a.example'), address('b.example')];
    expect(asked.map(({ hostname }) => hostname)).toEqual(['a.example', 'b.example']);
    asked[0]?.answer(['8.8.8.8']);
    asked[1]?.answer(['8.8.8.8', '10.0.0.1']);
    expect(await Promise.all(waiting)).toEqual(['8.8.8.8', '8.8.8.8', 'AddressRefused']);
  });

  test('anew once they are answered', async () => {
    const { asked, address } = aNameServer();
    const first = address('a.example');
    asked[0]?.answer(['8.8.8.8']);
    expect(await first).toBe('8.8.8.8');
    const again = address('a.example');
    asked[1]?.answer(['127.0.0.1']);
    expect(await again).toBe('AddressRefused');
  });
});
