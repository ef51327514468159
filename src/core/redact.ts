/** Shorter values are too likely to be ordinary words: striking them out would only spoil the text. */
const shortest = 6;
const mark = '•••';

/** Of longer ones only the usual forms are looked for: a pattern of all spellings may be too large to be one. */
const longestPattern = 1_000;

/** `cut`: the text may end in the middle of a secret, and then that beginning is struck out as well. */
export type Redact = (text: string, end?: 'whole' | 'cut') => string;

/**
 * Strikes out every known secret, also where it stands URL-encoded, escaped for JSON or HTML, or inside something in
 * Base64. Secrets of fewer than six characters are left. Made once for many texts.
 */
export function redactor(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets.map((secret) => secret.toWellFormed()))]
    .filter((secret) => secret.length >= shortest)
    .sort((a, b) => b.length - a.length);
  if (known.length === 0) return (text) => text;
  const strikes = known.map(strikeOf);
  return (text, end = 'whole') => {
    const struck = strikes.reduce((left, strike) => strike(left), text);
    return end === 'cut' ? withoutBeginning(struck, known.flatMap(plainForms)) : struck;
  };
}

export function redact(text: string, secrets: readonly string[], end?: 'whole' | 'cut'): string {
  return redactor(secrets)(text, end);
}

/** Those that stand in the text in one of the usual forms: a pattern of thousands would take too long. */
export function mentionedIn(text: string, secrets: readonly string[]): readonly string[] {
  return [...new Set(secrets)]
    .map((secret) => secret.toWellFormed())
    .filter((secret) => secret.length >= shortest && plainForms(secret).some((form) => text.includes(form)));
}

function strikeOf(secret: string): (text: string) => string {
  if (secret.length > longestPattern) {
    const forms = plainForms(secret);
    return (text) => forms.reduce((left, form) => left.replaceAll(form, mark), text);
  }
  const spelled = secret.replaceAll(/[^\w~]/gu, spellingsOf);
  const pattern = new RegExp([spelled, ...base64Of(secret).map(base64Pattern)].join('|'), 'g');
  return (text) => text.replace(pattern, mark);
}

/** A character as a URL, JSON or HTML may write it. */
function spellingsOf(character: string): string {
  const literal = character.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);
  if (character === '-' || character === '.') return literal;
  const bytes = [...Buffer.from(character)].map((byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`);
  const units = character
    .split('')
    .map((unit) => String.raw`\\u` + anyCase(unit.charCodeAt(0).toString(16).padStart(4, '0')));
  const point = character.codePointAt(0) ?? 0;
  const html = `&(?:#0*${point}|#[xX]0*${anyCase(point.toString(16))}${namedOf(character)});`;
  const space = character === ' ' ? [String.raw`\+`] : [];
  return `(?:${[String.raw`\\?` + literal, bytes.join(''), units.join(''), html, ...space].join('|')})`;
}

function namedOf(character: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': 'amp',
    '<': 'lt',
    '>': 'gt',
    '"': 'quot',
    "'": 'apos',
  };
  const name = names[character];
  return name === undefined ? '' : `|${name}`;
}

function anyCase(hex: string): string {
  return hex.replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** What is the same in the Base64 of every text with the secret in it: it may begin at each of three places of a group. */
function base64Of(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
}

/** With the character that begins in it and ends in what follows, and the padding. */
function base64Pattern(encoded: string): string {
  const inside = encoded.replaceAll(/[+/]/g, (sign) =>
    sign === '+' ? '(?:[+-]|%2[bB])' : String.raw`(?:\\?\/|_|%2[fF])`,
  );
  return `${inside}[\\w+/-]?(?:=|%3[dD]){0,2}`;
}

function plainForms(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...base64Of(secret)];
}

/** Without the beginning of a form that the text ends in. */
function withoutBeginning(text: string, forms: readonly string[]): string {
  const longest = Math.max(...forms.map((form) => form.length));
  for (let start = Math.max(0, text.length - longest); start <= text.length - shortest; start += 1) {
    const end = text.slice(start);
    if (forms.some((form) => form.startsWith(end))) return text.slice(0, start) + mark;
  }
  return text;
}
