/** Where something of Liquid begins, or perhaps an old placeholder. */
const opening = /\{\{|\{%-?\s*(?<block>raw|comment)\s*-?%\}|\{%|\{/g;

/** `{campo}`: begins with a letter and holds none of the characters of JSON and CSS; `{campo:,.2f}` has a format. */
const old = /\{(?<name>[\p{L}_][^{}"':;<>\r\n]*)(?<format>:[^{}"';<>\s]*)?\}/uy;

/** `:,.2f`, `:.2f`, `:10d` or `:%d/%m/%Y`: no value of CSS looks like these. */
const formatAlone = /^:(?:[,%]|\d*(?:\.\d+)?[df]$)/;

/**
 * Turns the `{campo}` placeholders of templates written for the system before us into Liquid. A column of the query
 * comes first, then the names of ours (`{destinatario.nombre}`); Liquid's own braces, raw blocks, JSON and CSS stay.
 * Takes time in proportion to the text, whatever it holds. Throws when a column carries a format, or a name that may be
 * a misspelled one carries what is no CSS value: it would be delivered as it stands.
 */
export function withOldPlaceholders(source: string, columns: ReadonlySet<string>): string {
  const pieces: string[] = [];
  let at = 0;
  while (at < source.length) {
    opening.lastIndex = at;
    const found = opening.exec(source);
    if (found === null) break;
    pieces.push(source.slice(at, found.index));
    const [text, end] = replaced(source, found, columns);
    pieces.push(text);
    at = end;
  }
  return pieces.join('') + source.slice(at);
}

/** What stands for the piece that begins there, and where that piece ends. What is never closed ends with the text. */
function replaced(source: string, found: RegExpExecArray, columns: ReadonlySet<string>): [string, number] {
  const { index } = found;
  if (found[0] !== '{') {
    const end = endOfLiquid(source, found);
    return [source.slice(index, end), end];
  }
  old.lastIndex = index;
  const match = old.exec(source);
  return match === null ? ['{', index + 1] : [asLiquid(match, columns), old.lastIndex];
}

function endOfLiquid(source: string, { 0: begin, index, groups }: RegExpExecArray): number {
  const block = groups?.['block'];
  if (block !== undefined) {
    const closing = new RegExp(`\\{%-?\\s*end${block}\\s*-?%\\}`, 'g');
    closing.lastIndex = index + begin.length;
    return closing.exec(source) === null ? source.length : closing.lastIndex;
  }
  const end = source.indexOf(begin === '{{' ? '}}' : '%}', index + 2);
  return end === -1 ? source.length : end + 2;
}

function asLiquid({ 0: match, groups }: RegExpExecArray, columns: ReadonlySet<string>): string {
  const name = groups?.['name'] ?? '';
  if (name !== name.trimEnd()) return match;
  const format = groups?.['format'];
  if (format !== undefined) {
    if (!columns.has(name) && !formatAlone.test(format)) return match;
    throw new Error(
      `«${match}» lleva un formato: escriba {{ fila["${name}"] | numero: 2 }} o el filtro que necesite`,
    );
  }
  return columns.has(name) ? `{{ fila["${name}"] }}` : `{{ ${pathOf(name)} }}`;
}

/** As Liquid reads it when every part is a name, else as one quoted name, so that the error shows it whole. */
function pathOf(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(name) ? name : `["${name}"]`;
}
