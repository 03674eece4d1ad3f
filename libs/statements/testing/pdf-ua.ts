import { operationsOf } from './pdf-content.js';
import { nameOf, type PdfDictionary, PdfObjects, type PdfValue, textOf } from './pdf-objects.js';

const STANDARD_TYPES = new Set(['Document', 'H1', 'H2', 'P', 'Figure', 'Table', 'THead', 'TBody', 'TR', 'TH', 'TD']);
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  Document: ['H1', 'H2', 'P', 'Figure', 'Table'],
  Table: ['THead', 'TBody'],
  THead: ['TR'],
  TBody: ['TR'],
  TR: ['TH', 'TD'],
};
/** Operators that put something on the page. */
const PAINTS = new Set(['Tj', 'TJ', "'", '"', 'f', 'F', 'f*', 'S', 's', 'B', 'b', 'B*', 'b*', 'Do', 'sh', 'BI']);

/**
 * What keeps a PDF from being PDF/UA-1 (ISO 14289-1), by the failure conditions of the Matterhorn Protocol 1.1 that a machine can tell and
 * that concern what statements use: real content and artifacts (01), title and language (06, 07, 11), the structure tree and its tables (09, 13, 14, 15),
 * fonts and their characters (10, 31), metadata (05, 06). Empty: nothing was found.
 */
export function pdfUaProblems(pdf: Uint8Array): string[] {
  return new Check(PdfObjects.read(pdf)).run();
}

class Check {
  private readonly problems: string[] = [];
  /** `page reference|number` of each piece of marked content that the pages hold, and how often the tree leads to it. */
  private readonly marked = new Map<string, number>();

  constructor(private readonly pdf: PdfObjects) {}

  run(): string[] {
    this.checkDocument();
    for (const { reference, page } of this.pdf.pages()) this.checkPage(reference, page);
    this.checkTree();
    this.checkFonts();
    return this.problems;
  }

  private require(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }

  private checkDocument(): void {
    const { catalog, trailer } = this.pdf;
    const title = textOf(this.pdf.resolve(this.pdf.dictionary(trailer['/Info'])['/Title']));
    const metadata = this.pdf.content(catalog['/Metadata']).toString('utf8');
    this.require(this.pdf.dictionary(catalog['/MarkInfo'])['/Marked'] === true, 'the document is not marked as tagged');
    this.require(this.pdf.dictionary(catalog['/ViewerPreferences'])['/DisplayDocTitle'] === true, 'the title is not displayed');
    this.require(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(textOf(catalog['/Lang'])), 'the document has no language');
    this.require(metadata.includes('<pdfuaid:part>1</pdfuaid:part>'), 'the metadata do not say PDF/UA-1');
    this.require(title !== '' && metadata.includes(escaped(title)), 'the metadata do not hold the title');
    this.require(trailer['/Encrypt'] === undefined, 'the document is encrypted');
  }

  private checkPage(reference: string, page: PdfDictionary): void {
    this.require(page['/Tabs'] === '/S', `page ${reference} has no tab order by structure`);
    const parents = this.parentsOf(page);
    let within: { readonly isArtifact: boolean } | undefined;
    for (const { operator, operands } of operationsOf(this.pdf.content(page['/Contents']).toString('latin1'))) {
      if (operator === 'BDC' || operator === 'BMC') {
        this.require(within === undefined, `page ${reference} has marked content within marked content`);
        within = { isArtifact: operands[0] === '/Artifact' };
        const mark = /\/MCID (\d+)/.exec(operands[1] ?? '')?.[1];
        this.require(
          within.isArtifact === (mark === undefined),
          `page ${reference} has content that is neither an artifact nor in the tree`,
        );
        if (mark === undefined) continue;
        this.marked.set(`${reference}|${mark}`, 0);
        const element = this.pdf.dictionary(parents[Number(mark)]);
        this.require(
          element['/S'] === operands[0],
          `content ${mark} of page ${reference} is ${operands[0] ?? ''} but its element is ${nameOf(element['/S'])}`,
        );
      } else if (operator === 'EMC') {
        this.require(within !== undefined, `page ${reference} ends marked content that it did not begin`);
        within = undefined;
      } else if (PAINTS.has(operator)) {
        this.require(within !== undefined, `page ${reference} draws with ${operator} outside of marked content`);
      }
    }
    this.require(within === undefined, `page ${reference} does not end its marked content`);
  }

  private parentsOf(page: PdfDictionary): PdfValue[] {
    const tree = this.pdf.dictionary(this.pdf.dictionary(this.pdf.catalog['/StructTreeRoot'])['/ParentTree']);
    const numbers = this.pdf.array(tree['/Nums']);
    const at = numbers.findIndex((value, index) => index % 2 === 0 && value === page['/StructParents']);
    return at < 0 ? [] : this.pdf.array(numbers[at + 1]);
  }

  private checkTree(): void {
    const { catalog } = this.pdf;
    const root = this.pdf.dictionary(catalog['/StructTreeRoot']);
    const headings: string[] = [];
    for (const kid of asArray(root['/K'])) this.checkElement(kid, catalog['/StructTreeRoot'], headings);
    this.require(headings[0] === 'H1', 'the first heading is not of the first level');
    for (const [content, found] of this.marked) this.require(found === 1, `content ${content} is in the tree ${found} times`);
  }

