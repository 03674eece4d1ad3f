import { inflateSync } from 'node:zlib';
import { DomainError } from '#kernel';
import { type ObjectId, type PdfWriter, reference } from './pdf-writer.js';

export interface PdfImage {
  readonly id: ObjectId;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** An image of more pixels than this makes every statement heavy, and is no logo. */
const MAX_IMAGE_PIXELS = 16_000_000;

const PNG_SIGNATURE = '89504e470d0a1a0a';

/** `png`, `jpeg`, or undefined for what is neither, told by the first bytes. */
function imageKind(bytes: Uint8Array): 'png' | 'jpeg' | undefined {
  if (Buffer.from(bytes.subarray(0, 8)).toString('hex') === PNG_SIGNATURE) return 'png';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'jpeg' : undefined;
}

/**
 * Puts a PNG or JPEG into a PDF.
 * @throws DomainError `statement.logo_unreadable` if it is neither, damaged, or too large.
 */
export function embedImage(writer: PdfWriter, bytes: Uint8Array): PdfImage {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (imageKind(bytes)) {
    case 'png':
      return embedPng(writer, data);
    case 'jpeg':
      return embedJpeg(writer, data);
    case undefined:
      throw unreadable('is neither a PNG nor a JPEG file; choose another one, or none');
  }
}

function unreadable(what: string): DomainError {
  return new DomainError('statement.logo_unreadable', 'invalid', `The logo ${what}.`);
}

function requireSize(width: number, height: number): void {
  if (width < 1 || height < 1) throw unreadable('has no pixels; save it anew, or choose another one');
  if (width * height > MAX_IMAGE_PIXELS)
    throw unreadable(`has ${width} × ${height} pixels; save it with at most ${MAX_IMAGE_PIXELS / 1e6} million, 600 × 200 are plenty`);
}

/** JPEG goes in as it is; only its size and colours are read (ITU-T T.81 §B.2.2). */
function embedJpeg(writer: PdfWriter, data: Buffer): PdfImage {
  let at = 2;
  while (at + 9 < data.length) {
    if (data[at] !== 0xff) {
      at += 1;
      continue;
    }
    const marker = data[at + 1] ?? 0;
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      const [bits, height, width, components] = [
        data.readUInt8(at + 4),
        data.readUInt16BE(at + 5),
        data.readUInt16BE(at + 7),
        data[at + 9],
      ];
      requireSize(width, height);
      const space = components === 1 ? '/DeviceGray' : components === 3 ? '/DeviceRGB' : '/DeviceCMYK';
      // Programs that write CMYK write it inverted.
      const decode = components === 4 ? '/Decode[1 0 1 0 1 0 1 0]' : '';
      const id = writer.rawStream(`${imageEntries(width, height, bits, space)}${decode}/Filter/DCTDecode`, data);
      return { id, width, height };
    }
    at += 2 + data.readUInt16BE(at + 2);
  }
  throw unreadable('is a JPEG that breaks off before its picture; save it anew, or choose another one');
}

function imageEntries(width: number, height: number, bits: number, colorSpace: string): string {
  return `/Type/XObject/Subtype/Image/Width ${width}/Height ${height}/BitsPerComponent ${bits}/ColorSpace${colorSpace}`;
}

