import type { ConnectionConfiguration } from 'tedious';
import { redactor } from '../../core/redact.ts';

const mark = '•••';

/**
 * Strikes out of a text everything that a connection string says: what must be kept secret as well as where the database is
 * and who signs in. Names that are ordinary words only where a server quotes them.
 */
export function strikeConnection({
  config,
  secrets,
}: {
  config: ConnectionConfiguration;
  secrets: readonly string[];
}): (text: string) => string {
  const { server, authentication, options } = config;
  const user = authentication?.type === 'default' ? authentication.options.userName : undefined;
  const names = [server, options?.instanceName, options?.database, user].filter((name) => name !== undefined);
  const quoted = names.flatMap((name) => [`'${name}'`, `"${name}"`]).map((name) => name.toLowerCase());
  const redact = redactor([...secrets, server]);
  return (text) =>
    redact(text).replaceAll(/'[^']*'|"[^"]*"/g, (part) =>
      quoted.includes(part.toLowerCase()) ? `${part.charAt(0)}${mark}${part.charAt(0)}` : part,
    );
}
