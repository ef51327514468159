/** A parsed NCRONTAB expression: the values that each field allows. */
export interface Crontab {
  readonly fields: readonly CrontabField[];
  /** The first instant (epoch ms, whole seconds, UTC) after `instant`; undefined when there is none in 12 years. */
  next(instant: number): number | undefined;
}

interface CrontabField {
  readonly text: string;
  readonly allows: ReadonlySet<number>;
}

interface FieldRule {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words?: readonly string[];
}

const MONTHS = 'January February March April May June July August September October November December';
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday';

const RULES: readonly FieldRule[] = [
  { name: 'second', least: 0, most: 59 },
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, words: MONTHS.split(' ') },
  { name: 'day of week', least: 0, most: 6, words: DAYS.split(' ') },
];

/** A leap day on a given weekday comes round within 40 years; 12 cover everything that people write. */
const FURTHEST = 12 * 366 * 86_400_000;

/**
 * Six fields, seconds first, or five without seconds, as NCrontab 3 reads them: `*`, lists, ranges, steps, names of
 * months and days. Unlike in Unix cron, day and day of week must both match. Undefined when the text is none.
 */
export function parseCrontab(text: string): Crontab | undefined {
  const given = text.trim().split(/\s+/);
  const parts = given.length === 5 ? ['0', ...given] : given;
  if (parts.length !== RULES.length) return undefined;
  const fields: CrontabField[] = [];
  for (const [index, rule] of RULES.entries()) {
    const part = parts[index] ?? '';
    const allows = parseField(part, rule);
    if (allows === undefined) return undefined;
    fields.push({ text: part, allows });
  }
  return { fields, next: (instant) => nextMatch(fields, instant) };
}

function parseField(text: string, rule: FieldRule): Set<number> | undefined {
  const allows = new Set<number>();
  for (const item of text.split(',')) {
    const values = parseItem(item, rule);
    if (values === undefined) return undefined;
    for (const value of values) allows.add(value);
  }
  return allows;
}

function parseItem(item: string, rule: FieldRule): number[] | undefined {
  const [range = '', stepText, ...rest] = item.split('/');
  const step = stepText === undefined ? 1 : Number(stepText);
  if (rest.length > 0 || !Number.isInteger(step) || step < 1 || stepText === '') return undefined;
  const bounds = parseRange(range, rule, stepText !== undefined);
  if (bounds === undefined) return undefined;
  const [from, to] = bounds;
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_none, index) => from + index * step);
}

/** A single value with a step runs to the field's end; a range the wrong way round is turned. */
function parseRange(text: string, rule: FieldRule, stepped: boolean): [number, number] | undefined {
  if (text === '*') return [rule.least, rule.most];
  const [first = '', second, ...rest] = text.split('-');
  const from = parseValue(first, rule);
  const to = second === undefined ? from : parseValue(second, rule);
  if (rest.length > 0 || from === undefined || to === undefined) return undefined;
  if (second === undefined && stepped) return [from, rule.most];
  return from <= to ? [from, to] : [to, from];
}

function parseValue(text: string, rule: FieldRule): number | undefined {
  if (/^\d{1,2}$/.test(text)) {
    const value = Number(text);
    return value >= rule.least && value <= rule.most ? value : undefined;
  }
  if (!/^[a-z]{3,}$/i.test(text)) return undefined;
  const index = rule.words?.findIndex((word) => word.toLowerCase().startsWith(text.toLowerCase())) ?? -1;
  return index < 0 ? undefined : rule.least + index;
}

/** Walks forward, skipping whole days and hours that cannot match. */
function nextMatch(fields: readonly CrontabField[], after: number): number | undefined {
  const [seconds, minutes, hours, days, months, weekdays] = fields.map((field) => field.allows);
  let at = Math.floor(after / 1000) * 1000 + 1000;
  while (at - after < FURTHEST) {
    const date = new Date(at);
    const onThisDay =
      months?.has(date.getUTCMonth() + 1) === true &&
      days?.has(date.getUTCDate()) === true &&
      weekdays?.has(date.getUTCDay()) === true;
    if (!onThisDay) at = startOfNext(at, 86_400_000);
    else if (hours?.has(date.getUTCHours()) !== true) at = startOfNext(at, 3_600_000);
    else if (minutes?.has(date.getUTCMinutes()) !== true) at = startOfNext(at, 60_000);
    else if (seconds?.has(date.getUTCSeconds()) !== true) at += 1000;
    else return at;
  }
  return undefined;
}

function startOfNext(at: number, unit: number): number {
  return (Math.floor(at / unit) + 1) * unit;
}