interface Png {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  readonly colorType: number;
  readonly interlaced: boolean;
  readonly palette: Buffer;
  /** The tRNS chunk. */
  readonly transparency: Buffer;
  readonly pixels: Buffer;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** The chunks of a PNG (ISO/IEC 15948 §5, §11). */
function readPng(data: Buffer): Png {
  try {
    const parts: Buffer[] = [];
    let palette: Buffer = Buffer.alloc(0);
    let transparency: Buffer = Buffer.alloc(0);
    for (let at = 8; at + 8 <= data.length;) {
      const length = data.readUInt32BE(at);
      const type = data.toString('latin1', at + 4, at + 8);
      const body = data.subarray(at + 8, at + 8 + length);
      if (type === 'IDAT') parts.push(body);
      else if (type === 'PLTE') palette = body;
      else if (type === 'tRNS') transparency = body;
      else if (type === 'IEND') break;
      at += length + 12;
    }
    const [width, height, bits, colorType] = [data.readUInt32BE(16), data.readUInt32BE(20), data.readUInt8(24), data.readUInt8(25)];
    requireSize(width, height);
    const most = MAX_IMAGE_PIXELS * 8 + height + 1;
    const pixels = inflateSync(Buffer.concat(parts), { maxOutputLength: most });
    return { width, height, bits, colorType, interlaced: data.readUInt8(28) === 1, palette, transparency, pixels };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw unreadable('is a PNG that is damaged; save it anew, or choose another one');
  }
}

function embedPng(writer: PdfWriter, data: Buffer): PdfImage {
  const png = readPng(data);
  const { width, height } = png;
  if (png.interlaced) throw unreadable('is an interlaced PNG; save it without interlacing');
  const channels = CHANNELS[png.colorType];
  if (channels === undefined) throw unreadable('is a PNG of a sort that does not exist; save it anew');
  const rowBytes = Math.ceil((width * channels * png.bits) / 8);
  if (png.pixels.length < (rowBytes + 1) * height) throw unreadable('is a PNG that breaks off; save it anew, or choose another one');
  if (png.colorType !== 4 && png.colorType !== 6) {
    const space = colorSpaceOf(png);
    const predictor = `/DecodeParms<</Predictor 15/Colors ${channels}/BitsPerComponent ${png.bits}/Columns ${width}>>`;
    const mask = maskOf(writer, png);
    return { id: writer.stream(`${imageEntries(width, height, png.bits, space)}${predictor}${mask}`, png.pixels), width, height };
  }
  const { color, alpha } = splitAlpha(unfiltered(png, rowBytes, channels), png, channels);
  const mask = writer.stream(imageEntries(width, height, 8, '/DeviceGray'), alpha);
  const space = png.colorType === 4 ? '/DeviceGray' : '/DeviceRGB';
  return { id: writer.stream(`${imageEntries(width, height, 8, space)}/SMask ${reference(mask)}`, color), width, height };
}

function colorSpaceOf({ colorType, palette }: Png): string {
  if (colorType !== 3) return colorType === 0 ? '/DeviceGray' : '/DeviceRGB';
  if (palette.length < 3) throw unreadable('is a PNG whose colours are missing; save it anew');
  return `[/Indexed/DeviceRGB ${Math.floor(palette.length / 3) - 1}<${palette.toString('hex')}>]`;
}

/** Transparency of single colours, as programs that shrink logos write it. */
function maskOf(writer: PdfWriter, png: Png): string {
  const { colorType, transparency, width, height, bits } = png;
  if (transparency.length === 0) return '';
  if (colorType !== 3) {
    const samples = Array.from({ length: transparency.length / 2 }, (_, index) => transparency.readUInt16BE(index * 2));
    return `/Mask[${samples.flatMap((sample) => [sample, sample]).join(' ')}]`;
  }
  const rows = unfiltered(png, Math.ceil((width * bits) / 8), 1);
  const alpha = Buffer.alloc(width * height);
  const rowBytes = Math.ceil((width * bits) / 8);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = rows[y * rowBytes + ((x * bits) >> 3)] ?? 0;
      const index = (byte >> (8 - bits - ((x * bits) & 7))) & ((1 << bits) - 1);
      alpha[y * width + x] = transparency[index] ?? 255;
    }
  }
  return `/SMask ${reference(writer.stream(imageEntries(width, height, 8, '/DeviceGray'), alpha))}`;
}

/** Undoes the filter of each row (ISO/IEC 15948 §9). */
function unfiltered({ pixels, height, bits }: Png, rowBytes: number, channels: number): Buffer {
  const step = Math.max(1, (channels * bits) >> 3);
  const rows = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = pixels[y * (rowBytes + 1)] ?? 0;
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x >= step ? (rows[at - step] ?? 0) : 0;
      const above = y > 0 ? (rows[at - rowBytes] ?? 0) : 0;
      const corner = x >= step && y > 0 ? (rows[at - rowBytes - step] ?? 0) : 0;
      rows[at] = (pixels[y * (rowBytes + 1) + 1 + x] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return rows;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    default: {
      const [toLeft, toAbove, toCorner] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
      if (toLeft <= toAbove && toLeft <= toCorner) return left;
      return toAbove <= toCorner ? above : corner;
    }
  }
}

/** Colours and transparency apart, each with eight bits. */
function splitAlpha(rows: Buffer, { width, height, bits }: Png, channels: number): { color: Buffer; alpha: Buffer } {
  const color = Buffer.alloc(width * height * (channels - 1));
  const alpha = Buffer.alloc(width * height);
  const bytes = bits / 8;
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < channels - 1; channel++)
      color[pixel * (channels - 1) + channel] = rows[(pixel * channels + channel) * bytes] ?? 0;
    alpha[pixel] = rows[(pixel * channels + channels - 1) * bytes] ?? 255;
  }
  return { color, alpha };
}
