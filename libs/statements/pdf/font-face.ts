import { readFileSync } from 'node:fs';
import { create, type Font, type Glyph, type GlyphRun } from 'fontkit';
import { FontSubset } from './font-subset.js';
import { unwrapWoff } from './unwrap-woff.js';

/** Characters of scripts whose letters stand side by side without joining, reordering or stacking. */
const SIDE_BY_SIDE =
  /^[\u0020-\u007e\u00a0-\u02af\u0370-\u0482\u048a-\u052f\u10d0-\u10ff\u1e00-\u1fff\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u2100-\u214f\u2190-\u23ff\u2500-\u27bf\u3000-\u3029\u3030-\u3098\u309b-\u312f\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uffee]*$/u;

const ASCII = /^[\x20-\x7e]*$/;

/** What nearly every statement is made of: one subset with these serves all documents of a process. */
const COMMON_CHARACTERS = [...Array.from({ length: 95 }, (_, index) => 32 + index), ...codePointsOf('\u00a0\u202f·–−…’“”€£¥×')];

/**
 * A font file, and its glyphs by character. Shaping every amount and id by OpenType rules costs more than all the rest of a page, and gives
 * the same glyphs for the scripts that need none, so only the others go through fontkit's layout.
 */
export class FontFace {
  private parsed: Font | undefined;
  private readonly glyphs = new Map<number, Glyph | null>();
  private readonly asciiWidths = new Float64Array(128).fill(-1);
  private readonly sharedSubsets = new Map<string, FontSubset>();

  /**
   * `name` says which font it is; `file` is read at first use, once per process. `isText`: statements are set in it, so that a subset with the
   * common characters is worth keeping.
   */
  constructor(
    readonly name: string,
    private readonly file: () => string,
    readonly isText = false,
  ) {}

  has(codePoint: number): boolean {
    return this.glyph(codePoint) !== null;
  }

  /** Width of `text` in thousandths of the font size. Every character must be one that the face {@link has}. */
  widthOf(text: string): number {
    if (FontFace.needsShaping(text)) return (this.shaped(text).advanceWidth * 1000) / this.font.unitsPerEm;
    let width = 0;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit < 128) {
        width += this.asciiWidth(unit);
        continue;
      }
      const codePoint = text.codePointAt(index) ?? unit;
      if (codePoint > 0xffff) index += 1;
      width += ((this.glyph(codePoint)?.advanceWidth ?? 0) * 1000) / this.font.unitsPerEm;
    }
    return width;
  }

  /** Whether the characters of a text may join, change places or stack. */
  static needsShaping(text: string): boolean {
    return !ASCII.test(text) && !SIDE_BY_SIDE.test(text);
  }

  glyph(codePoint: number): Glyph | null {
    let glyph = this.glyphs.get(codePoint);
    if (glyph === undefined) {
      glyph = this.font.hasGlyphForCodePoint(codePoint) ? readable(this.font.glyphForCodePoint(codePoint)) : null;
      this.glyphs.set(codePoint, glyph);
    }
    return glyph;
  }

  /** Glyphs with their places, by the font's own rules. */
  shaped(text: string): GlyphRun {
    return this.font.layout(text);
  }

  /**
   * The glyphs of the common characters and of a language's own letters, made once per process and never added to, so that every document in
   * that language gets the same.
   */
  commonWith(letters: string): FontSubset {
    let subset = this.sharedSubsets.get(letters);
    if (subset === undefined) {
      subset = new FontSubset(this.font);
      for (const codePoint of [...COMMON_CHARACTERS, ...codePointsOf(letters)]) {
        const glyph = this.glyph(codePoint);
        if (glyph !== null) subset.codeFor(glyph, [codePoint]);
      }
      this.sharedSubsets.set(letters, subset);
    }
    return subset;
  }

  get font(): Font {
    this.parsed ??= create(readFont(this.file()));
    return this.parsed;
  }

  private asciiWidth(unit: number): number {
    let width = this.asciiWidths[unit] ?? 0;
    if (width < 0) {
      width = ((this.glyph(unit)?.advanceWidth ?? 0) * 1000) / this.font.unitsPerEm;
      this.asciiWidths[unit] = width;
    }
    return width;
  }
}

function codePointsOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

/** Null for a glyph that its font promises and does not hold, such as a blank at the end of its outlines. */
function readable(glyph: Glyph): Glyph | null {
  try {
    return glyph.advanceWidth >= 0 ? glyph : null;
  } catch {
    return null;
  }
}

function readFont(file: string): Uint8Array {
  const bytes = readFileSync(file);
  return file.endsWith('.woff') ? unwrapWoff(bytes) : bytes;
}
