import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { openPdf } from './pdf-text.js';

/** A row of a table as it is read aloud: the text of each cell, with its line breaks taken out. */
export type TableText = readonly string[];

/** A statement as a reader of PDFs tells it that follows the structure tree, as a screen reader does. */
export interface StatementText {
  /** The text of each paragraph and heading. */
  readonly paragraphs: readonly string[];
  /** Rows below the column headings, by the heading of their section. */
  readonly tables: ReadonlyMap<string, readonly TableText[]>;
}

interface StructureNode {
  readonly role?: string;
  readonly type?: string;
  readonly id?: string;
  readonly children?: readonly StructureNode[];
}

/** Reads a statement back with pdfjs. */
export async function readStatement(bytes: Uint8Array): Promise<StatementText> {
  const pdf: PDFDocumentProxy = await openPdf(bytes);
  const paragraphs: string[] = [];
  const tables = new Map<string, TableText[]>();
  let section = '';
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const pieces = await piecesOf(page);
    const textOf = (node: StructureNode): string =>
      node.type === 'content' ? (pieces.get(node.id ?? '') ?? '') : (node.children ?? []).map(textOf).join('');
    for (const node of ((await page.getStructTree()) as StructureNode | null)?.children?.flatMap(blocksIn) ?? []) {
      if (node.role === 'Table') {
        const rows = bodiesOf(node).map((row) => (row.children ?? []).map((cell) => oneLine(textOf(cell))));
        // A table that goes on for pages is told on each of them, with empty rows for the other pages.
        const here = rows.filter((row) => row.some((text) => text !== ''));
        tables.set(section, [...(tables.get(section) ?? []), ...here]);
        continue;
      }
      const text = oneLine(textOf(node));
      if (text === '') continue;
      if (node.role === 'H2') section = text;
      paragraphs.push(text);
    }
  }
  return { paragraphs, tables };
}

/** An amount as it is printed in English, as a decimal. */
export function plainAmount(text: string): string {
  return text.replaceAll(',', '').replace('−', '-').replace('$', '');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** The text of each piece of marked content, by its id. */
async function piecesOf(page: PDFPageProxy): Promise<Map<string, string>> {
  const { items } = await page.getTextContent({ includeMarkedContent: true });
  const pieces = new Map<string, string>();
  const open: string[] = [];
  for (const item of items) {
    if ('str' in item) {
      const id = open.at(-1) ?? '';
      pieces.set(id, `${pieces.get(id) ?? ''}${item.str}${item.hasEOL ? ' ' : ''}`);
    } else if (item.type === 'endMarkedContent') open.pop();
    else open.push(item.id);
  }
  return pieces;
}

/** Paragraphs, headings and tables, in reading order. */
function blocksIn(node: StructureNode): StructureNode[] {
  return node.role === 'Document' || node.role === 'Root' ? (node.children ?? []).flatMap(blocksIn) : [node];
}

function bodiesOf(table: StructureNode): StructureNode[] {
  return (table.children ?? []).filter(({ role }) => role === 'TBody').flatMap(({ children }) => children ?? []);
}
