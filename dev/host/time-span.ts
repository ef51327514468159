/**
 * A .NET TimeSpan text (`hh:mm`, `hh:mm:ss[.fff]`, `d.hh:mm:ss`, or a bare number of days) in milliseconds;
 * undefined when the text is none.
 */
export function parseTimeSpan(text: string): number | undefined {
  const match = /^\s*(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?\s*$/.exec(text);
  if (match === null) return /^\s*\d{1,8}\s*$/.test(text) ? Number(text) * 86_400_000 : undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const wholeSeconds = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  const ms = wholeSeconds * 1000 + Math.trunc(Number(`0.${fraction}`) * 1000);
  return sign === undefined ? ms : -ms;
}

/** Milliseconds as .NET prints a TimeSpan: `00:10:00`, `1.00:00:00`, `00:00:00.5000000`. */
export function formatTimeSpan(ms: number): string {
  const two = (n: number): string => String(Math.trunc(n)).padStart(2, '0');
  const days = Math.trunc(ms / 86_400_000);
  const clock = `${two((ms / 3_600_000) % 24)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
  const rest = Math.round(ms % 1000);
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0')}0000`;
  return `${days === 0 ? '' : `${days}.`}${clock}${fraction}`;
}
