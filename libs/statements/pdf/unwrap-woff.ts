import { inflateSync } from 'node:zlib';

const HEADER = { woff: 44, woffEntry: 20, sfnt: 12, sfntEntry: 16 };

/**
 * Unpacks a WOFF 1.0 file into the OpenType font it holds (W3C WOFF File Format 1.0 §3 to §5). fontkit reads WOFF too, but unpacks the
 * whole table of outlines anew for every glyph, which takes most of a second per statement with a large font.
 */
export function unwrapWoff(woff: Buffer): Uint8Array {
  const tableCount = woff.readUInt16BE(12);
  const tables = Array.from({ length: tableCount }, (_, index) => {
    const entry = HEADER.woff + index * HEADER.woffEntry;
    const offset = woff.readUInt32BE(entry + 4);
    const packedLength = woff.readUInt32BE(entry + 8);
    const length = woff.readUInt32BE(entry + 12);
    const packed = woff.subarray(offset, offset + packedLength);
    return {
      tag: woff.subarray(entry, entry + 4),
      checksum: woff.readUInt32BE(entry + 16),
      data: packedLength < length ? inflateSync(packed) : packed,
    };
  });

  let offset = HEADER.sfnt + tableCount * HEADER.sfntEntry;
  const size = tables.reduce((sum, { data }) => sum + padded(data.length), offset);
  const font = Buffer.alloc(size);
  woff.copy(font, 0, 4, 8);
  const largestPower = 2 ** Math.floor(Math.log2(tableCount));
  font.writeUInt16BE(tableCount, 4);
  font.writeUInt16BE(largestPower * HEADER.sfntEntry, 6);
  font.writeUInt16BE(Math.log2(largestPower), 8);
  font.writeUInt16BE((tableCount - largestPower) * HEADER.sfntEntry, 10);
  tables.forEach(({ tag, checksum, data }, index) => {
    const entry = HEADER.sfnt + index * HEADER.sfntEntry;
    tag.copy(font, entry);
    font.writeUInt32BE(checksum, entry + 4);
    font.writeUInt32BE(offset, entry + 8);
    font.writeUInt32BE(data.length, entry + 12);
    data.copy(font, offset);
    offset += padded(data.length);
  });
  return font;
}

/** Tables start at multiples of four bytes. */
function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
