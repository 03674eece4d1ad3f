import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../usage-error.js';

const FOCUS_FILE = /\.csv(\.gz)?$/i;

/** The files that arguments stand for: a file for itself, a folder for its *.csv and *.csv.gz in the order of their names. */
export async function findFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) throw new UsageError(`There is no file or folder ${path}.`);
    if (!found.isDirectory()) {
      files.push(path);
      continue;
    }
    const names = (await readdir(path)).filter((name) => FOCUS_FILE.test(name)).sort();
    if (names.length === 0) throw new UsageError(`The folder ${path} holds no *.csv or *.csv.gz.`);
    files.push(...names.map((name) => join(path, name)));
  }
  return files;
}
