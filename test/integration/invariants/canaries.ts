import { randomBytes } from 'node:crypto';

/** Pieces shorter than these may stand anywhere by chance. */
const pieceLength = 8;
const base64PieceLength = 10;

/**
 * Secrets that are like no other text, and who can find them again: as they are, cut, escaped in any way that leaves
 * letters and digits as they are, and in Base64 wherever they begin in it.
 */
export function canaries() {
  const known = new Map<string, string>();
  return {
    /** A new secret; `awkward` ones have characters that URLs, JSON and HTML escape. */
    secret(name: string, form: 'plain' | 'awkward' = 'plain'): string {
      const parts = [randomBytes(9).toString('hex'), randomBytes(9).toString('hex')];
      const made = parts.join(form === 'plain' ? 'z' : '/"&+ <');
      known.set(name, made);
      return made;
    },
    /** One that stands somewhere already. */
    watch(name: string, secret: string): string {
      known.set(name, secret);
      return secret;
    },
    all: () => [...known.values()],
    /** The names of those of which a piece stands in the text. */
    leaksIn: (text: string): string[] =>
      [...known]
        .filter(([, secret]) => piecesOf(secret).some((piece) => text.includes(piece)))
        .map(([name]) => name),
  };
}

export type Canaries = ReturnType<typeof canaries>;

function piecesOf(secret: string): readonly string[] {
  const plain = secret.split(/[^A-Za-z0-9]+/).flatMap((run) => windows(run, pieceLength));
  const encoded = [0, 1, 2].flatMap((before) =>
    windows(
      Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
        .toString('base64')
        .slice(before === 0 ? 0 : before + 1)
        .replace(/.?=+$/, ''),
      base64PieceLength,
    ),
  );
  return [...plain, ...encoded];
}

function windows(text: string, length: number): readonly string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) =>
    text.slice(at, at + length),
  );
}
