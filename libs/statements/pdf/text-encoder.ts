import { FontFace } from './font-face.js';
import { FontSubset } from './font-subset.js';
import { type ObjectId, type PdfWriter, reference } from './pdf-writer.js';

interface UsedFont {
  readonly resource: string;
  readonly subset: FontSubset;
  readonly id: ObjectId;
}

/** The fonts of one document: turns text into the operators that show it, and embeds what was used. */
export class TextEncoder {
  private readonly common = new Map<FontFace, UsedFont>();
  private readonly own = new Map<FontFace, UsedFont>();

  /** `letters`: those of the document's language that most of its texts may have besides ASCII. */
  constructor(
    private readonly writer: PdfWriter,
    private readonly letters: string,
  ) {}

  /**
   * What shows `text` in a font of `size` points with its origin at (x, y), y upwards; between `BT` and `ET`. Every character must be one that
   * the face has.
   */
  show(face: FontFace, text: string, size: number, x: number, y: number): string {
    if (FontFace.needsShaping(text)) return this.showShaped(face, text, size, x, y);
    if (!face.isText) return this.showOwn(face, text, size, x, y);
    const common = this.used(this.common, face, () => face.commonWith(this.letters));
    let codes = '';
    for (const character of text) {
      const code = common.subset.codeOf(character.codePointAt(0) ?? 0);
      if (code === undefined) return this.showOwn(face, text, size, x, y);
      codes += code;
    }
    return `/${common.resource} ${short(size)} Tf 1 0 0 1 ${short(x)} ${short(y)} Tm<${codes}>Tj\n`;
  }

  /** Writes all fonts and gives the entries of the resource dictionary. */
  embed(): string {
    const fonts = [...this.common.values(), ...this.own.values()];
    fonts.forEach(({ subset, id }, index) => subset.embed(this.writer, id, tagOf(index)));
    return fonts.map(({ resource, id }) => `/${resource} ${reference(id)}`).join('');
  }

  private showOwn(face: FontFace, text: string, size: number, x: number, y: number): string {
    const { resource, subset } = this.used(this.own, face, () => new FontSubset(face.font));
    let codes = '';
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      const glyph = face.glyph(codePoint);
      if (glyph !== null) codes += subset.codeOf(codePoint) ?? subset.codeFor(glyph, [codePoint]);
    }
    return `/${resource} ${short(size)} Tf 1 0 0 1 ${short(x)} ${short(y)} Tm<${codes}>Tj\n`;
  }

  /** Each glyph at its own place: rules of a script move them, and give them other widths. */
  private showShaped(face: FontFace, text: string, size: number, x: number, y: number): string {
    const { resource, subset } = this.used(this.own, face, () => new FontSubset(face.font));
    const scale = size / face.font.unitsPerEm;
    const { glyphs, positions } = face.shaped(text);
    let operators = `/${resource} ${short(size)} Tf\n`;
    let at = x;
    glyphs.forEach((glyph, index) => {
      const position = positions[index] ?? { xAdvance: glyph.advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 };
      const code = subset.codeFor(glyph, glyph.codePoints.length === 0 ? [0x200b] : glyph.codePoints);
      operators += `1 0 0 1 ${short(at + position.xOffset * scale)} ${short(y + position.yOffset * scale)} Tm<${code}>Tj\n`;
      at += position.xAdvance * scale;
    });
    return operators;
  }

  private used(fonts: Map<FontFace, UsedFont>, face: FontFace, subset: () => FontSubset): UsedFont {
    let font = fonts.get(face);
    if (font === undefined) {
      font = { resource: `F${this.common.size + this.own.size}`, subset: subset(), id: this.writer.reserve() };
      fonts.set(face, font);
    }
    return font;
  }
}

/** Six capital letters that tell the subsets of a document apart (ISO 32000-1 §9.6.4). */
function tagOf(index: number): string {
  let rest = index;
  let tag = '';
  for (let place = 0; place < 6; place++) {
    tag = String.fromCharCode(65 + (rest % 26)) + tag;
    rest = Math.floor(rest / 26);
  }
  return tag;
}

/** Hundredths of a point are finer than any printer. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
