/** The part of fontkit that statements use; the package brings no types of its own. Lengths are in font units. */
declare module 'fontkit' {
  export interface Glyph {
    readonly id: number;
    readonly advanceWidth: number;
    readonly codePoints: readonly number[];
  }

  export interface GlyphPosition {
    readonly xAdvance: number;
    readonly yAdvance: number;
    readonly xOffset: number;
    readonly yOffset: number;
  }

  export interface GlyphRun {
    readonly glyphs: readonly Glyph[];
    readonly positions: readonly GlyphPosition[];
    readonly advanceWidth: number;
  }

  /** A font with some glyphs of another, numbered in the order in which they were included; number 0 is the glyph for what is missing. */
  export interface Subset {
    /** Only in subsets of fonts with PostScript outlines. */
    readonly cff?: unknown;
    includeGlyph(id: number): number;
    encode(): Uint8Array;
  }

  export interface Font {
    readonly unitsPerEm: number;
    readonly postscriptName: string | null;
    readonly ascent: number;
    readonly descent: number;
    readonly capHeight: number;
    readonly italicAngle: number;
    readonly bbox: { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number };
    getGlyph(id: number): Glyph;
    layout(text: string): GlyphRun;
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): Glyph;
    createSubset(): Subset;
  }

  export function create(buffer: Uint8Array): Font;
}
