import { embedImage } from '../pdf/pdf-image.js';
import { type ObjectId, type PdfInfo, pdfText, PdfWriter, reference } from '../pdf/pdf-writer.js';
import { short, TextEncoder } from '../pdf/text-encoder.js';
import type { StatementLook } from './statement-theme.js';
import { theme } from './statement-theme.js';
import { fitLines, textWidth, type TextStyle } from './text-layout.js';

/** Points. */
const PAGE_SIZES = { LETTER: { width: 612, height: 792 }, A4: { width: 595.28, height: 841.89 } } as const;

/** What an element says besides what is drawn (ISO 32000-1 §14.9). */
export interface ElementOptions {
  /** Stands for a picture when the document is read aloud. */
  readonly alt?: string;
  /** The whole of a text that was shortened to fit. */
  readonly actual?: string;
  /** Which cells a table header speaks for (PDF/UA-1, ISO 14289-1 §7.5). */
  readonly scope?: 'Column' | 'Row';
  /** Of a figure: left, top, right, bottom. */
  readonly bbox?: readonly [number, number, number, number];
}

/** An element of the structure tree that has others below it; to be ended when the last is in. */
export interface StructureElement {
  readonly id: ObjectId;
  /** Takes a child up. */
  add(child: ObjectId): void;
  end(): void;
}

interface Page {
  readonly id: ObjectId;
  readonly key: number;
  content: string;
  color: string;
  /** The element of each piece of marked content, by its number. */
  readonly parents: ObjectId[];
}

/**
 * Draws text, lines and grounds on the pages of one PDF and keeps its structure tree. Whatever is drawn is either real content,
 * with a structure element, or an artifact: PDF/UA (ISO 14289-1 §7.1) knows nothing between. Points, from the top left corner.
 * A page is written when the next one begins, an element when it ends; of neither is kept more than its number.
 */
export class PagePainter {
  /** Where the next block starts. */
  y: number = theme.margin.top;
  readonly left = theme.margin.side;
  readonly width: number;
  readonly height: number;
  /** What an organisation's font, or every font, lacks: characters, each once. */
  readonly substituted = new Set<string>();
  readonly lacking = new Set<string>();
  private readonly writer = new PdfWriter();
  private readonly text: TextEncoder;
  private readonly pages = this.writer.reserve();
  private readonly resources = this.writer.reserve();
  private readonly treeRoot = this.writer.reserve();
  private readonly root: StructureElement;
  /** Says how many pages there are, on each of them; drawn when that is known. */
  private readonly pageTotal = this.writer.reserve();
  private readonly pageIds: ObjectId[] = [];
  private readonly parentTree: ObjectId[] = [];
  private readonly images: string[] = [];
  private page: Page;

  /** `letters` are those of the language besides ASCII; `furniture` draws what pages have besides their content: the head at the beginning of all but the first, the foot at the end of all. */
  constructor(
    size: keyof typeof PAGE_SIZES,
    readonly look: StatementLook,
    letters: string,
    private readonly furniture: { readonly head: (painter: PagePainter) => void; readonly foot: (painter: PagePainter) => void },
  ) {
    ({ width: this.width, height: this.height } = PAGE_SIZES[size]);
    this.text = new TextEncoder(this.writer, letters);
    this.root = this.startElement('Document', this.treeRoot);
    this.page = this.startPage();
  }

  get right(): number {
    return this.width - theme.margin.side;
  }

  get contentWidth(): number {
    return this.right - this.left;
  }

  get bottom(): number {
    return this.height - theme.margin.bottom;
  }

  get pageNumber(): number {
    return this.pageIds.length;
  }

  /** Whether `height` fits on this page. */
  hasSpace(height: number): boolean {
    return this.y + height <= this.bottom;
  }

  /** Goes on to a new page unless `height` fits on this one. Returns whether it did. */
  ensureSpace(height: number): boolean {
    if (this.hasSpace(height)) return false;
    this.endPage();
    this.page = this.startPage();
    this.y = theme.margin.top;
    this.artifact('Pagination', () => this.furniture.head(this));
    return true;
  }

  /** Page furniture and decoration, which reading aloud skips. */
  artifact(type: 'Pagination' | 'Layout', draw: () => void): void {
    this.page.content += `/Artifact<</Type/${type}>>BDC\n`;
    draw();
    this.page.content += 'EMC\n';
  }

