/** True when the decoded value of a route parameter may stand there. */
export type RouteConstraint = (value: string) => boolean;

const INT32 = 2n ** 31n;
const INT64 = 2n ** 63n;

const WITHOUT_ARGUMENT: Readonly<Record<string, RouteConstraint>> = {
  int: (value) => isInteger(value, INT32),
  long: (value) => isInteger(value, INT64),
  bool: (value) => /^\s*(true|false)\s*$/i.test(value),
  decimal: (value) => /^\s*[+-]?[\d,]*\.?\d+\s*$/.test(value),
  double: isFloat,
  float: isFloat,
  guid: isGuid,
  datetime: (value) => /\d/.test(value) && !Number.isNaN(Date.parse(value)),
  alpha: (value) => /^[a-z]*$/i.test(value),
  required: (value) => value !== '',
  file: (value) => /\.[^./]+$/.test(value),
  nonfile: (value) => !/\.[^./]+$/.test(value),
};

const WITH_ARGUMENT: Readonly<Record<string, (argument: string) => RouteConstraint>> = {
  min: (argument) => (value) => isInteger(value, INT64) && BigInt(value) >= BigInt(argument),
  max: (argument) => (value) => isInteger(value, INT64) && BigInt(value) <= BigInt(argument),
  range: (argument) => {
    const [least = '0', most = '0'] = argument.split(',');
    return (value) =>
      isInteger(value, INT64) && BigInt(value) >= BigInt(least) && BigInt(value) <= BigInt(most);
  },
  minlength: (argument) => (value) => value.length >= Number(argument),
  maxlength: (argument) => (value) => value.length <= Number(argument),
  length: (argument) => {
    const [least = '0', most = least] = argument.split(',');
    return (value) => value.length >= Number(least) && value.length <= Number(most);
  },
  regex: (argument) => {
    const pattern = new RegExp(argument.replaceAll('{{', '{').replaceAll('}}', '}'), 'i');
    return (value) => pattern.test(value);
  },
};

/** Reads one constraint of a route template, such as `int` or `range(1,9)`. Throws on an unknown one. */
export function parseConstraint(text: string): RouteConstraint {
  const open = text.indexOf('(');
  const name = (open < 0 ? text : text.slice(0, open)).toLowerCase();
  const found =
    open < 0
      ? Object.entries(WITHOUT_ARGUMENT).find(([known]) => known === name)?.[1]
      : Object.entries(WITH_ARGUMENT).find(([known]) => known === name)?.[1](text.slice(open + 1, -1).trim());
  if (found === undefined) throw new Error(`The route constraint '${text}' could not be resolved.`);
  return found;
}

function isInteger(value: string, bound: bigint): boolean {
  if (!/^\s*[+-]?\d{1,20}\s*$/.test(value)) return false;
  const number = BigInt(value.replace('+', ''));
  return number >= -bound && number < bound;
}

function isFloat(value: string): boolean {
  return /^\s*[+-]?(?:[\d,]*\.?\d+(?:e[+-]?\d+)?|infinity|nan)\s*$/i.test(value);
}

/** The notations of .NET's Guid.Parse but the one with hexadecimal fields. */
function isGuid(value: string): boolean {
  const dashed = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
  return new RegExp(`^(?:${dashed}|\\{${dashed}\\}|\\(${dashed}\\)|[0-9a-f]{32})$`, 'i').test(value.trim());
}
