/** A line of .local/bench.json. `goal` and `met` are null where the figure is for information. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  goal: string | null;
  met: boolean | null;
}

export function atMost(name: string, value: number, unit: string, limit: number): Figure {
  return { name, value: rounded(value), unit, goal: `<= ${limit}`, met: value <= limit };
}

export function atLeast(name: string, value: number, unit: string, limit: number): Figure {
  return { name, value: rounded(value), unit, goal: `>= ${limit}`, met: value >= limit };
}

export function information(name: string, value: number, unit: string): Figure {
  return { name, value: rounded(value), unit, goal: null, met: null };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** The value below which the given share (0 to 1) of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
