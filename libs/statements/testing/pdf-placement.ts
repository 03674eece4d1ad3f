import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** Points that a statement keeps free at its left and right, but for rounding. */
const MARGIN = 53.9;

/** Texts that reach into a margin, and texts of one line that lie on each other, as a reader of PDFs finds them. */
export async function misplacedTexts(pdf: PDFDocumentProxy): Promise<string[]> {
  const problems: string[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const [, , width = 0] = page.view;
    const items = (await page.getTextContent()).items.flatMap((item) => ('str' in item && item.str.trim() !== '' ? [item] : []));
    const placed = items.map((item) => ({
      text: item.str,
      left: Number(item.transform[4]),
      right: Number(item.transform[4]) + item.width,
      y: Number(item.transform[5]),
    }));
    for (const { text, left, right, y } of placed) {
      if (left < MARGIN || right > width - MARGIN) problems.push(`page ${number}: “${text}” from ${left} to ${right}`);
      for (const other of placed) {
        if (other.text !== text && Math.abs(other.y - y) < 5 && other.left > left && other.left < right - 0.1)
          problems.push(`page ${number}: “${other.text}” on “${text}”`);
      }
    }
  }
  return problems;
}
