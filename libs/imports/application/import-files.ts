import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { DomainError } from '#kernel';
import { FILE_STORAGE, type FileStorage } from '#platform';
import { isGzip } from '../domain/focus/open-focus-file.js';
import type { ImportRow } from '../infra/import.queries.js';

/** The file of an import, byte for byte as it was handed in. */
export interface ImportFile {
  /** What its bytes say, whatever it is called. */
  readonly mediaType: 'text/csv' | 'application/gzip';
  readonly content: Readable;
}

/** Gives back the files that were handed in: of every import, also of those that were refused, withdrawn or cancelled. */
@Injectable()
export class ImportFiles {
  constructor(@Inject(FILE_STORAGE) private readonly storage: FileStorage) {}

  /** @throws DomainError `import.file-lost` where the storage has it no more */
  async open({ importId, fileName, sha256 }: Pick<ImportRow, 'importId' | 'fileName' | 'sha256'>): Promise<ImportFile> {
    try {
      return { mediaType: (await this.isGzipped(sha256)) ? 'application/gzip' : 'text/csv', content: await this.storage.open(sha256) };
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'storage.file-not-found') throw error;
      throw new DomainError(
        'import.file-lost',
        'unavailable',
        `The file of import ${importId} (${fileName}) is recorded, but storage lacks it: ${error.detail} ` +
          `Bring it back from a backup, or put the original there, whose SHA-256 is ${sha256}; what was imported of it counts all the same.`,
      );
    }
  }

  private async isGzipped(sha256: string): Promise<boolean> {
    const start: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of (await this.storage.open(sha256)) as AsyncIterable<Buffer>) {
      start.push(chunk);
      if ((bytes += chunk.length) >= 2) break;
    }
    return isGzip(Buffer.concat(start));
  }
}
