import { randomUUID } from 'node:crypto';
import type { BindingData } from './binding-data.ts';
import { tokenText } from './dotnet-text.ts';

/** Replaces every `%NAME%` by the setting of that name. Throws when there is none. */
export function resolveSettings(text: string, setting: (name: string) => string | undefined): string {
  return text.replace(/%([^%]+)%/g, (_whole, name: string) => {
    const value = setting(name);
    if (value === undefined) throw new Error(`'%${name}%' does not resolve to a value.`);
    return value;
  });
}

/** Replaces every `{name}` or `{name.member}` by what the trigger offers under it. Throws when it offers nothing. */
export function resolveExpression(text: string, data: BindingData, now: number): string {
  return text.replace(/\{([^{}]+)\}/g, (_whole, path: string) => {
    const value = systemValue(path, now) ?? pathValue(path, data);
    if (value === undefined) throw new Error(`No value for named parameter '${path}'.`);
    return value;
  });
}

function pathValue(path: string, data: BindingData): string | undefined {
  const [name = '', ...members] = path.split('.');
  const found = data.get(name);
  if (found === undefined) return undefined;
  if (found.kind === 'text') return members.length === 0 ? found.text : undefined;
  const value = members.reduce<unknown>(memberOf, found.value);
  return value === undefined || value === null ? undefined : tokenText(value);
}

function memberOf(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const wanted = member.toLowerCase();
  return Object.entries(value).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** `{rand-guid}`, `{rand-guid:N}`, `{datetime}`, `{datetime:yyyy-MM-dd}`. Source: WebJobs binding expressions. */
function systemValue(path: string, now: number): string | undefined {
  const [name, format] = splitFormat(path);
  switch (name.toLowerCase()) {
    case 'rand-guid':
    case 'sys.randguid':
      return format?.toUpperCase() === 'N' ? randomUUID().replaceAll('-', '') : randomUUID();
    case 'datetime':
    case 'sys.utcnow':
      return formatUtc(now, format ?? 'yyyy-MM-ddTHH-mm-ssK');
    default:
      return undefined;
  }
}

function splitFormat(path: string): [string, string | undefined] {
  const colon = path.indexOf(':');
  return colon < 0 ? [path, undefined] : [path.slice(0, colon), path.slice(colon + 1)];
}

function formatUtc(now: number, format: string): string {
  const iso = new Date(now).toISOString();
  const parts: Record<string, string> = {
    yyyy: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
    fff: iso.slice(20, 23),
    K: 'Z',
  };
  return format.replace(/yyyy|MM|dd|HH|mm|ss|fff|K/g, (part) => parts[part] ?? part);
}
