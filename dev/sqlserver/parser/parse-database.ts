import type { DatabaseChange, DefinitionStatement } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** After CREATE DATABASE. */
export function parseCreateDatabase(tokens: TokenStream): DefinitionStatement {
  const database = tokens.name();
  const collation = tokens.accept('COLLATE') ? tokens.name() : undefined;
  if (tokens.seesOneOf('ON', 'WITH', 'CONTAINMENT', 'AS')) tokens.refuse('options of CREATE DATABASE');
  return { kind: 'createDatabase', database, ...(collation !== undefined && { collation }) };
}

/** After ALTER DATABASE. */
export function parseAlterDatabase(tokens: TokenStream): DefinitionStatement {
  const current = tokens.accept('CURRENT');
  const named = current ? {} : { database: tokens.name() };
  if (!tokens.accept('SET')) return tokens.refuse('ALTER DATABASE without SET');
  const change = parseChange(tokens);
  const rollbackImmediate = tokens.accept('WITH', 'ROLLBACK', 'IMMEDIATE');
  if (tokens.sees('WITH')) tokens.refuse('this termination of ALTER DATABASE');
  return { kind: 'alterDatabase', ...named, change, rollbackImmediate };
}

function parseChange(tokens: TokenStream): DatabaseChange {
  if (tokens.accept('COMPATIBILITY_LEVEL')) {
    tokens.expect('=');
    return { kind: 'compatibilityLevel', level: tokens.wholeNumber() };
  }
  if (tokens.accept('READ_COMMITTED_SNAPSHOT')) return { kind: 'readCommittedSnapshot', on: parseOn(tokens) };
  if (tokens.accept('ALLOW_SNAPSHOT_ISOLATION'))
    return { kind: 'allowSnapshotIsolation', on: parseOn(tokens) };
  if (tokens.accept('SINGLE_USER')) return { kind: 'userAccess', access: 'single_user' };
  if (tokens.accept('RESTRICTED_USER')) return { kind: 'userAccess', access: 'restricted_user' };
  if (tokens.accept('MULTI_USER')) return { kind: 'userAccess', access: 'multi_user' };
  if (!tokens.accept('RECOVERY')) return tokens.refuse(`ALTER DATABASE … SET ${tokens.current.text}`);
  const model = tokens.expectOneOf('SIMPLE', 'FULL', 'BULK_LOGGED');
  return {
    kind: 'recovery',
    model: model === 'SIMPLE' ? 'simple' : model === 'FULL' ? 'full' : 'bulk_logged',
  };
}

export function parseOn(tokens: TokenStream): boolean {
  return tokens.expectOneOf('ON', 'OFF') === 'ON';
}