  /** A structure element that holds what `draw` draws. */
  element(parent: StructureElement | null, type: string, options: ElementOptions, draw: () => void): void {
    const mark = this.page.parents.length;
    const id = this.writer.reserve();
    this.page.parents.push(id);
    this.page.content += `/${type}<</MCID ${mark}>>BDC\n`;
    draw();
    this.page.content += 'EMC\n';
    this.writer.object(
      `<</S/${type}/P ${reference((parent ?? this.root).id)}/Pg ${reference(this.page.id)}/K ${mark}${this.entriesOf(options)}>>`,
      id,
    );
    (parent ?? this.root).add(id);
  }

  /** An element with children of its own; end it with `.end()` when the last is in. */
  group(parent: StructureElement | null, type: string): StructureElement {
    const above = parent ?? this.root;
    const element = this.startElement(type, above.id);
    above.add(element.id);
    return element;
  }

  /** An element without anything in it, such as a table's empty cell. */
  empty(parent: StructureElement, type: string): void {
    parent.add(this.writer.object(`<</S/${type}/P ${reference(parent.id)}/K[]>>`));
  }

  /** One line of text with its baseline at `baseline`; it isn't broken or shortened. */
  line(text: string, x: number, baseline: number, style: TextStyle): void {
    if (text.trim() === '') return;
    let at = x;
    let shown = '';
    for (const run of style.font.split(text)) {
      if (run.lacking !== '') for (const character of run.lacking) this.lacking.add(character);
      else if (style.font.ofTheme && !style.font.isPrimary(run))
        for (const character of run.text.replaceAll(/\s/g, '')) this.substituted.add(character);
      shown += this.text.show(run.face, run.text, style.size, at, this.height - baseline);
      at += (run.face.widthOf(run.text) * style.size) / 1000;
    }
    this.useColor(style.color);
    this.page.content += `BT ${shown}ET\n`;
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
      this.y += this.block(
        lines.map((line) => `${line.trimEnd()} `),
        this.left,
        this.y,
        style,
      );
    });
  }

  /** A filled rectangle, with corners of `radius`. */
  fill(x: number, y: number, width: number, height: number, color: string, radius = 0): void {
    this.useColor(color);
    this.page.content += `${radius === 0 ? `${short(x)} ${short(this.height - y - height)} ${short(width)} ${short(height)} re` : this.rounded(x, y, width, height, radius)} f\n`;
  }

  rule(x: number, y: number, width: number, color: string, thickness: number): void {
    this.fill(x, y, width, thickness, color);
  }

  /** A line through these points. */
  polyline(points: readonly (readonly [x: number, y: number])[], color: string, thickness: number): void {
    const path = points.map(([x, y], index) => `${short(x)} ${short(this.height - y)} ${index === 0 ? 'm' : 'l'}`).join(' ');
    this.page.content += `q ${rgb(color)} RG ${short(thickness)} w 1 J 1 j ${path} S Q\n`;
  }

  /** A picture within a box, at its left and in the middle of its height. @throws DomainError `statement.logo_unreadable`. */
  image(bytes: Uint8Array, box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): void {
    const image = embedImage(this.writer, bytes);
    const scale = Math.min(box.width / image.width, box.height / image.height);
    const [width, height] = [image.width * scale, image.height * scale];
    const bottom = this.height - box.y - (box.height + height) / 2;
    const name = `I${this.images.length}`;
    this.images.push(`/${name} ${reference(image.id)}`);
    this.page.content += `q ${short(width)} 0 0 ${short(height)} ${short(box.x)} ${short(bottom)} cm /${name} Do Q\n`;
  }

  /** Where the number of all pages is to stand, in what {@link end} is told. */
  pageTotalAt(x: number, baseline: number): void {
    this.page.content += `q 1 0 0 1 ${short(x)} ${short(this.height - baseline)} cm /T Do Q\n`;
  }

  /** What of the document is written by now and was not taken before. */
  take(): Uint8Array {
    return this.writer.take();
  }

  /** Ends the last page and the document. `total` writes how many pages there are. */
  end(info: PdfInfo, total: (pages: number) => { readonly text: string; readonly style: TextStyle }): void {
    this.endPage();
    this.root.end();
    this.drawPageTotal(total(this.pageIds.length));
    const fonts = this.text.embed();
    const images = [`/T ${reference(this.pageTotal)}`, ...this.images].join('');
    this.writer.object(`<</Font<<${fonts}>>/XObject<<${images}>>>>`, this.resources);
    this.writer.object(`<</Type/Pages/Count ${this.pageIds.length}/Kids[${this.pageIds.map(reference).join(' ')}]>>`, this.pages);
    const parents = this.parentTree.map((id, key) => `${key} ${reference(id)}`).join(' ');
    const tree = this.writer.object(`<</Nums[${parents}]>>`);
    this.writer.object(
      `<</Type/StructTreeRoot/K ${reference(this.root.id)}/ParentTree ${reference(tree)}/ParentTreeNextKey ${this.parentTree.length}>>`,
      this.treeRoot,
    );
    this.writer.end(`/Pages ${reference(this.pages)}/StructTreeRoot ${reference(this.treeRoot)}`, info);
  }

  private drawPageTotal({ text, style }: { readonly text: string; readonly style: TextStyle }): void {
    const shown = style.font.split(text).map((run) => this.text.show(run.face, run.text, style.size, 0, 0));
    const content = `${rgb(style.color)} rg BT ${shown.join('')}ET`;
    const width = short(textWidth(text, style) + 1);
    this.writer.stream(
      `/Type/XObject/Subtype/Form/BBox[0 ${short(-style.size)} ${width} ${short(style.size)}]/Resources ${reference(this.resources)}`,
      content,
      this.pageTotal,
    );
  }

  private startPage(): Page {
    const page = { id: this.writer.reserve(), key: this.pageIds.length, content: '', color: '', parents: [] };
    this.pageIds.push(page.id);
    return page;
  }

  private endPage(): void {
    this.artifact('Pagination', () => this.furniture.foot(this));
    const { id, key, content, parents } = this.page;
    const stream = this.writer.stream('', content);
    this.writer.object(
      `<</Type/Page/Parent ${reference(this.pages)}/MediaBox[0 0 ${this.width} ${this.height}]/Resources ${reference(this.resources)}/Contents ${reference(stream)}/StructParents ${key}/Tabs/S>>`,
      id,
    );
    this.parentTree.push(this.writer.object(`[${parents.map(reference).join(' ')}]`));
  }

  private startElement(type: string, above: ObjectId): StructureElement {
    const id = this.writer.reserve();
    const children: ObjectId[] = [];
    return {
      id,
      add: (child) => children.push(child),
      end: () => {
        this.writer.object(`<</S/${type}/P ${reference(above)}/K[${children.map(reference).join(' ')}]>>`, id);
      },
    };
  }

  private entriesOf({ alt, actual, scope, bbox }: ElementOptions): string {
    let entries = '';
    if (alt !== undefined) entries += `/Alt ${pdfText(alt)}`;
    if (actual !== undefined) entries += `/ActualText ${pdfText(actual)}`;
    if (scope !== undefined) entries += `/A<</O/Table/Scope/${scope}>>`;
    if (bbox !== undefined) {
      const [left, top, right, bottom] = bbox;
      const box = [left, this.height - bottom, right, this.height - top].map(short).join(' ');
      entries += `/A<</O/Layout/Placement/Block/BBox[${box}]>>`;
    }
    return entries;
  }

  private rounded(x: number, y: number, width: number, height: number, radius: number): string {
    // A quarter of a circle by a Bézier curve.
    const handle = radius * 0.4477;
    const [left, right, bottom, top] = [x, x + width, this.height - y - height, this.height - y];
    const curve = (...points: readonly number[]): string => `${points.map(short).join(' ')} c`;
    return [
      `${short(left + radius)} ${short(bottom)} m ${short(right - radius)} ${short(bottom)} l`,
      curve(right - handle, bottom, right, bottom + handle, right, bottom + radius),
      `${short(right)} ${short(top - radius)} l`,
      curve(right, top - handle, right - handle, top, right - radius, top),
      `${short(left + radius)} ${short(top)} l`,
      curve(left + handle, top, left, top - handle, left, top - radius),
      `${short(left)} ${short(bottom + radius)} l`,
      curve(left, bottom + handle, left + handle, bottom, left + radius, bottom),
      'h',
    ].join(' ');
  }

  /** Sets the colour only where it changes: half the commands of a page would else say what is so already. */
  private useColor(color: string): void {
    if (this.page.color === color) return;
    this.page.content += `${rgb(color)} rg\n`;
    this.page.color = color;
  }
}

const rgbs = new Map<string, string>();

/** `#rrggbb` as three parts from 0 to 1. */
function rgb(color: string): string {
  let parts = rgbs.get(color);
  if (parts === undefined) {
    parts = [1, 3, 5].map((at) => String(Math.round((parseInt(color.slice(at, at + 2), 16) / 255) * 1000) / 1000)).join(' ');
    rgbs.set(color, parts);
  }
  return parts;
}
