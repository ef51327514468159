import { CaptureTag, Drop, Liquid, type Context, type FilterImplOptions } from 'liquidjs';
import { fecha, hora, moneda, numero } from './template-filters.ts';

type FilterHandler = Extract<FilterImplOptions, (...given: never[]) => unknown>;

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

/** They take the property of each item by its name, and nothing where it has none. */
const filtersOfAProperty = ['map', 'sum', 'sort', 'sort_natural'];

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
    // No filter may work for longer than some 300 ms at a stretch: nothing can interrupt it.
    memoryLimit: 4_000_000,
  });
  engine.registerTag('capture', CountedCapture);
  for (const tag of removedTags) delete engine.tags[tag];
  for (const filter of removedFilters) delete engine.filters[filter];
  for (const [name, filter] of Object.entries({ moneda, numero, fecha, hora }))
    engine.registerFilter(name, filter);
  for (const name of filtersOfAProperty) engine.registerFilter(name, naming(engine.filters[name]));
  if (jsonIsRaw) engine.registerFilter('json', { raw: true, handler: countedJson });
  return engine;
}

/** The same filter, which refuses a property that an item does not have. */
function naming(filter: Liquid['filters'][string] | undefined): FilterHandler {
  if (typeof filter !== 'function') throw new Error('Liquid has no such filter.');
  return function (items: unknown, property?: unknown) {
    const name = textOf(property);
    const lacks = (item: unknown): boolean =>
      typeof item === 'object' && item !== null && !Object.hasOwn(item, name.split('.')[0] ?? '');
    if (property !== undefined && Array.isArray(items) && items.some(lacks)) {
      throw new Error(`«${name}» no existe en cada una de las filas`);
    }
    return filter.call(this, items, property) as unknown;
  };
}

/** Liquid counts the memory of `assign` alone: what was captured could double and double. */
class CountedCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    yield* super.render(context);
    context.memoryLimit.use(String(context.bottom()[this.variable]).length);
  }
}

function countedJson(this: { context: Context }, value: unknown): string {
  const text = jsonText(value);
  this.context.memoryLimit.use(text.length);
  return text;
}

function jsonText(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

/** What a value looks like in a message. The product's own objects stand for their name. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error('una cuenta no da un número: divide por cero');
  }
  if (value instanceof Decimal) return value.toString();
  if (typeof value !== 'object') return jsonText(value);
  return 'nombre' in value && typeof value.nombre === 'string' ? value.nombre : jsonText(value);
}
