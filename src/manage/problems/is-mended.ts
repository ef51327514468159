/** What a parser says of a text whatever its data are: whoever judges the row says it again while it is so. */
const ofParser =
  /: (?:el filtro «|la etiqueta «|«.*» no se cierra|unexpected|expected|illegal|invalid (?:value|syntax|token|tag))/s;

/** The names of things that a text uses and that are not there: «fila.dias» no existe, 'dbo.Vencen'. */
const missing = [/: «([^»]+)» no existe/, /\b(?:207|208)\b[^']*'([^']+)'/];

/** Whether a text, as it stands now, can no longer be what `detail` was told of. */
export function isMended(detail: string, text: string): boolean {
  if (ofParser.test(detail)) return true;
  const name = missing.map((pattern) => pattern.exec(detail)?.[1]).find((found) => found !== undefined);
  const last = name?.split('.').at(-1)?.trim();
  return last !== undefined && last !== '' && !text.toLowerCase().includes(last.toLowerCase());
}
