import 'pdfkit';

/** What pdfkit 0.20 understands and its published types don't name yet. */
declare global {
  namespace PDFKit {
    namespace Mixins {
      interface StructureElementOptions {
        /** Which cells a table header speaks for (PDF/UA, ISO 14289-1 §7.5). */
        scope?: 'Column' | 'Row' | 'Both';
        bbox?: [number, number, number, number];
        placement?: string;
      }
    }
  }
}