  private checkElement(reference: PdfValue, parent: PdfValue | undefined, headings: string[]): void {
    const element = this.pdf.dictionary(reference);
    const type = nameOf(element['/S']).slice(1);
    const what = `${type} ${nameOf(reference)}`;
    this.require(STANDARD_TYPES.has(type), `${what} is of no standard type`);
    this.require(element['/P'] === parent, `${what} names another parent`);
    if (/^H\d$/.test(type)) headings.push(type);
    if (type === 'Figure') this.require(textOf(element['/Alt']) !== '', `${what} has no alternative text`);
    if (type === 'TH') {
      const attributes = this.pdf.dictionary(element['/A']);
      this.require(attributes['/Scope'] === '/Column' || attributes['/Scope'] === '/Row', `${what} does not say what it heads`);
    }
    const kids = asArray(element['/K']);
    const allowed = CHILDREN[type];
    for (const kid of kids) {
      if (typeof kid === 'number') {
        const key = `${nameOf(element['/Pg'])}|${kid}`;
        this.require(this.marked.has(key), `${what} leads to content ${key}, which no page has`);
        this.marked.set(key, (this.marked.get(key) ?? 0) + 1);
        continue;
      }
      const childType = nameOf(this.pdf.dictionary(kid)['/S']).slice(1);
      this.require(allowed?.includes(childType) ?? false, `${what} holds ${childType}`);
      this.checkElement(kid, reference, headings);
    }
    if (type === 'Table') this.checkTable(element, what);
  }

  private checkTable(table: PdfDictionary, what: string): void {
    const rows = asArray(table['/K']).flatMap((part) => asArray(this.pdf.dictionary(part)['/K']));
    const widths = new Set(rows.map((row) => asArray(this.pdf.dictionary(row)['/K']).length));
    this.require(widths.size === 1, `${what} has rows of different lengths`);
    const [head] = rows;
    const cells = asArray(this.pdf.dictionary(head)['/K']).map((cell) => this.pdf.dictionary(cell)['/S']);
    this.require(cells.length > 0 && cells.every((type) => type === '/TH'), `${what} has no row of headings`);
  }

  private checkFonts(): void {
    const used = this.charactersShown();
    for (const [reference, codes] of used) {
      const font = this.pdf.dictionary(reference);
      const descendant = this.pdf.dictionary(this.pdf.array(font['/DescendantFonts'])[0]);
      const descriptor = this.pdf.dictionary(descendant['/FontDescriptor']);
      const name = nameOf(font['/BaseFont']);
      const file = descriptor['/FontFile2'] ?? descriptor['/FontFile3'];
      this.require(this.pdf.content(file).length > 0, `${name} is not embedded`);
      this.require(/^\/[A-Z]{6}\+/.test(name), `${name} is not named as a subset`);
      const characters = mappedCodes(this.pdf.content(font['/ToUnicode']).toString('latin1'));
      const widths = this.pdf.array(this.pdf.array(descendant['/W'])[1]);
      for (const code of codes) {
        this.require(code !== '0000', `${name} shows the glyph for what is missing`);
        this.require(characters.has(code), `${name} does not say which character ${code} is`);
        this.require(typeof widths[parseInt(code, 16)] === 'number', `${name} has no width for ${code}`);
      }
    }
  }

  /** The codes that pages, and forms on them, show in each font. */
  private charactersShown(): Map<string, Set<string>> {
    const shown = new Map<string, Set<string>>();
    const read = (content: Buffer, resources: PdfDictionary): void => {
      const fonts = this.pdf.dictionary(resources['/Font']);
      let font = '';
      for (const { operator, operands } of operationsOf(content.toString('latin1'))) {
        if (operator === 'Tf') font = nameOf(fonts[operands[0] ?? '']);
        if (operator !== 'Tj' && operator !== 'TJ') continue;
        const codes = shown.get(font) ?? new Set();
        for (const [code] of (operands[0] ?? '').matchAll(/[0-9a-f]{4}/g)) codes.add(code);
        shown.set(font, codes);
      }
    };
    for (const { page } of this.pdf.pages()) {
      const resources = this.pdf.dictionary(page['/Resources']);
      read(this.pdf.content(page['/Contents']), resources);
      for (const form of Object.values(this.pdf.dictionary(resources['/XObject']))) {
        const dictionary = this.pdf.dictionary(form);
        if (dictionary['/Subtype'] !== '/Form') continue;
        this.require(!this.pdf.content(form).includes('MCID'), 'a form that is on several pages has content for the tree');
        read(this.pdf.content(form), this.pdf.dictionary(dictionary['/Resources']));
      }
    }
    return shown;
  }
}

function asArray(value: PdfValue | undefined): PdfValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function mappedCodes(map: string): Set<string> {
  return new Set([...map.matchAll(/^<([0-9a-f]{4})> <(?!0000>)[0-9a-f]{4,}>$/gm)].map(([, code = '']) => code));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
