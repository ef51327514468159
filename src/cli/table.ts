import { styleText } from 'node:util';

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

export function painter(colours: boolean): Paint {
  return (colour, text) => (colours ? styleText(colour, text, { validateStream: false }) : text);
}

export type Cell = string | number | null | { text: string; colour: Colour };

/** Columns as wide as what stands in them, two blanks apart; `-` where there is nothing. Numbers stand to the right. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[], paint: Paint): string {
  const texts = rows.map((row) => row.map(textOf));
  const widths = heads.map((head, place) =>
    Math.max(widthOf(head), ...texts.map((row) => widthOf(row[place] ?? ''))),
  );
  const isNumber = heads.map((_, place) => rows.some((row) => typeof row[place] === 'number'));
  const padded = (text: string, place: number): string => {
    const blanks = ' '.repeat(Math.max(0, (widths[place] ?? 0) - widthOf(text)));
    if (isNumber[place] === true) return `${blanks}${text}`;
    return place === heads.length - 1 ? text : `${text}${blanks}`;
  };
  const lines = [
    heads.map((head, place) => paint('bold', padded(head, place))).join('  '),
    ...texts.map((row, line) =>
      row.map((text, place) => painted(rows[line]?.[place] ?? null, padded(text, place), paint)).join('  '),
    ),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function textOf(cell: Cell): string {
  const text = typeof cell === 'object' && cell !== null ? cell.text : cell;
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
  return typeof cell === 'object' && cell !== null ? paint(cell.colour, text) : text;
}

const segmenter = new Intl.Segmenter('es');

function widthOf(text: string): number {
  return [...segmenter.segment(text)].length;
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
