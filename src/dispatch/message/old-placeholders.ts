/** What stands in Liquid already, and what nobody may touch. */
const liquid = String.raw`\{%-?\s*(?<block>raw|comment)\s*-?%\}[\s\S]*?\{%-?\s*end\k<block>\s*-?%\}|\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}`;

/** `{campo}`: begins with a letter and holds none of the characters of JSON and CSS; `{campo:,.2f}` has a format. */
const old = String.raw`\{(?<name>[\p{L}_][^{}"':;<>\r\n]*?)(?<format>:[^{}"';<>\s]*)?\}`;

/**
 * Turns the `{campo}` placeholders of templates written for the system before us into Liquid. A column of the query
 * comes first, then the names of ours (`{destinatario.nombre}`); Liquid's own braces, raw blocks, JSON and CSS stay.
 * Throws when a column carries a format, which would otherwise be delivered as it stands.
 */
export function withOldPlaceholders(source: string, columns: ReadonlySet<string>): string {
  return source.replaceAll(new RegExp(`${liquid}|${old}`, 'gu'), (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as { name?: string; format?: string };
    const name = groups.name;
    if (name === undefined || name !== name.trimEnd()) return match;
    if (groups.format !== undefined) {
      if (!columns.has(name)) return match;
      throw new Error(
        `«${match}» lleva un formato: escriba {{ fila["${name}"] | numero: 2 }} o el filtro que necesite`,
      );
    }
    return columns.has(name) ? `{{ fila["${name}"] }}` : `{{ ${pathOf(name)} }}`;
  });
}

/** As Liquid reads it when every part is a name, else as one quoted name, so that the error shows it whole. */
function pathOf(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(name) ? name : `["${name}"]`;
}
