import { styleText } from 'node:util';
import { fitColumns } from './fit-columns.ts';
import { cutTo, widthOf } from './text-width.ts';

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

export function painter(colours: boolean): Paint {
  return (colour, text) => (colours ? styleText(colour, text, { validateStream: false }) : text);
}

export type Cell = string | number | null | Worded;

interface Worded {
  text: string;
  colour?: Colour;
  /** Says the same where there is no room. */
  short?: string;
}

interface Look {
  paint: Paint;
  /** Characters on a line; null: as many as it takes. */
  room: number | null;
}

type Rows = readonly (readonly Cell[])[];

/**
 * Columns as wide as what stands in them, two blanks apart; `-` where there is nothing. Numbers stand to the right. Where
 * there is less room, times lose their year and the widest columns are cut, never a number.
 */
export function table(heads: readonly string[], rows: Rows, { paint, room }: Look): string {
  const { texts, columns, gap } = layOut(heads, rows, room);
  const padded = (text: string, place: number): string => {
    const { width = 0, isNumber = false } = columns[place] ?? {};
    const shown = cutTo(text, width);
    const blanks = ' '.repeat(Math.max(0, width - widthOf(shown)));
    if (isNumber) return `${blanks}${shown}`;
    return place === heads.length - 1 ? shown : `${shown}${blanks}`;
  };
  const between = ' '.repeat(gap);
  const lines = [
    heads.map((head, place) => paint('bold', padded(head, place))).join(between),
    ...texts.map((row, line) =>
      row
        .map((text, place) => painted(rows[line]?.[place] ?? null, padded(text, place), paint))
        .join(between),
    ),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const inFull = { gap: 2, least: Infinity, room: Infinity };
/** `least` is what may be left of a text; a head that is wider than what stands below it gives way first. */
const tighter = [
  { gap: 2, least: 8 },
  { gap: 1, least: 8 },
  { gap: 1, least: 5 },
];

/** As loose as it fits; the tightest where nothing fits. */
function layOut(heads: readonly string[], rows: Rows, room: number | null) {
  let laid = laidOut(heads, rows, inFull);
  if (room === null) return laid;
  for (const each of tighter) {
    if (laid.total <= room) break;
    laid = laidOut(heads, rows, { ...each, room });
  }
  return laid;
}

function laidOut(heads: readonly string[], rows: Rows, { gap, least, room }: typeof inFull) {
  const texts = rows.map((row) => row.map((cell) => textOf(cell, room < Infinity)));
  const columns = heads.map((head, place) => {
    const cells = rows.map((row) => row[place] ?? null);
    const content = Math.max(0, ...texts.map((row) => widthOf(row[place] ?? '')));
    const isNumber = cells.some((cell) => typeof cell === 'number');
    const isWhole = isNumber || cells.some((cell) => typeof cell === 'object' && cell?.short !== undefined);
    const wide = Math.max(Math.min(widthOf(head), least), content);
    return { wide, isNumber, least: isWhole ? Math.max(content, leastOfHead) : Math.min(wide, least) };
  });
  const gaps = gap * (heads.length - 1);
  const widths = fitColumns(columns, room - gaps);
  return {
    texts,
    gap,
    columns: columns.map(({ isNumber }, place) => ({ isNumber, width: widths[place] ?? 0 })),
    total: widths.reduce((sum, width) => sum + width, gaps),
  };
}

const leastOfHead = 3;

function textOf(cell: Cell, isShort: boolean): string {
  const worded = typeof cell === 'object' && cell !== null;
  const text = worded ? ((isShort ? cell.short : undefined) ?? cell.text) : cell;
  const line = String(text ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line === '' ? '-' : safe(line);
}

/** What tenants wrote must not move the cursor or change the colours of whoever reads it. */
export function safe(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, (character) => (character === '\n' ? '\n' : '\ufffd'));
}

function painted(cell: Cell, text: string, paint: Paint): string {
  return typeof cell === 'object' && cell?.colour !== undefined ? paint(cell.colour, text) : text;
}

/** `02/03/2026 12:49:00`; without its year and seconds where there is no room. */
export function timeCell(text: string): Cell {
  return { text, short: text.replace(/\/\d{4} (\d\d:\d\d):\d\d$/, ' $1') };
}

const stateColours: Readonly<Record<string, Colour>> = {
  ENVIADA: 'green',
  ENVIADO: 'green',
  ENTREGADO: 'green',
  LEIDO: 'green',
  RESPONDIDO: 'green',
  PARCIAL: 'yellow',
  REINTENTO: 'yellow',
  PENDIENTE: 'cyan',
  EN_PROCESO: 'cyan',
  ERROR: 'red',
  RECHAZADO: 'red',
  FALLIDO: 'red',
  PERDIDA: 'red',
};

/** sch_Estado or msg_Estado in its colour. */
export function stateCell(state: string | null): Cell {
  const colour = stateColours[state ?? ''];
  return colour === undefined || state === null ? state : { text: state, colour };
}
