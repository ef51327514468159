import { checkReadOnly, parametersOf } from './read-only-sql.ts';

/**
 * What is wrong with a look-up statement of an installation's own, as far as its text tells: null when it will do. Which
 * columns it gives is seen when it runs.
 */
export function lookupFault(sql: string, parameter: '@persona' | '@perfil'): string | null {
  const check = checkReadOnly(sql);
  if (check.kind === 'refused') {
    if (check.at === null) return 'there is no statement in it, or far too much';
    const { line, column } = check.at;
    const rest = sql.split('\n')[line - 1]?.slice(column - 1, column + 19) ?? '';
    return `it is refused from line ${line}, column ${column} on, at "${rest}"`;
  }
  const used = parametersOf(sql);
  if (!used.has(parameter)) return `it does not use ${parameter}`;
  const unknown = [...used].find((name) => name !== parameter);
  return unknown === undefined ? null : `it uses ${unknown}, which is not given`;
}
