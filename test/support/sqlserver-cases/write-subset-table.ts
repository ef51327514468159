import { readFileSync, writeFileSync } from 'node:fs';
import { withSubsetTable } from './subset-table.ts';

const file = 'dev/sqlserver/README.md';
writeFileSync(file, withSubsetTable(readFileSync(file, 'utf8')));
