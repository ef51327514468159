interface Named {
  code: string;
  name: string | null;
}

/**
 * Who answers to what an operator wrote: whoever has that code; else those in whose name every word of it begins a word,
 * whatever its case and accents. Each once, with a name where one is known.
 */
export function answersTo<Person extends Named>(asked: string, persons: readonly Person[]): Person[] {
  const byCode = new Map<string, Person>();
  for (const person of persons) {
    const key = folded(person.code);
    if (byCode.get(key)?.name == null) byCode.set(key, person);
  }
  const own = byCode.get(folded(asked));
  if (own !== undefined) return [own];
  const wanted = wordsOf(asked);
  if (wanted.length === 0) return [];
  return [...byCode.values()].filter(({ name }) => {
    const words = wordsOf(name ?? '');
    return wanted.every((part) => words.some((word) => word.startsWith(part)));
  });
}

function wordsOf(text: string): string[] {
  return folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function folded(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').trim().toLowerCase();
}
