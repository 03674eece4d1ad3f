import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '#kernel';
import type { FileStorage } from '#platform';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';

/**
 * Copies a file from storage to a path of the user's; it appears there whole or not at all.
 * @throws DomainError `output.not-writable`
 */
export async function copyStoredFile(storage: FileStorage, sha256: string, target: string): Promise<void> {
  await writeOutput(await storage.open(sha256), target);
}

/** What stands for standard output where a file is to be named. */
export const STANDARD_OUTPUT = '-';

/** @throws UsageError if standard output is to hold a file and the result as JSON. */
export function refuseFileBesideJson(output: string | undefined, { options }: Session): void {
  if (output === STANDARD_OUTPUT && options.json === true) {
    throw new UsageError('--json writes one document to standard output; name a file with -o.');
  }
}

/** The same of what is made just now. @throws DomainError `output.not-writable` */
export async function writeOutput(content: Readable, target: string): Promise<void> {
  const draft = `${target}.part`;
  try {
    await mkdir(dirname(target), { recursive: true });
    await pipeline(content, createWriteStream(draft));
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    if (error instanceof DomainError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError(
      'output.not-writable',
      'unavailable',
      `${target} can't be written (${reason}). Name another place; what the program keeps is kept all the same.`,
    );
  }
}
