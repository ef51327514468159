import type { SqlType, SqlValue } from '../contract.ts';
import { decimalShape, familyOf, scaleOf } from './sql-types.ts';

const ticksPerSecond = 10_000_000n;
const ticksPerMinute = 600_000_000n;
const millisecondsTo1970 = 62_135_596_800_000n;

/** A value as the text that PostgreSQL reads for `storageType(type)`. */
export function toStored(type: SqlType, value: SqlValue): string | null {
  if (value === null) return null;
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  const text = String(value);
  switch (familyOf(type)) {
    case 'time':
      return String(ticksOf(`0001-01-01 ${text}`));
    case 'moment':
      return String(ticksOf(text));
    case 'datetime':
      return String(type.name === 'datetime' ? in300ths(ticksOf(text)) : ticksOf(text));
    case 'offset':
      return storedOffset(text);
    case 'uuid':
      return storedUuid(text);
    default:
      return text;
  }
}

/** The value of what PostgreSQL wrote as text for `storageType(type)`. */
export function fromStored(type: SqlType, text: string | null): SqlValue {
  if (text === null) return null;
  switch (familyOf(type)) {
    case 'bit':
      return text === 't' || text === 'true';
    case 'integer':
      return type.name === 'bigint' ? BigInt(text) : Number(text);
    case 'float':
      return Number(text);
    case 'decimal':
    case 'money':
      return withScale(text, decimalShape(type)?.scale ?? 0);
    case 'time':
      return momentText(BigInt(text), scaleOf(type)).slice(11);
    case 'moment':
      return momentText(BigInt(text), scaleOf(type));
    case 'datetime':
      // DATETIME shows whole milliseconds: .000, .003, .007.
      return momentText(BigInt(text) + 5_000n, scaleOf(type));
    case 'offset':
      return offsetText(text, scaleOf(type));
    case 'binary':
      return Buffer.from(text.slice(2), 'hex');
    case 'uuid':
      return uuidText(text);
    case 'date':
    case 'text':
      return text;
  }
}

/** 100 ns since 0001-01-01 of `YYYY-MM-DD HH:mm:ss[.fffffff]`. */
function ticksOf(moment: string): bigint {
  const milliseconds = BigInt(Date.parse(`${moment.slice(0, 10)}T${moment.slice(11, 19)}Z`));
  return (milliseconds + millisecondsTo1970) * 10_000n + BigInt(moment.slice(20).padEnd(7, '0').slice(0, 7));
}

function momentText(ticks: bigint, scale: number): string {
  const moment = new Date(Number(ticks / 10_000n - millisecondsTo1970)).toISOString();
  const fraction = String(ticks % ticksPerSecond).padStart(7, '0');
  return `${moment.slice(0, 10)} ${moment.slice(11, 19)}${scale === 0 ? '' : `.${fraction.slice(0, scale)}`}`;
}

function in300ths(ticks: bigint): bigint {
  const fraction = ticks % ticksPerSecond;
  return ticks - fraction + (((fraction * 3n + 50_000n) / 100_000n) * 200_000n + 3n) / 6n;
}

function storedOffset(text: string): string {
  const minutes = Number(`${text.at(-6)}1`) * (Number(text.slice(-5, -3)) * 60 + Number(text.slice(-2)));
  const utc = ticksOf(text.slice(0, -6).trim()) - BigInt(minutes) * ticksPerMinute;
  const seconds = utc / 1_000_000n;
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => twoDigits(part));
  const fraction = String(utc % 1_000_000n).padStart(6, '0');
  return `${minutes} mons ${-30 * minutes} days ${clock.join(':')}.${fraction}`;
}

const intervalText =
  /^(?:(-?\d+) years? ?)?(?:(-?\d+) mons? ?)?(?:-?\d+ days? ?)?(?:(\d+):(\d\d):(\d\d)(?:\.(\d+))?)?$/;

function offsetText(stored: string, scale: number): string {
  const match = intervalText.exec(stored.replaceAll('+', ''));
  if (!match) throw new TypeError(`not a stored datetimeoffset: ${stored}`);
  const [, years = 0, months = 0, hours = 0, minutes = 0, seconds = 0, fraction = ''] = match;
  const offset = Number(years) * 12 + Number(months);
  const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const utc = whole * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  const zone = `${twoDigits(Math.floor(Math.abs(offset) / 60))}:${twoDigits(Math.abs(offset) % 60)}`;
  return `${momentText(utc + BigInt(offset) * ticksPerMinute, scale)}${offset < 0 ? '-' : '+'}${zone}`;
}

const twoDigits = (value: number | bigint): string => String(value).padStart(2, '0');

function withScale(text: string, scale: number): string {
  const [whole = '0', fraction = ''] = text.split('.');
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0').slice(0, scale)}`;
}

/** SQL Server compares the last six bytes first, then the two before, then the rest as it lies in memory: backwards. */
function storedUuid(uuid: string): string {
  const [first = '', second = '', third = '', fourth = '', last = ''] = uuid.split('-');
  return last + fourth + reversedBytes(first + second + third);
}

function uuidText(stored: string): string {
  const hex = stored.replaceAll('-', '').toUpperCase();
  const start = reversedBytes(hex.slice(16));
  const [first, second, third] = [start.slice(0, 8), start.slice(8, 12), start.slice(12)];
  return [first, second, third, hex.slice(12, 16), hex.slice(0, 12)].join('-');
}

function reversedBytes(hex: string): string {
  return Buffer.from(hex, 'hex').reverse().toString('hex').toUpperCase();
}
