const STRINGS_AND_COMMENTS = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\//g;
const STRINGS_AND_LAST_COMMAS = /"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g;

/**
 * Parses settings files as generously as the real host's Newtonsoft.Json: a byte order mark, comments and a comma
 * after the last member are no fault. Throws SyntaxError as JSON.parse does.
 */
export function parseLooseJson(text: string): unknown {
  const keepStrings = (part: string): string => (part.startsWith('"') ? part : '');
  const bare = text.replace(/^\uFEFF/, '').replace(STRINGS_AND_COMMENTS, keepStrings);
  return JSON.parse(bare.replace(STRINGS_AND_LAST_COMMAS, keepStrings));
}
