import PDFDocument from 'pdfkit';
import { FontFace, splitByFont } from './statement-fonts.js';
import { fitLines, textWidth, type TextStyle } from './text-layout.js';
import { theme } from './statement-theme.js';

export type StructureElement = ReturnType<PDFKit.PDFDocument['struct']>;

/**
 * Draws text, lines and grounds on the pages of one PDF and keeps its structure tree. Whatever is drawn is either real content,
 * with a structure element, or an artifact: PDF/UA (ISO 14289-1 §7.1) knows nothing between. Points, from the top left corner.
 */
export class PagePainter {
  /** Where the next block starts. */
  y: number = theme.margin.top;
  readonly left = theme.margin.side;
  private readonly root: StructureElement;
  private readonly registered = new Set<string>();
  private colored: { page: unknown; color: string } = { page: null, color: '' };

  /** `drawContinuation` draws the head of every page after the first. */
  constructor(
    readonly pdf: PDFKit.PDFDocument,
    private readonly drawContinuation: (painter: PagePainter) => void,
  ) {
    this.root = pdf.struct('Document');
    pdf.addStructure(this.root);
  }

  get right(): number {
    return this.pdf.page.width - theme.margin.side;
  }

  get contentWidth(): number {
    return this.right - this.left;
  }

  get bottom(): number {
    return this.pdf.page.height - theme.margin.bottom;
  }

  /** Goes on to a new page unless `height` fits on this one. Returns whether it did. */
  ensureSpace(height: number): boolean {
    if (this.y + height <= this.bottom) return false;
    this.pdf.addPage();
    this.y = theme.margin.top;
    this.artifact('Pagination', () => this.drawContinuation(this));
    return true;
  }

  /** Page furniture and decoration, which reading aloud skips. */
  artifact(type: 'Pagination' | 'Layout', draw: () => void): void {
    this.pdf.markContent('Artifact', { type });
    draw();
    this.pdf.endMarkedContent();
  }

  /** A structure element that holds what `draw` draws. */
  element(parent: StructureElement | null, type: string, options: PDFKit.Mixins.StructureElementOptions, draw: () => void): void {
    const content = this.pdf.markStructureContent(type);
    draw();
    this.pdf.endMarkedContent();
    (parent ?? this.root).add(this.pdf.struct(type, options, content));
  }

  /** An element with children of its own; end it with `.end()` when the last is in. */
  group(parent: StructureElement | null, type: string): StructureElement {
    const element = this.pdf.struct(type);
    (parent ?? this.root).add(element);
    return element;
  }

  end(): void {
    this.root.end();
  }

  /** One line of text with its baseline at `baseline`; it isn't broken or shortened. */
  line(text: string, x: number, baseline: number, style: TextStyle): void {
    let at = x;
    for (const { face, text: run } of splitByFont(text, style.weight)) {
      this.useFont(face);
      this.useColor(style.color);
      this.pdf.fontSize(style.size);
      this.pdf.text(run, at, baseline, { lineBreak: false, baseline: 'alphabetic', ...(FontFace.needsShaping(run) && { features: [] }) });
      at += (face.widthOf(run) * style.size) / 1000;
    }
  }

  lineRight(text: string, right: number, baseline: number, style: TextStyle): void {
    this.line(text, right - textWidth(text, style), baseline, style);
  }

  /** Text of several lines from `top`; returns its height. */
  block(lines: readonly string[], x: number, top: number, style: TextStyle, align: 'left' | 'right' = 'left'): number {
    const leading = style.size * theme.leading;
    lines.forEach((text, index) => {
      const baseline = top + style.size + index * leading;
      if (align === 'left') this.line(text, x, baseline, style);
      else this.lineRight(text, x, baseline, style);
    });
    return lines.length * leading;
  }

  /** A paragraph as wide as the page, as real content, at the current place. */
  paragraph(text: string, style: TextStyle, maxLines = 12): void {
    const lines = fitLines(text, style, this.contentWidth, maxLines);
    this.ensureSpace(lines.length * style.size * theme.leading);
    this.element(null, 'P', {}, () => {
      this.y += this.block(lines, this.left, this.y, style);
    });
  }

  /** A filled rectangle, with corners of `radius`. */
  fill(x: number, y: number, width: number, height: number, color: string, radius = 0): void {
    this.useColor(color);
    if (radius === 0) this.pdf.rect(x, y, width, height).fill();
    else this.pdf.roundedRect(x, y, width, height, radius).fill();
  }

  rule(x: number, y: number, width: number, color: string, thickness: number): void {
    this.fill(x, y, width, thickness, color);
  }

  /** Sets the colour only where it changes: half the commands of a page would else say what is so already. */
  private useColor(color: string): void {
    if (this.colored.page === this.pdf.page && this.colored.color === color) return;
    this.pdf.fillColor(color);
    this.colored = { page: this.pdf.page, color };
  }

  private useFont(face: FontFace): void {
    if (!this.registered.has(face.name)) {
      // pdfkit takes a parsed font as well as a file, which its types don't say; parsing it anew for every statement is what that avoids.
      this.pdf.registerFont(face.name, face.forEmbedding as unknown as string);
      this.registered.add(face.name);
    }
    this.pdf.font(face.name);
  }
}

/** The part of ISO 14289 that pdfkit 0.20 writes; its types know the PDF/A parts of ISO 19005 only. */
const PDF_UA = 'PDF/UA' as unknown as 'PDF/A-2a';

/** Undefined would have pdfkit read Helvetica for every document, which PDF/UA forbids to use. */
const NO_DEFAULT_FONT = null as unknown as string;

/** An empty tagged PDF (PDF/UA-1); the first page isn't there yet. */
export function openPdf(options: PDFKit.PDFDocumentOptions): PDFKit.PDFDocument {
  return new PDFDocument({
    ...options,
    subset: PDF_UA,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    autoFirstPage: false,
    bufferPages: true,
    margin: 0,
    font: NO_DEFAULT_FONT,
  });
}
