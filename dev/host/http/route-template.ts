import { parseConstraint, type RouteConstraint } from './route-constraints.ts';

/** A parsed ASP.NET route template. */
export interface RouteTemplate {
  readonly text: string;
  readonly segments: readonly RouteSegment[];
  /** The parameters of a decoded path, or undefined when it does not match. Literals ignore case. */
  match(path: string): Readonly<Record<string, string>> | undefined;
}

type RouteSegment =
  | { readonly kind: 'pattern'; readonly pattern: RegExp; readonly parameters: readonly Parameter[] }
  | { readonly kind: 'parameter'; readonly parameter: Parameter }
  | { readonly kind: 'catch-all'; readonly parameter: Parameter };

interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly fallback: string | undefined;
  readonly constraints: readonly RouteConstraint[];
}

/** Reads a route such as `jobs/{id:int}/{*rest}`. Throws when it is malformed. */
export function parseRoute(text: string): RouteTemplate {
  const trimmed = text.replace(/^~?\/+|\/+$/g, '');
  const segments =
    trimmed === '' ? [] : splitOutsideBraces(trimmed, '/').map((part) => parseSegment(part, text));
  return { text: trimmed, segments, match: (path) => matchPath(segments, path) };
}

function splitOutsideBraces(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '{' || char === '(') depth += 1;
    if (char === '}' || char === ')') depth -= 1;
    if (char === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

function parseSegment(text: string, route: string): RouteSegment {
  const tokens = tokensOf(text, route);
  const [only] = tokens;
  if (tokens.length === 1 && only?.kind === 'parameter') {
    const catchAll = /^\*{1,2}/.test(only.text);
    const parameter = parseParameter(only.text.replace(/^\*{1,2}/, ''), route);
    return { kind: catchAll ? 'catch-all' : 'parameter', parameter };
  }
  const parameters: Parameter[] = [];
  const pattern = tokens.map((token) => {
    if (token.kind === 'literal') return escapeRegExp(token.text);
    parameters.push(parseParameter(token.text, route));
    return '(.+)';
  });
  return { kind: 'pattern', pattern: new RegExp(`^${pattern.join('')}$`, 'i'), parameters };
}

interface Token {
  readonly kind: 'literal' | 'parameter';
  readonly text: string;
}

/** Literals and `{…}` alternate; doubled braces stand inside constraints only. */
function tokensOf(text: string, route: string): Token[] {
  const tokens = [...text.matchAll(/\{((?:[^{}]|\{\{|\}\})+)\}|([^{}]+)/g)];
  if (tokens.map(([whole]) => whole).join('') !== text || text === '') {
    throw new Error(`The route template '${route}' is malformed near '${text}'.`);
  }
  return tokens.map(([, parameter, literal]) =>
    parameter === undefined
      ? { kind: 'literal', text: literal ?? '' }
      : { kind: 'parameter', text: parameter },
  );
}

function parseParameter(text: string, route: string): Parameter {
  const [head, fallback] = splitOnce(text, '=');
  const optional = head.endsWith('?') || fallback?.endsWith('?') === true;
  const [name = '', ...constraints] = splitOutsideBraces(head.replace(/\?$/, ''), ':');
  if (!/^[^\s/{}?*]+$/.test(name))
    throw new Error(`The route template '${route}' has an invalid parameter name '${name}'.`);
  return { name, optional, fallback, constraints: constraints.map(parseConstraint) };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const [first = '', ...rest] = splitOutsideBraces(text, separator);
  return rest.length === 0 ? [first, undefined] : [first, rest.join(separator)];
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function matchPath(segments: readonly RouteSegment[], path: string): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  const inner = path.replace(/^\//, '');
  const parts = inner === '' ? [] : inner.replace(/\/$/, '').split('/');
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === 'catch-all') {
      const rest = inner.split('/').slice(index).join('/');
      if (rest.startsWith('/')) return undefined;
      return rest === '' || take(values, segment.parameter, rest) ? values : undefined;
    }
    if (!matchSegment(values, segment, parts[index])) return undefined;
  }
  return parts.length > segments.length ? undefined : values;
}

function matchSegment(
  values: Record<string, string>,
  segment: Exclude<RouteSegment, { kind: 'catch-all' }>,
  part: string | undefined,
): boolean {
  if (segment.kind === 'parameter') return take(values, segment.parameter, part);
  const match = part === undefined ? null : segment.pattern.exec(part);
  return match !== null && segment.parameters.every((each, index) => take(values, each, match[index + 1]));
}

/** Stores a parameter's value. A missing one takes its default, or is left out where it is optional. */
function take(values: Record<string, string>, parameter: Parameter, given: string | undefined): boolean {
  const value = given ?? parameter.fallback;
  if (value === undefined) return parameter.optional;
  if (value === '' || !parameter.constraints.every((allows) => allows(value))) return false;
  values[parameter.name] = value;
  return true;
}
