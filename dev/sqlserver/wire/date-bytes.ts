import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { ProtocolFault } from './protocol-fault.ts';

const DAY_MS = 86_400_000;
const MINUTE_TICKS = 600_000_000;
/** Times are counted in ticks of 100 ns, seven decimals of a second. */
const SECOND_TICKS = 10_000_000;
const DAY_TICKS = 86_400 * SECOND_TICKS;
const YEAR_ONE = dayNumber('0001-01-01');
const YEAR_1900 = dayNumber('1900-01-01');

/** Days since 1970 of a date `YYYY-MM-DD`. */
function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

function dateText(day: number): string {
  const moment = new Date(day * DAY_MS);
  if (Number.isNaN(moment.getTime()) || day < YEAR_ONE || moment.getUTCFullYear() > 9999) {
    throw new ProtocolFault('Date outside the years 1 to 9999');
  }
  return moment.toISOString().slice(0, 10);
}

/** Ticks since midnight of a time `HH:mm:ss[.fffffff]`. */
function ticksOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.slice(0, 8).split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * SECOND_TICKS + Number(time.slice(9, 16).padEnd(7, '0'));
}

function timeText(ticks: number, decimals: number): string {
  if (ticks >= DAY_TICKS) throw new ProtocolFault('Time of day beyond midnight');
  const seconds = Math.floor(ticks / SECOND_TICKS);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  const fraction = String(ticks % SECOND_TICKS)
    .padStart(7, '0')
    .slice(0, decimals);
  return decimals === 0 ? clock : `${clock}.${fraction}`;
}

/** The bytes that a time of this scale takes ([MS-TDS] 2.2.5.5.1.8). */
export function timeBytes(scale: number): number {
  if (scale <= 2) return 3;
  return scale <= 4 ? 4 : 5;
}

export function writeDate(writer: ByteWriter, date: string): void {
  writer.uint(dayNumber(date) - YEAR_ONE, 3);
}

export function readDate(reader: ByteReader): string {
  return dateText(reader.uint(3) + YEAR_ONE);
}

export function writeTime(writer: ByteWriter, time: string, scale: number): void {
  writeTicks(writer, ticksOf(time), scale);
}

function writeTicks(writer: ByteWriter, ticks: number, scale: number): void {
  writer.uint(Math.floor(ticks / 10 ** (7 - scale)), timeBytes(scale));
}

export function readTime(reader: ByteReader, scale: number): string {
  return timeText(readTicks(reader, scale), scale);
}

function readTicks(reader: ByteReader, scale: number): number {
  return reader.uint(timeBytes(scale)) * 10 ** (7 - scale);
}

/** datetime2: `YYYY-MM-DD HH:mm:ss[.fffffff]`. */
export function writeDatetime2(writer: ByteWriter, value: string, scale: number): void {
  writeTime(writer, value.slice(11), scale);
  writeDate(writer, value.slice(0, 10));
}

export function readDatetime2(reader: ByteReader, scale: number): string {
  const time = readTime(reader, scale);
  return `${readDate(reader)} ${time}`;
}

/** datetimeoffset: the local time followed by `+HH:mm`; sent as UTC and the offset in minutes. */
export function writeDatetimeoffset(writer: ByteWriter, value: string, scale: number): void {
  const sign = value.at(-6) === '-' ? -1 : 1;
  const offset = sign * (Number(value.slice(-5, -3)) * 60 + Number(value.slice(-2)));
  const utc = ticksOf(value.slice(11, -6)) - offset * MINUTE_TICKS;
  const dayShift = Math.floor(utc / DAY_TICKS);
  writeTicks(writer, utc - dayShift * DAY_TICKS, scale);
  writer.uint(dayNumber(value.slice(0, 10)) + dayShift - YEAR_ONE, 3).int(offset, 2);
}

export function readDatetimeoffset(reader: ByteReader, scale: number): string {
  const utc = readTicks(reader, scale);
  const utcDay = reader.uint(3) + YEAR_ONE;
  const offset = reader.i16();
  const local = utc + offset * MINUTE_TICKS;
  const dayShift = Math.floor(local / DAY_TICKS);
  const time = timeText(local - dayShift * DAY_TICKS, scale);
  return `${dateText(utcDay + dayShift)} ${time}${offsetText(offset)}`;
}

function offsetText(offset: number): string {
  const minutes = Math.abs(offset);
  const clock = [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return `${offset < 0 ? '-' : '+'}${clock}`;
}

/** datetime: days since 1900 and three-hundredths of a second, read as milliseconds ending in 0, 3 or 7. */
export function writeDatetime(writer: ByteWriter, value: string): void {
  const threeHundredths = Math.round((ticksOf(value.slice(11)) * 3) / 100_000);
  const dayShift = Math.floor(threeHundredths / 25_920_000);
  writer.int(dayNumber(value.slice(0, 10)) + dayShift - YEAR_1900, 4);
  writer.u32(threeHundredths - dayShift * 25_920_000);
}

export function readDatetime(reader: ByteReader): string {
  const date = dateText(reader.i32() + YEAR_1900);
  const milliseconds = Math.round((reader.u32() * 10) / 3);
  return `${date} ${timeText(milliseconds * 10_000, 3)}`;
}

/** smalldatetime: days since 1900 and minutes. */
export function writeSmalldatetime(writer: ByteWriter, value: string): void {
  writer.u16(dayNumber(value.slice(0, 10)) - YEAR_1900).u16(ticksOf(value.slice(11)) / MINUTE_TICKS);
}

export function readSmalldatetime(reader: ByteReader): string {
  const date = dateText(reader.u16() + YEAR_1900);
  return `${date} ${timeText(reader.u16() * MINUTE_TICKS, 0)}`;
}
