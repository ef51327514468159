import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** A stream of its own for each list of names, so that drawing from one changes no other. */
export function randomFrom(...names: readonly (string | number)[]): Random {
  let drawn = 0;
  const next = (): number => {
    const name = [...names, drawn++].join('\n');
    return createHash('sha256').update(name).digest().readUInt32LE() / 2 ** 32;
  };
  return {
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (share) => next() < share,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
  };
}
