import { deflateSync } from 'node:zlib';

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface PngParts {
  readonly bits?: number;
  readonly interlaced?: boolean;
  /** Chunks between the header and the pixels. */
  readonly chunks?: readonly (readonly [type: string, body: Buffer])[];
  readonly pixels?: Buffer;
}

/** A PNG of grey pixels; `colorType` as in ISO/IEC 15948 §11.2.2. Checksums are left out, which readers of logos don't look at. */
export function pngOf(width: number, height: number, colorType: number, parts: PngParts = {}): Uint8Array {
  const bits = parts.bits ?? 8;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, colorType, 0, 0, parts.interlaced === true ? 1 : 0], 8);
  const row = Buffer.alloc(1 + Math.ceil((width * (CHANNELS[colorType] ?? 1) * bits) / 8), 0x55);
  row[0] = 0;
  const pixels = parts.pixels ?? deflateSync(Buffer.concat(Array.from({ length: Math.min(height, 4_000) }, () => row)));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...(parts.chunks ?? []).map(([type, body]) => chunk(type, body)),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, Buffer.from(type, 'latin1'), body, Buffer.alloc(4)]);
}
