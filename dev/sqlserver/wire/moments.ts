import type { SqlType } from '../contract.ts';
import { ProtocolFault } from './bytes.ts';
import type { Format } from './codecs.ts';

type ScaledType = Extract<SqlType, { name: 'time' | 'datetime2' | 'datetimeoffset' }>;

const DAY_MS = 86_400_000;
/** Times are counted in ticks of 100 ns, seven decimals of a second. */
const SECOND_TICKS = 10_000_000;
const MINUTE_TICKS = 60 * SECOND_TICKS;
const DAY_TICKS = 1_440 * MINUTE_TICKS;
/** The three-hundredths of a second in a day. */
const DAY_300THS = 25_920_000;
const YEAR_ONE = dayOf('0001-01-01');
const YEAR_1900 = dayOf('1900-01-01');
const YEAR_10000 = dayOf('9999-12-31') + 1;

/** Days since 1970 of a text that begins with `YYYY-MM-DD`. */
function dayOf(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / DAY_MS;
}

/** Ticks since midnight of `HH:mm:ss[.fffffff]`. */
function ticksOf(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.slice(0, 8).split(':').map(Number);
  return (
    (hours * 60 + minutes) * MINUTE_TICKS + seconds * SECOND_TICKS + Number(clock.slice(9).padEnd(7, '0'))
  );
}

function dateText(day: number): string {
  if (!(day >= YEAR_ONE && day < YEAR_10000)) throw new ProtocolFault('Date outside the years 1 to 9999');
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');

function clockText(ticks: number, decimals: number): string {
  if (ticks >= DAY_TICKS) throw new ProtocolFault('Time of day beyond midnight');
  const seconds = Math.floor(ticks / SECOND_TICKS);
  const clock = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map(twoDigits)
    .join(':');
  if (decimals === 0) return clock;
  return `${clock}.${String(ticks % SECOND_TICKS)
    .padStart(7, '0')
    .slice(0, decimals)}`;
}

export const date: Format<string> = {
  kind: 'string',
  read: (from) => dateText(from.uint(3) + YEAR_ONE),
  write: (to, value) => to.uint(dayOf(value) - YEAR_ONE, 3),
};

/** The bytes of a time of this scale ([MS-TDS] 2.2.5.5.1.8). */
export function timeBytes(scale: number): number {
  return 3 + Number(scale > 2) + Number(scale > 4);
}

/** time; datetime2 with the date behind the time; datetimeoffset in UTC with its minutes of offset at the end. */
export function scaledMoment({ name, scale }: ScaledType): Format<string> {
  const unit = 10 ** (7 - scale);
  return {
    kind: 'string',
    read(from) {
      const ticks = from.uint(timeBytes(scale)) * unit;
      if (name === 'time') return clockText(ticks, scale);
      const day = from.uint(3) + YEAR_ONE;
      const offset = name === 'datetimeoffset' ? from.int(2) : 0;
      const local = ticks + offset * MINUTE_TICKS;
      const shift = Math.floor(local / DAY_TICKS);
      const text = `${dateText(day + shift)} ${clockText(local - shift * DAY_TICKS, scale)}`;
      return name === 'datetime2' ? text : text + zoneText(offset);
    },
    write(to, value) {
      const zone = name === 'datetimeoffset' ? value.slice(-6) : '';
      const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
      const offset = zone.startsWith('-') ? -minutes : minutes;
      const clock = value.slice(name === 'time' ? 0 : 11, value.length - zone.length);
      const ticks = ticksOf(clock) - offset * MINUTE_TICKS;
      const shift = Math.floor(ticks / DAY_TICKS);
      to.uint(Math.floor((ticks - shift * DAY_TICKS) / unit), timeBytes(scale));
      if (name !== 'time') to.uint(dayOf(value) + shift - YEAR_ONE, 3);
      if (name === 'datetimeoffset') to.int(offset, 2);
    },
  };
}

function zoneText(offset: number): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

/** Days since 1900 and three-hundredths of a second, read as milliseconds that end in 0, 3 or 7. */
export const datetime: Format<string> = {
  kind: 'string',
  read(from) {
    const day = dateText(from.int(4) + YEAR_1900);
    return `${day} ${clockText(Math.round((from.uint(4) * 10) / 3) * 10_000, 3)}`;
  },
  write(to, value) {
    const threeHundredths = Math.round((ticksOf(value.slice(11)) * 3) / 100_000);
    const shift = threeHundredths === DAY_300THS ? 1 : 0;
    to.int(dayOf(value) + shift - YEAR_1900, 4).uint(threeHundredths - shift * DAY_300THS, 4);
  },
};

/** Days since 1900 and minutes. */
export const smalldatetime: Format<string> = {
  kind: 'string',
  read: (from) => `${dateText(from.uint(2) + YEAR_1900)} ${clockText(from.uint(2) * MINUTE_TICKS, 0)}`,
  write: (to, value) =>
    to.uint(dayOf(value) - YEAR_1900, 2).uint(Math.floor(ticksOf(value.slice(11)) / MINUTE_TICKS), 2),
};
