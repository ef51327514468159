import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

/** `…/chunks/chunk-AB12.js:1:234`, wherever the package lies. */
const place = /[^\s()"]*?((?:chunks|functions|src\/cli)\/[\w.-]+\.js):(\d+):(\d+)/g;

export interface OriginalPlaces {
  /** The text, with places of the source in place of those of the package. */
  text: string;
  /** Files that the package does not have. */
  unknown: string[];
}

/** Reads a stack, in a log's JSON or as it is, by the maps that lie beside the files of the package in the folder `app`. */
export function originalPlaces(text: string, app: string): OriginalPlaces {
  const maps = new Map<string, SourceMap | null>();
  const read = text.replaceAll(place, (packed: string, file: string, line: string, column: string) => {
    const map = maps.get(file) ?? mapOf(join(app, file));
    maps.set(file, map);
    const entry = map?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !('originalSource' in entry)) return packed;
    const source = relative('.', join(app, dirname(file), entry.originalSource)).replaceAll(sep, '/');
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
  return { text: read, unknown: [...maps].flatMap(([file, map]) => (map === null ? [file] : [])) };
}

function mapOf(file: string): SourceMap | null {
  if (!existsSync(`${file}.map`)) return null;
  const payload: SourceMapPayload = JSON.parse(readFileSync(`${file}.map`, 'utf8'));
  return new SourceMap(payload);
}
