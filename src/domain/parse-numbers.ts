import type { ConfigFault } from './config-fault.ts';

export interface NumberList {
  column: string;
  from: number;
  to: number;
  /** For the fault, in Spanish. */
  allowed: string;
  faults: ConfigFault[];
}

/** A comma-separated list, each number once, rising. An empty list and every item out of range are told in `faults`. */
export function numbersOf(text: string | null, list: NumberList): number[] {
  const items = itemsOf(text);
  if (items.length === 0) list.faults.push({ column: list.column, value: text, allowed: list.allowed });
  const numbers = items.flatMap((item) => {
    const number = numberIn(item, list.from, list.to);
    if (number !== null) return [number];
    list.faults.push({ column: list.column, value: item, allowed: list.allowed });
    return [];
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Beyond it a list is not taken apart: no scan shall work for seconds on one alert. */
export const LONGEST_LIST = 100_000;

/**
 * The items between the commas, trimmed; empty ones (a trailing comma) left out. A list that is too long counts as one
 * item, which nobody can read.
 */
export function itemsOf(text: string | null): string[] {
  if (text !== null && text.length > LONGEST_LIST) return [text];
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

export function numberIn(item: string, from: number, to: number): number | null {
  if (!/^\d{1,2}$/.test(item)) return null;
  const number = Number(item);
  return number >= from && number <= to ? number : null;
}
