import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { FileInfo } from 'busboy';
import type { Request } from 'express';
import { DomainError } from '#kernel';
import { type Announced, asError, formParser, malformedForm, noFile, pipeForm } from './uploaded-file.js';

const MOST_FILES = 1_000;
const MOST_FIELDS = 10 * MOST_FILES;

/**
 * Hands the files of a form to `take` one after another while they come in, each with the fields that stood between it and the file before.
 * Nothing is held back for a later one: when `take` has ended, its file is dealt with, whatever becomes of the connection. What `take`
 * leaves unread of a file is read past.
 * @returns the names of fields after the last file, which belong to none.
 * @throws DomainError `import.no-file`, `import.malformed-form`, `import.too-many-files`, or what `take` throws.
 */
export function eachUploadedFile(
  request: Request,
  maxBytes: number,
  take: (announced: Announced, content: Readable) => Promise<void>,
): Promise<string[]> {
  const form = formParser(request, { maxBytes, files: MOST_FILES, fields: MOST_FIELDS });
  let fields: Record<string, string> = {};
  let fileCount = 0;
  let isOver = false;
  let taking: Promise<void> = Promise.resolve();
  return new Promise((resolve, reject) => {
    form.on('field', (name, value) => {
      fields[name] = value;
    });
    form.on('file', (_name, content, info: Partial<FileInfo>) => {
      // Without a listener the loss of the connection would end the process; whoever reads the stream is told as well.
      content.on('error', () => undefined);
      const announced = { fileName: basename(info.filename ?? '').trim(), fields };
      fields = {};
      fileCount += 1;
      taking = taking
        .then(() => take(announced, content))
        .finally(() => {
          content.resume();
        });
      taking.catch((error: unknown) => reject(asError(error)));
    });
    form.on('filesLimit', () => {
      isOver = true;
    });
    form.on('error', (error) => reject(malformedForm(error)));
    form.on('close', () => {
      const settle = (): void => {
        if (fileCount === 0) reject(noFile());
        else if (isOver) reject(tooManyFiles());
        else resolve(Object.keys(fields));
      };
      taking.then(settle, reject);
    });
    pipeForm(request, form);
  });
}

function tooManyFiles(): DomainError {
  return new DomainError(
    'import.too-many-files',
    'too-large',
    `The form holds more than ${MOST_FILES} files. The first ${MOST_FILES} were dealt with; send the rest in another one. Sending a file again changes nothing.`,
  );
}
