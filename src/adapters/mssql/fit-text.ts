/** A text from outside as it fits a column of so many UTF-16 units: without NUL and half characters. */
export function fitText(text: string, length: number): string;
export function fitText(text: string | null, length: number): string | null;
export function fitText(text: string | null, length: number): string | null {
  if (text === null) return null;
  const whole = text.replaceAll('\0', '').toWellFormed();
  return whole.length <= length ? whole : whole.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
