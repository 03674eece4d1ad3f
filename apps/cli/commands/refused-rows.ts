import { basename, join } from 'node:path';
import type { FileStorage } from '#platform';
import { copyStoredFile } from './copy-stored-file.js';
import type { IngestedFile } from './ingest.js';

/**
 * Copies the refused rows of imported or tried files to where the user wants them: of one file to that path, of several into that folder.
 * @returns per file where its rows are; null where none was refused, or nobody asked for them.
 * @throws DomainError `output.not-writable`
 */
export async function writeRefusedRows(
  storage: FileStorage,
  files: readonly IngestedFile[],
  target: string | undefined,
): Promise<(string | null)[]> {
  const written: (string | null)[] = [];
  for (const [index, { file, report }] of files.entries()) {
    const sha256 = report?.refusedRowsSha256 ?? null;
    if (target === undefined || sha256 === null) {
      written.push(null);
      continue;
    }
    let path = files.length === 1 ? target : join(target, `refused_${basename(file).replace(/(\.csv)?(\.gz)?$/i, '')}.csv`);
    // Files of the same name come from different folders.
    if (written.includes(path)) path = join(target, `refused_${index + 1}_${basename(path).slice('refused_'.length)}`);
    await copyStoredFile(storage, sha256, path);
    written.push(path);
  }
  return written;
}
