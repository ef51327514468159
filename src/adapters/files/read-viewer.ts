import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { ReadViewer } from '../../manage/routes/serve-reference.ts';

const file = 'openapi-explorer/dist/browser/openapi-explorer.min.js';

/** The script of OpenAPI Explorer, from its package; read once. */
export function readViewer(): ReadViewer {
  let text: Promise<string> | undefined;
  return () => (text ??= readFile(createRequire(import.meta.url).resolve(file), 'utf8'));
}
