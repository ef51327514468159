import { Drop, Liquid } from 'liquidjs';
import { fecha, hora, moneda, numero } from './template-filters.ts';

/** Tags that reach for other templates, and filters that depend on chance, the process's zone or the present time. */
const removedTags = ['include', 'render', 'layout', 'block'];
const removedFilters = [
  'sample',
  'date',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
];

/** A DECIMAL: a number to filters and comparisons, printed with the digits of its column. */
export class Decimal extends Drop {
  readonly #value: number;
  readonly #scale: number;

  constructor(value: number, scale: number) {
    super();
    this.#value = value;
    this.#scale = scale;
  }

  override valueOf(): number {
    return this.#value;
  }

  override toString(): string {
    return this.#value.toFixed(this.#scale);
  }

  toJSON(): number {
    return this.#value;
  }
}

/**
 * Liquid without files, where nothing is undefined in silence. `escape` is applied to every value that is printed,
 * unless its last filter is `raw` (or, where the text is JSON, `json`).
 */
export function liquidEngine(escape: (text: string) => string, { jsonIsRaw = false } = {}): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    outputEscape: (value) => escape(textOf(value)),
    parseLimit: 1_000_000,
    renderLimit: 1_000,
    memoryLimit: 10_000_000,
  });
  for (const tag of removedTags) delete engine.tags[tag];
  for (const filter of removedFilters) delete engine.filters[filter];
  for (const [name, filter] of Object.entries({ moneda, numero, fecha, hora }))
    engine.registerFilter(name, filter);
  if (jsonIsRaw) engine.registerFilter('json', { raw: true, handler: jsonText });
  return engine;
}

function jsonText(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

/** What a value looks like in a message. The product's own objects stand for their name. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Decimal) return value.toString();
  if (typeof value !== 'object') return jsonText(value);
  return 'nombre' in value && typeof value.nombre === 'string' ? value.nombre : jsonText(value);
}
