import { PdfObjects, type PdfValue, textOf } from './pdf-objects.js';

/** What a PDF says to those who don't see its pages: title and subject, and what is read aloud in place of what is drawn. */
export function unseenTexts(pdf: Uint8Array): string[] {
  const objects = PdfObjects.read(pdf);
  const info = objects.dictionary(objects.trailer['/Info']);
  const spoken = (reference: PdfValue | undefined): string[] => {
    if (typeof reference !== 'string') return [];
    const { '/Alt': alt, '/ActualText': actual, '/K': children } = objects.dictionary(reference);
    return [textOf(alt), textOf(actual), ...(Array.isArray(children) ? children : [children]).flatMap(spoken)];
  };
  return [textOf(info['/Title']), textOf(info['/Subject']), ...spoken(objects.catalog['/StructTreeRoot'])].filter((text) => text !== '');
}
