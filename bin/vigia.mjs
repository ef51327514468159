#!/usr/bin/env node
// The command line of Vigía. Plain JavaScript that old versions of Node can read as well: they hand over to the one that
// npm has brought along, or get a sentence instead of a syntax error.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

var version = process.versions.node.split('.').map(Number);
var isNewEnough = version[0] > 22 || (version[0] === 22 && version[1] >= 19);
if (isNewEnough) {
  // Node keeps what it has compiled: the next command begins sooner.
  module.enableCompileCache?.();
  // In a checkout, in an unpacked package, in a checkout without its sources.
  var places = ['../src/cli/vigia.ts', '../src/cli/vigia.js', '../dist/src/cli/vigia.js'];
  var found = places.map((place) => new URL(place, import.meta.url)).find((place) => existsSync(place));
  await import(found.href);
} else {
  var brought = ['node.exe', 'node']
    .map((name) => fileURLToPath(new URL('../node_modules/node/bin/' + name, import.meta.url)))
    .find((path) => existsSync(path));
  if (brought === undefined) {
    console.error('vigia necesita Node 22.19 o posterior; esta es la ' + process.versions.node + '.');
    process.exitCode = 2;
  } else {
    var script = fileURLToPath(import.meta.url);
    var run = spawnSync(brought, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
    process.exitCode = run.status ?? 3;
  }
}
