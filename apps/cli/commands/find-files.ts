import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { UsageError } from '../usage-error.js';

const FOCUS_FILE = /\.csv(\.gz)?$/i;
/** The argument that stands for standard input. */
const STANDARD_INPUT = '-';

/** A file to be imported, not opened yet. */
export interface FoundFile {
  /** As it is reported. */
  readonly file: string;
  /** What source and period are guessed from, and what the import is called. */
  readonly name: string;
  open(): Readable;
}

/**
 * The files that arguments stand for: a file for itself, a folder for all *.csv and *.csv.gz in it and below in the order of their paths,
 * `-` for standard input. What is hidden (`.name`) is left alone, and a file that several arguments stand for comes once.
 * @param inputName what standard input is called
 */
export async function findFiles(paths: readonly string[], inputName?: string): Promise<FoundFile[]> {
  const files = new Map<string, FoundFile>();
  for (const path of paths) {
    if (path === STANDARD_INPUT) {
      if (inputName === undefined)
        throw new UsageError('Say with --name what the file on standard input is called, such as aws_2025-01.csv.');
      files.set(path, { file: inputName, name: basename(inputName), open: () => process.stdin });
      continue;
    }
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) throw new UsageError(`There is no file or folder ${path}.`);
    for (const file of found.isDirectory() ? await filesIn(path) : [path]) {
      files.set(file, { file, name: basename(file), open: () => createReadStream(file) });
    }
  }
  if (inputName !== undefined && !files.has(STANDARD_INPUT)) throw new UsageError('--name is for standard input; give “-” as a file.');
  return [...files.values()];
}

async function filesIn(folder: string): Promise<string[]> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => FOCUS_FILE.test(path) && !isHidden(path)).sort();
  const files: string[] = [];
  for (const path of paths.map((below) => join(folder, below))) {
    if ((await stat(path).catch(() => undefined))?.isFile() === true) files.push(path);
  }
  if (files.length === 0) throw new UsageError(`The folder ${folder} holds no *.csv or *.csv.gz.`);
  return files;
}

function isHidden(path: string): boolean {
  return path.split(sep).some((part) => part.startsWith('.'));
}
