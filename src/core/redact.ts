/** Shorter values are too likely to be ordinary words: striking them out would only spoil the text. */
const shortest = 6;

/**
 * `text` with every known secret struck out, also where it stands URL-encoded, escaped for JSON or in Base64. Secrets of
 * fewer than six characters are left.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf);
  return [...new Set(forms)]
    .sort((a, b) => b.length - a.length)
    .reduce((struck, form) => struck.replaceAll(form, '•••'), text);
}

function formsOf(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('/', '\\/'),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ];
}
