import { basename } from 'node:path';
import { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { DomainError } from '#kernel';
import type { FileStorage, StoredFile } from '#platform';
import { invalidRequest } from '../http/request-pipes.js';

export interface UploadLimits {
  readonly maxBytes: number;
}

/** What came with a file, before the file itself is read: its name and the form's fields so far. */
export interface Announced {
  readonly fileName: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Streams the file of a request into storage, never through memory: the first file of a form, or the body itself. `admit` sees what was
 * announced before a byte of the file is kept, and refuses by throwing. If the client goes away or is refused, no part of a file stays.
 * @throws DomainError `import.no-file`, `import.too-large`, `import.field-after-file`, or what `admit` throws.
 */
export async function keepUploadedFile<Admitted>(
  request: Request,
  storage: FileStorage,
  limits: UploadLimits,
  admit: (announced: Announced) => Promise<Admitted>,
): Promise<{ file: StoredFile; admitted: Admitted }> {
  try {
    return request.is('multipart/form-data') === 'multipart/form-data'
      ? await keepFormFile(request, storage, limits, admit)
      : await keepBody(request, storage, limits, admit);
  } catch (error) {
    // A client that is still sending reads the answer only if somebody takes what it sends. A form goes on reading by itself.
    if (request.listenerCount('data') === 0) request.resume();
    throw error;
  }
}

async function keepBody<Admitted>(
  request: Request,
  storage: FileStorage,
  { maxBytes }: UploadLimits,
  admit: (announced: Announced) => Promise<Admitted>,
): Promise<{ file: StoredFile; admitted: Admitted }> {
  const fileName = request.query['fileName'];
  if (typeof fileName !== 'string' || fileName.trim() === '') {
    throw invalidRequest([{ where: 'fileName', what: 'name the file in the query: ?fileName=aws_2026-01.csv' }]);
  }
  const admitted = await admit({ fileName: basename(fileName), fields: {} });
  const file = await storage.put(Readable.from(bounded(request, maxBytes)));
  if (file.bytes === 0) throw noFile();
  return { file, admitted };
}

function keepFormFile<Admitted>(
  request: Request,
  storage: FileStorage,
  limits: UploadLimits,
  admit: (announced: Announced) => Promise<Admitted>,
): Promise<{ file: StoredFile; admitted: Admitted }> {
  const form = formParser(request, { maxBytes: limits.maxBytes, files: 1, fields: 20 });
  const fields: Record<string, string> = {};
  let kept: Promise<{ file: StoredFile; admitted: Admitted }> | undefined;
  let late: DomainError | undefined;
  return new Promise((resolve, reject) => {
    form.on('field', (name, value) => {
      if (kept === undefined) {
        fields[name] = value;
        return;
      }
      const detail = `The field “${name}” comes after the file; send all fields before it, so that the file need not be held back for them.`;
      late ??= new DomainError('import.field-after-file', 'invalid', detail);
    });
    form.on('file', (_name, content, info: Partial<busboy.FileInfo>) => {
      // Without a listener the loss of the connection would end the process; whoever reads the stream is told as well.
      content.on('error', () => undefined);
      kept = keepPart(content, basename(info.filename ?? '').trim());
      kept.catch((error: unknown) => {
        reject(asError(error));
        content.resume();
      });
    });
    form.on('error', (error) => reject(malformedForm(error)));
    form.on('close', () => {
      const refusal = late;
      if (kept === undefined) reject(noFile());
      else if (refusal === undefined) kept.then(resolve, reject);
      // Answered once the file is through: what is kept of it is then kept, and nothing goes on behind the answer.
      else kept.then(() => reject(refusal), reject);
    });
    pipeForm(request, form);
  });

  async function keepPart(content: Readable, fileName: string): Promise<{ file: StoredFile; admitted: Admitted }> {
    if (fileName === '') throw noFile();
    const admitted = await admit({ fileName, fields });
    return { file: await storage.put(Readable.from(bounded(content, limits.maxBytes))), admitted };
  }
}

/** @throws DomainError `import.malformed-form` */
export function formParser(request: Request, { maxBytes, files, fields }: UploadLimits & { files: number; fields: number }): busboy.Busboy {
  try {
    // One byte more than allowed is enough to see that there is more; the rest is read past.
    const limits = { files, fileSize: maxBytes + 1, fields, fieldSize: 2_000, fieldNameSize: 100, headerPairs: 50 };
    return busboy({ headers: request.headers, limits, defParamCharset: 'utf8' });
  } catch (error) {
    throw malformedForm(error);
  }
}

/** Lets the form read the request; one that breaks off breaks the form and the file that is being read. */
export function pipeForm(request: Request, form: busboy.Busboy): void {
  request.on('error', (error) => form.destroy(error));
  request.once('close', () => {
    if (!request.complete) form.destroy(new Error('the client went away'));
  });
  request.pipe(form);
}

/**
 * A file's bytes, as long as there are not too many of them. The stream is left as it is when reading ends early: a form has to be read to
 * its end, and a request answered.
 * @throws DomainError `import.too-large`.
 */
export async function* bounded(content: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of content.iterator({ destroyOnReturn: false })) {
    const data = chunk as Buffer;
    bytes += data.byteLength;
    if (bytes > maxBytes) {
      throw new DomainError(
        'import.too-large',
        'too-large',
        `The file is larger than ${maxBytes} bytes; split it, gzip it, or raise imports.max_unpacked_bytes. Nothing was kept.`,
      );
    }
    yield data;
  }
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

export function malformedForm(error: unknown): DomainError {
  const reason = error instanceof Error ? error.message : String(error);
  return new DomainError(
    'import.malformed-form',
    'invalid',
    `The form can't be read (${reason}); send multipart/form-data with the file as its last part.`,
  );
}

export function noFile(): DomainError {
  return new DomainError('import.no-file', 'invalid', 'There is no file in the request; send one as the part “file”, after the fields.');
}
