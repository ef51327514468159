import { isPublicAddress } from './guard-address.ts';

/** What some programs take for a slash or leave out, and others do not: two readers would see two hosts. */
const readTwoWays = /[\\\p{Cc}]/u;

export type Target =
  { kind: 'public'; url: URL } | { kind: 'allowed'; url: URL } | { kind: 'refused'; detail: string };

/**
 * Where a webhook may go: https to a public address, or anything at a host of `allowedHosts` (`host` or `host:port`,
 * in lower case, IPv6 addresses in brackets). Names are checked again by their addresses when they are connected to.
 */
export function checkTarget(text: string, allowedHosts: ReadonlySet<string>): Target {
  if (readTwoWays.test(text.trim())) {
    return refused('whk_Url lleva barras invertidas, tabulaciones o saltos de línea: quítelos.');
  }
  const url = URL.parse(text.trim());
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return refused('whk_Url no es una dirección https.');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.username !== '' || url.password !== '') {
    return refused(`whk_Url lleva usuario o contraseña (${host}): póngalos en whk_Cabeceras.`);
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (allowedHosts.has(url.hostname) || allowedHosts.has(`${url.hostname}:${port}`)) {
    return { kind: 'allowed', url };
  }
  if (url.protocol !== 'https:') return refused(`whk_Url debe usar https (${host}).`);
  if (isLiteral(host) ? !isPublicAddress(host) : isPrivateName(host)) return refused(refusalOf(host));
  return { kind: 'public', url };
}

export function refusalOf(host: string): string {
  return `La dirección de ${host} no es pública, y WEBHOOK_ALLOWED_HOSTS no lo nombra.`;
}

/** URL has written every form of an IPv4 address (hexadecimal, octal, one number) with four decimal parts by now. */
function isLiteral(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host);
}

/**
 * Names that never belong to a public host, whatever a resolver says: without a dot (`localhost`, `ip6-localhost`, those of
 * a company's own network), or under a domain kept for private use (RFC 6761, 6762, 8375; ICANN's .internal).
 */
function isPrivateName(host: string): boolean {
  const name = host.replace(/\.$/, '');
  return !name.includes('.') || /\.(?:localhost|localdomain|local|internal|home\.arpa)$/.test(name);
}

function refused(detail: string): Target {
  return { kind: 'refused', detail };
}
