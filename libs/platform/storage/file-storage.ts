import type { Readable } from 'node:stream';

export interface StoredFile {
  /** Of the content, in lower-case hex; the file's name from now on. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Where uploads, PDFs and journals are kept, by the SHA-256 of their content: the same bytes are kept once, and never change. */
export interface FileStorage {
  /**
   * Keeps what the stream brings; if the stream fails or is aborted, nothing of it stays.
   * @throws DomainError `storage.full`, `storage.not-writable`; or the stream's own error.
   */
  put(content: Readable): Promise<StoredFile>;
  putBytes(content: Uint8Array): Promise<StoredFile>;
  /** @throws DomainError `storage.file-not-found` */
  open(sha256: string): Promise<Readable>;
  /** All of a file that is known to be small. @throws DomainError `storage.file-not-found` */
  read(sha256: string): Promise<Buffer>;
  has(sha256: string): Promise<boolean>;
}

/** Injection token for the {@link FileStorage}. */
export const FILE_STORAGE = Symbol('FileStorage');
