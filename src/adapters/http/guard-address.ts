import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import ipaddr from 'ipaddr.js';

/** An address that tenants may not make us call. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Public by number, but answered by the platform itself: Azure's WireServer. */
const platformAddresses = new Set(['168.63.129.16']);

/** Global unicast: everything of IPv6 that was ever assigned to hosts lies in it (RFC 4291, 2.4). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether tenants may reach it: a public unicast address. Not loopback, private, link-local, metadata, shared, multicast or
 * reserved ones, nor IPv6 forms that carry an IPv4 address inside.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast' || platformAddresses.has(text)) return false;
  return address instanceof ipaddr.IPv4 || address.match(globalUnicast);
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/**
 * dns.lookup for net.connect: the addresses checked are those that are then connected to, so that a name cannot change
 * its mind between the two. One refused address refuses the name.
 */
export function publicLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined) callback(error ?? new Error('no address'), []);
    else if (!addresses.every(({ address }) => isPublicAddress(address))) {
      callback(new AddressRefused('a resolved address is not public'), []);
    } else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
}
