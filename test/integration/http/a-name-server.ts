import { createSocket } from 'node:dgram';
import { Resolver, type LookupAddress, type LookupOptions } from 'node:dns';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** An address of IPv4 or IPv6 (in full), or another name that has the address. */
type Answer = { a: string } | { aaaa: string } | { cname: string };

type Done = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/**
 * A DNS server on 127.0.0.1 and a `lookup` that asks it over UDP. `answers` gives the records of a name; it is asked for
 * IPv4 and IPv6 apart.
 */
export async function aNameServer(answers: (name: string, kind: 'a' | 'aaaa') => readonly Answer[]) {
  const asked: string[] = [];
  const server = createSocket('udp4');
  server.on('message', (query, { port, address }) => {
    const { name, end } = nameAt(query, 12);
    const kind = query.readUInt16BE(end) === 28 ? 'aaaa' : 'a';
    asked.push(`${name} ${kind}`);
    server.send(responseTo(query.subarray(0, end + 4), name, answers(name, kind)), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  const lookup = (hostname: string, _options: LookupOptions, done: Done) => {
    resolver.resolve4(hostname, (fault, four) => {
      resolver.resolve6(hostname, (none, six) => {
        const addresses = [
          ...(fault === null ? four : []).map((address) => ({ address, family: 4 })),
          ...(none === null ? six : []).map((address) => ({ address, family: 6 })),
        ];
        done(addresses.length > 0 ? null : fault, addresses);
      });
    });
  };
  return { lookup, asked };
}

function nameAt(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.'), end: at + 1 };
}

/** RFC 1035, 4.1: the query's header and question again, then the records, each of the name that the last one led to. */
function responseTo(question: Buffer, name: string, answers: readonly Answer[]): Buffer {
  const header = Buffer.from(question);
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(answers.length, 6);
  header.writeUInt16BE(0, 10);
  let owner = name;
  const records = answers.map((answer) => {
    const record = recordOf(owner, answer);
    if ('cname' in answer) owner = answer.cname;
    return record;
  });
  return Buffer.concat([header, ...records]);
}

function recordOf(owner: string, answer: Answer): Buffer {
  const [type, data] =
    'a' in answer
      ? [1, Buffer.from(answer.a.split('.').map(Number))]
      : 'aaaa' in answer
        ? [28, Buffer.from(answer.aaaa.replaceAll(':', ''), 'hex')]
        : [5, nameBytes(answer.cname)];
  const fields = Buffer.alloc(10);
  fields.writeUInt16BE(type, 0);
  fields.writeUInt16BE(1, 2);
  fields.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameBytes(owner), fields, data]);
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}
