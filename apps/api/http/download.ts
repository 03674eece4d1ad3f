import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

/** A file as an answer, under its proper name in any script (RFC 6266). */
export function download(content: Readable, options: { fileName: string; type: string; inline?: boolean; bytes?: number }): StreamableFile {
  const plainName = options.fileName.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  // RFC 8187 takes fewer characters as they are than a URI does.
  const extendedName = encodeURIComponent(options.fileName).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  const way = options.inline === true ? 'inline' : 'attachment';
  return new StreamableFile(content, {
    type: options.type,
    disposition: `${way}; filename="${plainName}"; filename*=UTF-8''${extendedName}`,
    ...(options.bytes !== undefined && { length: options.bytes }),
  });
}

export const CSV_TYPE = 'text/csv; charset=utf-8';
