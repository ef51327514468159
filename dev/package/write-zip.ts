import { zipSync, type Zippable } from 'fflate';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The same files give the same bytes, so that a deployment can be compared with a checkout. */
const moment = new Date('2020-01-01T00:00:00Z');

/** All files of a folder, with their places in it. Gives the size in bytes. */
export async function writeZip(folder: string, file: string): Promise<{ file: string; bytes: number }> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files: Zippable = {};
  for (const path of paths.sort())
    files[relative(folder, path).split(sep).join('/')] = [await readFile(path), { mtime: moment }];
  const bytes = zipSync(files, { level: 9 });
  await writeFile(file, bytes);
  return { file, bytes: bytes.length };
}
