import type { LookupAddress, LookupAllOptions, LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address that tenants may not make us call. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Public by number, but answered by the platform itself: Azure's WireServer. */
const platformAddresses = new Set(['168.63.129.16']);

/** Global unicast: everything of IPv6 that was ever assigned to hosts lies in it (RFC 4291, 2.4). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** ISATAP (RFC 5214): the last four bytes are an IPv4 address, whatever the prefix is. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200);
}

/**
 * Whether tenants may reach it: a public unicast address, written as systems write it. Not loopback, private, link-local,
 * metadata, shared, multicast or reserved ones, nor IPv6 forms that carry an IPv4 address or a zone inside.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || text.includes('%')) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast' || platformAddresses.has(text)) return false;
  return address instanceof ipaddr.IPv4 || (address.match(globalUnicast) && !isIsatap(address));
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** As dns.lookup: all addresses of a name. */
export type AskAddresses = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A lookup for net.connect over the system's (`ask`): the addresses checked are those that are then connected to, so that a
 * name cannot change its mind between the two. One refused address refuses the name. Asks for a name once at a time,
 * whoever waits for it: the system's resolver has few threads for the whole process, and a hundred calls to one name that
 * hangs would take them from every other name.
 */
export function guardedLookup(ask: AskAddresses) {
  const asking = new Map<string, Promise<readonly LookupAddress[]>>();
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    const key = JSON.stringify([hostname, options.family, options.hints]);
    const answer = asking.get(key) ?? addressesOf(ask, hostname, options);
    asking.set(key, answer);
    const forget = () => asking.delete(key);
    answer.then(forget, forget);
    answer.then(
      (addresses) => answerWith(addresses, options, callback),
      (error: unknown) => callback(error as NodeJS.ErrnoException, []),
    );
  };
}

function addressesOf(
  ask: AskAddresses,
  hostname: string,
  options: LookupOptions,
): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    ask(hostname, { ...options, all: true }, (error, addresses) =>
      error === null ? resolve(addresses) : reject(error),
    );
  });
}

function answerWith(
  addresses: readonly LookupAddress[],
  { all }: LookupOptions,
  callback: LookupCallback,
): void {
  const [first] = addresses;
  if (first === undefined) callback(new Error('no address'), []);
  else if (!addresses.every(({ address }) => isPublicAddress(address))) {
    callback(new AddressRefused('a resolved address is not public'), []);
  } else if (all) callback(null, [...addresses]);
  else callback(null, first.address, first.family);
}
