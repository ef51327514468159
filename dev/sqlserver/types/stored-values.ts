import type { SqlType, SqlValue } from '../contract.ts';

const ticksPerSecond = 10_000_000n;
const ticksPerMinute = 600_000_000n;
const ticksPerDay = 864_000_000_000n;
const daysTo1900 = 693_595n;
const daysTo1970 = 719_162n;

/** A value as the text that PostgreSQL reads for `storageType(type)`. */
export function toStored(type: SqlType, value: SqlValue): string | null {
  if (value === null) return null;
  switch (type.name) {
    case 'datetime':
      return String(datetimeFromTicks(ticksOf(textOf(value))));
    case 'smalldatetime':
      return String((ticksOf(textOf(value)) - daysTo1900 * ticksPerDay) / ticksPerMinute);
    case 'datetime2':
      return String(ticksOf(textOf(value)));
    case 'time':
      return String(timeTicks(textOf(value)));
    case 'datetimeoffset':
      return storedOffset(textOf(value));
    case 'uniqueidentifier':
      return storedUuid(textOf(value));
    case 'bit':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'real':
    case 'float':
    case 'decimal':
    case 'money':
    case 'smallmoney':
    case 'date':
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'binary':
    case 'varbinary':
    case 'rowversion':
      return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : String(value);
  }
}

/** The value of what PostgreSQL wrote as text for `storageType(type)`. */
export function fromStored(type: SqlType, text: string | null): SqlValue {
  if (text === null) return null;
  switch (type.name) {
    case 'bit':
      return text === 't' || text === 'true';
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'real':
    case 'float':
      return Number(text);
    case 'bigint':
      return BigInt(text);
    case 'decimal':
      return withScale(text, type.scale);
    case 'money':
    case 'smallmoney':
      return withScale(text, 4);
    case 'datetime':
      return dateTimeText(ticksFromDatetime(BigInt(text)), 3);
    case 'smalldatetime':
      return dateTimeText(daysTo1900 * ticksPerDay + BigInt(text) * ticksPerMinute, 0);
    case 'datetime2':
      return dateTimeText(BigInt(text), type.scale);
    case 'time':
      return timeText(BigInt(text), type.scale);
    case 'datetimeoffset':
      return offsetText(text, type.scale);
    case 'binary':
    case 'varbinary':
    case 'rowversion':
      return Buffer.from(text.slice(2), 'hex');
    case 'uniqueidentifier':
      return uuidText(text);
    case 'date':
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
      return text;
  }
}

function textOf(value: SqlValue): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`a date, time or uniqueidentifier arrives as text, not as ${typeof value}`);
}

function timeTicks(time: string): bigint {
  const [clock = '', fraction = ''] = time.split('.');
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return (
    BigInt((hours * 60 + minutes) * 60 + seconds) * ticksPerSecond +
    BigInt(fraction.padEnd(7, '0').slice(0, 7))
  );
}

/** 100 ns since 0001-01-01 of `YYYY-MM-DD HH:mm:ss[.fffffff]`. */
function ticksOf(dateTime: string): bigint {
  const days = BigInt(Date.parse(`${dateTime.slice(0, 10)}T00:00:00Z`) / 86_400_000) + daysTo1970;
  return days * ticksPerDay + timeTicks(dateTime.slice(11));
}

function datetimeFromTicks(ticks: bigint): bigint {
  const sinceEpoch = ticks - daysTo1900 * ticksPerDay;
  return floorDivide(sinceEpoch * 300n + ticksPerSecond / 2n, ticksPerSecond);
}

/** DATETIME shows whole milliseconds: .000, .003, .007. */
function ticksFromDatetime(units: bigint): bigint {
  const milliseconds = floorDivide(units * 10n + 1n, 3n);
  return daysTo1900 * ticksPerDay + milliseconds * 10_000n;
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function timeText(ticks: bigint, scale: number): string {
  const seconds = Number(ticks / ticksPerSecond);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map(twoDigits)
    .join(':');
  const fraction = (ticks % ticksPerSecond).toString().padStart(7, '0').slice(0, scale);
  return scale === 0 ? clock : `${clock}.${fraction}`;
}

function dateTimeText(ticks: bigint, scale: number): string {
  const day = new Date(Number(ticks / ticksPerDay - daysTo1970) * 86_400_000);
  return `${day.toISOString().slice(0, 10)} ${timeText(ticks % ticksPerDay, scale)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function storedOffset(text: string): string {
  const sign = text.at(-6) === '-' ? -1 : 1;
  const minutes = sign * (Number(text.slice(-5, -3)) * 60 + Number(text.slice(-2)));
  const utc = ticksOf(text.slice(0, -6).trim()) - BigInt(minutes) * ticksPerMinute;
  const seconds = utc / 1_000_000n;
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) =>
    String(part).padStart(2, '0'),
  );
  const fraction = (utc % 1_000_000n).toString().padStart(6, '0');
  return `${minutes} mons ${-30 * minutes} days ${clock.join(':')}.${fraction}`;
}

const intervalText =
  /^(?:(-?\d+) years? ?)?(?:(-?\d+) mons? ?)?(?:\+?(-?\d+) days? ?)?(?:(\d+):(\d\d):(\d\d)(?:\.(\d+))?)?$/;

function offsetText(stored: string, scale: number): string {
  const match = intervalText.exec(stored.replaceAll('+', ''));
  if (!match) throw new TypeError(`not a stored datetimeoffset: ${stored}`);
  const [, years = '0', months = '0', , hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const offset = Number(years) * 12 + Number(months);
  const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const utc = whole * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  const zone = `${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(Math.abs(offset) / 60))}:${twoDigits(Math.abs(offset) % 60)}`;
  return `${dateTimeText(utc + BigInt(offset) * ticksPerMinute, scale)}${zone}`;
}

function withScale(text: string, scale: number): string {
  const [whole = '0', fraction = ''] = text.split('.');
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0').slice(0, scale)}`;
}

/** SQL Server compares the last six bytes first, then two, two, two and four, the latter three as they lie in memory. */
function storedUuid(uuid: string): string {
  const [first = '', second = '', third = '', fourth = '', last = ''] = uuid.split('-');
  return last + fourth + reversedBytes(third) + reversedBytes(second) + reversedBytes(first);
}

function uuidText(stored: string): string {
  const hex = stored.replaceAll('-', '').toUpperCase();
  const first = reversedBytes(hex.slice(24));
  const second = reversedBytes(hex.slice(20, 24));
  const third = reversedBytes(hex.slice(16, 20));
  return [first, second, third, hex.slice(12, 16), hex.slice(0, 12)].join('-');
}

function reversedBytes(hex: string): string {
  return Buffer.from(Buffer.from(hex, 'hex').toReversed()).toString('hex').toUpperCase();
}
