import { Problem } from './problem.ts';

const longest = 200;

const encodedWord = /=\?([\w-]{1,40})(?:\*[\w-]*)?\?([bq])\?([!-~]*?)\?=/gi;
/** Blanks between two encoded words belong to neither. */
const betweenWords = /(?<=\?=)\s+(?==\?)/g;

/**
 * Who acts: whoever Entra signed in, where the app sits behind that sign-in and is told so; else what the caller says in
 * `X-Operator`; else unknown. Throws invalid_request.
 */
export function operatorOf(headers: Headers, trustsSignIn: boolean): string {
  const signedIn = trustsSignIn ? headers.get('x-ms-client-principal-name')?.trim() : undefined;
  if (signedIn) return signedIn.slice(0, longest);
  const named = decoded(headers.get('x-operator')?.trim() ?? '');
  if (named === '') return 'unknown';
  if (named.length <= longest && !/\p{Cc}/u.test(named)) return named;
  const message = `must be at most ${longest} characters on one line`;
  throw new Problem('invalid_request', `header.x-operator ${message}.`, [
    { at: 'header.x-operator', message },
  ]);
}

/** Headers hold bytes: who writes a name in UTF-8 gets it back as such, and so who encodes it as mails do (RFC 2047). */
function decoded(text: string): string {
  if (text.includes('=?')) return text.replaceAll(betweenWords, '').replaceAll(encodedWord, wordOf);
  const bytes = Buffer.from(text, 'latin1');
  const asUtf8 = bytes.toString('utf8');
  return asUtf8.includes('\ufffd') ? text : asUtf8;
}

/** What cannot be read stays as it is. */
function wordOf(whole: string, charset: string, form: string, content: string): string {
  const bytes =
    form.toLowerCase() === 'b'
      ? Buffer.from(content, 'base64')
      : Buffer.from(
          content
            .replaceAll('_', ' ')
            .replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
          'latin1',
        );
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return whole;
  }
}
