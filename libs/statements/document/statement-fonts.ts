import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create, type Font, type Glyph, type GlyphPosition, type GlyphRun } from 'fontkit';
import { unwrapWoff } from './unwrap-woff.js';

export type Weight = 'regular' | 'semibold';

/** One stretch of text that a single font can print. */
export interface FontRun {
  readonly face: FontFace;
  readonly text: string;
}

/** Characters of scripts whose letters stand side by side without joining, reordering or stacking. */
const SIDE_BY_SIDE =
  /^[\u0020-\u007e\u00a0-\u02af\u0370-\u0482\u048a-\u052f\u10d0-\u10ff\u1e00-\u1fff\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u2100-\u214f\u2190-\u23ff\u2500-\u27bf\u3000-\u3029\u3030-\u3098\u309b-\u312f\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uffee]*$/u;

/** Marks and joiners print in the font of the letter they belong to. */
const CLINGS = /[\p{M}\u200c\u200d]/u;
/** Blanks and punctuation stay with the run before them, so that a right-to-left phrase is not torn apart. */
const NEUTRAL = /[\p{White_Space}\p{P}]/u;

/**
 * A font as pdfkit takes it: fontkit's, with a layout of our own. Shaping every amount and id by OpenType rules costs more than all
 * the rest of a page, and gives the same glyphs for the scripts that need none.
 */
export class FontFace {
  private parsed: Font | undefined;
  private embeddable: Font | undefined;
  private readonly glyphs = new Map<number, Glyph | null>();

  /** `name` is how a document knows the font; `file` is read at first use, once per process. */
  constructor(
    readonly name: string,
    private readonly file: () => string,
  ) {}

  has(codePoint: number): boolean {
    return this.glyph(codePoint) !== null;
  }

  /** Width of `text` in thousandths of the font size. Every character must be one that the face {@link has}. */
  widthOf(text: string): number {
    return (this.layout(text).advanceWidth * 1000) / this.font.unitsPerEm;
  }

  /** The fontkit font to hand to pdfkit. */
  get forEmbedding(): Font {
    this.embeddable ??= Object.create(this.font, { layout: { value: (text: string) => this.layout(text) } }) as Font;
    return this.embeddable;
  }

  /** Whether a text must be handed to pdfkit in one piece, because its words may change places. */
  static needsShaping(text: string): boolean {
    return !SIDE_BY_SIDE.test(text);
  }

  private get font(): Font {
    this.parsed ??= create(readFont(this.file()));
    return this.parsed;
  }

  private glyph(codePoint: number): Glyph | null {
    let glyph = this.glyphs.get(codePoint);
    if (glyph === undefined) {
      glyph = this.font.hasGlyphForCodePoint(codePoint) ? this.font.glyphForCodePoint(codePoint) : null;
      this.glyphs.set(codePoint, glyph);
    }
    return glyph;
  }

  private layout(text: string): GlyphRun {
    if (FontFace.needsShaping(text)) return this.font.layout(text);
    const glyphs: Glyph[] = [];
    const positions: GlyphPosition[] = [];
    let advanceWidth = 0;
    for (const character of text) {
      const glyph = this.glyph(character.codePointAt(0) ?? 0);
      if (glyph === null) continue;
      glyphs.push(glyph);
      // pdfkit scales these in place, so they can't be kept.
      positions.push({ xAdvance: glyph.advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 });
      advanceWidth += glyph.advanceWidth;
    }
    return { glyphs, positions, advanceWidth };
  }
}

function readFont(file: string): Uint8Array {
  const bytes = readFileSync(file);
  return file.endsWith('.woff') ? unwrapWoff(bytes) : bytes;
}

const { resolve } = createRequire(import.meta.url);

