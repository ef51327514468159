import type { SqlType, SqlValue } from '../contract.ts';
import type { Family } from './sql-types.ts';
import { familyOf, scaleOf } from './sql-types.ts';

/** Between SQL Server's value (as text) and what PostgreSQL writes for its storage; without `write`, the text itself is. */
interface Codec {
  read(stored: string, type: SqlType): SqlValue;
  write?(text: string, type: SqlType): string | bigint;
}

const codecs: Readonly<Record<Family, Codec>> = {
  bit: { read: (stored) => stored.startsWith('t') },
  integer: { read: (stored, { name }) => (name === 'bigint' ? BigInt(stored) : Number(stored)) },
  float: { read: Number },
  decimal: { read: withScale },
  money: { read: withScale },
  text: { read: (stored) => stored },
  date: { read: (stored) => stored },
  time: {
    read: (stored, type) => momentText(stored, scaleOf(type)).slice(11),
    write: (text) => ticksOf(`0001-01-01 ${text}`),
  },
  moment: { read: (stored, type) => momentText(stored, scaleOf(type)), write: ticksOf },
  datetime: {
    // Whole milliseconds are shown: .000, .003, .007.
    read: (stored, type) => momentText(BigInt(stored) + 5_000n, scaleOf(type)),
    write: (text, { name }) => (name === 'datetime' ? in300ths(ticksOf(text)) : ticksOf(text)),
  },
  offset: { read: offsetText, write: storedOffset },
  binary: { read: (stored) => Buffer.from(stored.slice(2), 'hex') },
  uuid: { read: uuidText, write: storedUuid },
};

/** A value as the text that PostgreSQL reads for `storageType(type)`. */
export function toStored(type: SqlType, value: SqlValue): string | null {
  if (value === null) return null;
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  const text = String(value);
  return String(codecs[familyOf(type)].write?.(text, type) ?? text);
}

/** The value of what PostgreSQL wrote as text for `storageType(type)`. */
export function fromStored(type: SqlType, stored: string | null): SqlValue {
  return stored === null ? null : codecs[familyOf(type)].read(stored, type);
}

const ticksPerSecond = 10_000_000n;
const ticksPerMinute = 600_000_000n;
const millisecondsTo1970 = 62_135_596_800_000;

/** 100 ns since 0001-01-01 of `YYYY-MM-DD HH:mm:ss[.fffffff]`. */
function ticksOf(moment: string): bigint {
  const milliseconds = Date.parse(`${moment.slice(0, 10)}T${moment.slice(11, 19)}Z`);
  const fraction = moment.slice(20).padEnd(7, '0').slice(0, 7);
  return BigInt(`${(milliseconds + millisecondsTo1970) / 1_000}${fraction}`);
}

/** A number of JavaScript holds the milliseconds, but not the ticks. */
function momentText(ticks: string | bigint, scale: number): string {
  const digits = String(ticks).padStart(5, '0');
  const moment = new Date(Number(digits.slice(0, -4)) - millisecondsTo1970).toISOString();
  const fraction = `${moment.slice(20, 23)}${digits.slice(-4)}`;
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
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => padded(part, 2));
  return `${minutes} mons ${-30 * minutes} days ${clock.join(':')}.${padded(utc % 1_000_000n, 6)}`;
}

const intervalText =
  /^(?:(-?\d+) years? ?)?(?:(-?\d+) mons? ?)?(?:-?\d+ days? ?)?(?:(\d+):(\d\d):(\d\d)(?:\.(\d+))?)?$/;

function offsetText(stored: string, type: SqlType): string {
  const match = intervalText.exec(stored.replaceAll('+', ''));
  if (!match) throw new TypeError(`not a stored datetimeoffset: ${stored}`);
  const [, years = 0, months = 0, hours = 0, minutes = 0, seconds = 0, fraction = ''] = match;
  const offset = Number(years) * 12 + Number(months);
  const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const local = whole * 1_000_000n + BigInt(fraction.padEnd(6, '0')) + BigInt(offset) * ticksPerMinute;
  const zone = `${padded(Math.floor(Math.abs(offset) / 60), 2)}:${padded(Math.abs(offset) % 60, 2)}`;
  return `${momentText(local, scaleOf(type))}${offset < 0 ? '-' : '+'}${zone}`;
}

const padded = (value: number | bigint, digits: number): string => String(value).padStart(digits, '0');

function withScale(stored: string, type: SqlType): string {
  const scale = 'scale' in type ? type.scale : 4;
  const [whole = '0', fraction = ''] = stored.split('.');
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0').slice(0, scale)}`;
}

/** SQL Server compares the last six bytes first, then the two before, then the rest as it lies in memory: backwards. */
function storedUuid(uuid: string): string {
  const [first = '', second = '', third = '', fourth = '', last = ''] = uuid.split('-');
  return last + fourth + reversedBytes(first + second + third);
}

function uuidText(stored: string): string {
  const hex = stored.replaceAll('-', '').toUpperCase();
  const start = reversedBytes(hex.slice(16)).replace(/(.{8})(.{4})(.{4})/, '$1-$2-$3');
  return `${start}-${hex.slice(12, 16)}-${hex.slice(0, 12)}`;
}

function reversedBytes(hex: string): string {
  return Buffer.from(Buffer.from(hex, 'hex').toReversed()).toString('hex').toUpperCase();
}
