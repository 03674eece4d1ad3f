import type { Font, Glyph } from 'fontkit';
import { compressed, type ObjectId, type PdfWriter, reference } from './pdf-writer.js';

/** What of a subset goes into a document, ready to be written. */
interface Packed {
  readonly fontFile: Uint8Array;
  readonly isPostScript: boolean;
  readonly toUnicode: Uint8Array;
  readonly widths: string;
}

/** Some glyphs of a font, as a document embeds them: a code of four hexadecimal digits for each. */
export class FontSubset {
  private readonly subset;
  private readonly codes = new Map<number, string>();
  private readonly widths: number[] = [];
  private readonly unicode: string[] = ['fffd'];
  private readonly byCharacter = new Map<number, string>();
  private packed: Packed | undefined;

  constructor(private readonly font: Font) {
    this.subset = font.createSubset();
    this.widths.push(this.thousandths(font.getGlyph(0).advanceWidth));
  }

  /** The code of a character that was included before; undefined for others. */
  codeOf(codePoint: number): string | undefined {
    return this.byCharacter.get(codePoint);
  }

  /** Includes a glyph, which stands for these characters, and gives its code. */
  codeFor(glyph: Glyph, codePoints: readonly number[]): string {
    let code = this.codes.get(glyph.id);
    if (code === undefined) {
      const number = this.subset.includeGlyph(glyph.id);
      code = number.toString(16).padStart(4, '0');
      this.codes.set(glyph.id, code);
      this.widths[number] = this.thousandths(glyph.advanceWidth);
      this.unicode[number] = Buffer.from(String.fromCodePoint(...codePoints), 'utf16le')
        .swap16()
        .toString('hex');
    }
    const [only] = codePoints;
    if (codePoints.length === 1 && only !== undefined) this.byCharacter.set(only, code);
    return code;
  }

  /** Writes the font (ISO 32000-1 §9.7): its glyphs, their widths, and the characters that they stand for. */
  embed(writer: PdfWriter, id: ObjectId, tag: string): void {
    this.packed ??= this.pack();
    const { fontFile, isPostScript, toUnicode, widths } = this.packed;
    const { bbox } = this.font;
    const file = writer.compressedStream(isPostScript ? '/Subtype/CIDFontType0C' : '', fontFile);
    const name = `/${tag}+${(this.font.postscriptName ?? 'Font').replaceAll(/[^\w-]/g, '_')}`;
    const box = [bbox.minX, bbox.minY, bbox.maxX, bbox.maxY].map((edge) => this.thousandths(edge)).join(' ');
    const [ascent, descent, capHeight] = [this.font.ascent, this.font.descent, this.font.capHeight || this.font.ascent].map((height) =>
      this.thousandths(height),
    );
    const descriptor = writer.object(
      `<</Type/FontDescriptor/FontName${name}/Flags 4/FontBBox[${box}]/ItalicAngle ${this.font.italicAngle}/Ascent ${ascent}/Descent ${descent}/CapHeight ${capHeight}/StemV 80/${isPostScript ? 'FontFile3' : 'FontFile2'} ${reference(file)}>>`,
    );
    const descendant = writer.object(
      `<</Type/Font/Subtype/${isPostScript ? 'CIDFontType0' : 'CIDFontType2/CIDToGIDMap/Identity'}/BaseFont${name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ${reference(descriptor)}/W[0[${widths}]]>>`,
    );
    const map = writer.compressedStream('', toUnicode);
    writer.object(
      `<</Type/Font/Subtype/Type0/BaseFont${name}/Encoding/Identity-H/DescendantFonts[${reference(descendant)}]/ToUnicode ${reference(map)}>>`,
      id,
    );
  }

  private pack(): Packed {
    const fontFile = compressed(this.subset.encode());
    return {
      fontFile,
      isPostScript: this.subset.cff !== undefined,
      toUnicode: compressed(this.characterMap()),
      widths: this.widths.join(' '),
    };
  }

  private characterMap(): string {
    const lines = this.unicode.map((text, code) => `<${code.toString(16).padStart(4, '0')}> <${text}>`);
    let blocks = '';
    for (let first = 0; first < lines.length; first += 100) {
      const block = lines.slice(first, first + 100);
      blocks += `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar\n`;
    }
    return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
${blocks}endcmap
CMapName currentdict /CMap defineresource pop
end
end
`;
  }

  private thousandths(units: number): number {
    return Math.round((units * 100_000) / this.font.unitsPerEm) / 100;
  }
}