const primary: Record<Weight, FontFace> = {
  regular: new FontFace('text', () => resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf')),
  semibold: new FontFace('strong', () => resolve('@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf')),
};

const sansHans = (weight: string) => () => join(dirname(resolve('@embedpdf/fonts-sc')), '../fonts', `NotoSansHans-${weight}.otf`);
const nanum = (weight: string) => () => resolve(`@expo-google-fonts/nanum-gothic/${weight}/NanumGothic_${weight}.ttf`);
/** Has a glyph, if a plain one, for every letter of the Basic Multilingual Plane: the last resort. */
const unifont = new FontFace('unifont', () => resolve('@fontsource/unifont/files/unifont-latin-400-normal.woff'));

/** In the order they are asked: Han and Kana; Hangul; Arabic, Hebrew, Armenian, Georgian and symbols; everything else. */
const fallbacks: Record<Weight, readonly FontFace[]> = {
  regular: [
    new FontFace('han', sansHans('Regular')),
    new FontFace('hangul', nanum('400Regular')),
    new FontFace('wide', () => resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
    unifont,
  ],
  semibold: [
    new FontFace('han-strong', sansHans('Bold')),
    new FontFace('hangul-strong', nanum('700Bold')),
    new FontFace('wide-strong', () => resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')),
    unifont,
  ],
};

/** Stands in for a character that no font has. */
const REPLACEMENT = '\ufffd';

/** Scripts that are shaped by rules of their own, so that a run may hold but one of them. */
const SHAPED_SCRIPTS = [
  'Arab',
  'Hebr',
  'Syrc',
  'Thaa',
  'Deva',
  'Beng',
  'Guru',
  'Gujr',
  'Orya',
  'Taml',
  'Telu',
  'Knda',
  'Mlym',
  'Sinh',
  'Thai',
  'Laoo',
  'Tibt',
  'Mymr',
  'Khmr',
  'Mong',
  'Ethi',
].map((script) => new RegExp(`\\p{Script=${script}}`, 'u'));

interface Setting {
  readonly face: FontFace;
  /** Index of the shaped script, -1 for all others. */
  readonly script: number;
}

/**
 * Splits `text` into runs by which font can print them and which rules shape them, in reading order; characters beyond all fonts
 * become `�`.
 */
export function splitByFont(text: string, weight: Weight): FontRun[] {
  const first = primary[weight];
  if (!FontFace.needsShaping(text) && everyCharacterIn(first, text)) return text === '' ? [] : [{ face: first, text }];
  const runs: (Setting & { text: string })[] = [];
  const characters = [...text];
  characters.forEach((character, index) => {
    const last = runs.at(-1);
    if (CLINGS.test(character)) {
      // A mark without a glyph in its letter's font would print as an empty box; the letter alone is the lesser loss.
      if (last?.face.has(codePointOf(character)) === true) last.text += character;
      return;
    }
    if (last !== undefined && NEUTRAL.test(character) && last.face.has(codePointOf(character))) {
      const following = characters.slice(index + 1).find((next) => !NEUTRAL.test(next));
      if (following !== undefined && sameSetting(settingFor(following, weight), last)) {
        last.text += character;
        return;
      }
    }
    const setting = settingFor(character, weight);
    const printed = setting === undefined ? REPLACEMENT : character;
    const used = setting ?? settingFor(REPLACEMENT, weight) ?? { face: first, script: -1 };
    if (last !== undefined && sameSetting(used, last)) last.text += printed;
    else runs.push({ ...used, text: printed });
  });
  return runs;
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function everyCharacterIn(face: FontFace, text: string): boolean {
  for (const character of text) if (!face.has(codePointOf(character))) return false;
  return true;
}

function sameSetting(one: Setting | undefined, other: Setting): boolean {
  return one?.face === other.face && one.script === other.script;
}

function settingFor(character: string, weight: Weight): Setting | undefined {
  const codePoint = codePointOf(character);
  const face = primary[weight].has(codePoint) ? primary[weight] : fallbacks[weight].find((candidate) => candidate.has(codePoint));
  return face && { face, script: SHAPED_SCRIPTS.findIndex((script) => script.test(character)) };
}
