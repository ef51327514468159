import { Temporal } from 'temporal-polyfill';
import { localZone } from './local-zone.ts';

/** The frame of the local stack's pages: no script, no address outside. Texts are Spanish, as operators read them. */
export const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'";

/** `follow` reloads it every few seconds. */
export function page(title: string, body: string, { follow = false } = {}): string {
  return `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${follow ? '<meta http-equiv="refresh" content="5">\n' : ''}<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #8884; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
  iframe { width: 100%; height: 70vh; border: 1px solid #8884; background: #fff; }
  .good { color: #18794e; } .bad { color: #cd2b31; } .quiet { color: #888; }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${body}
</body>
</html>
`;
}

/** Of ms since 1970, in the zone of the lines that `npm start` shows. */
export function timeOfDay(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(localZone)
    .toPlainTime()
    .toString({ smallestUnit: 'millisecond' });
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = headings.map((heading) => `<th>${escapeHtml(heading)}</th>`).join('');
  const lines = rows
    .map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
    .join('\n');
  return `<table>\n<tr>${head}</tr>\n${lines}\n</table>`;
}
