import { AmountFormat } from './amount-format.js';
import { statementWording } from './statement-wording.js';
import { openPdf, PagePainter } from './page-painter.js';
import { drawChanges } from './statement-changes.js';
import type { StatementDocument } from './statement-document.js';
import { drawContinuationHead, drawFooters } from './statement-furniture.js';
import { drawOpening } from './statement-opening.js';
import { drawAdjustments, drawCharges, drawClosing, drawServices, drawWarnings } from './statement-sections.js';
import { printable } from './text-layout.js';

/**
 * Renders a statement as a tagged PDF (PDF/UA-1, ISO 14289-1). The same document gives the same bytes.
 * Synchronous at heart and heavy on the processor: meant for a worker thread (see `render.worker.ts`).
 * @throws DomainError `statement.logo_unreadable` if the logo is neither PNG nor JPEG.
 */
export async function renderStatementPdf(document: StatementDocument): Promise<Uint8Array> {
  const wording = statementWording(document);
  const title = `Statement ${wording.period}: ${printable(document.projectId)}, ${printable(document.piEmail)}`;
  const pdf = openPdf({
    size: document.pageSize,
    lang: wording.language,
    info: {
      Title: title,
      Author: printable(document.organization.name),
      Subject: `Charges of ${document.period}, revision ${document.revision}`,
      Creator: 'OpenChargeback',
      Producer: 'OpenChargeback (PDFKit)',
      CreationDate: document.madeAt,
      ModDate: document.madeAt,
    },
  });
  const finished = collect(pdf);
  const amounts = AmountFormat.of(document.locale, document.currency);
  const painter = new PagePainter(pdf, (on) => drawContinuationHead(on, document, wording));
  pdf.addPage();
  drawOpening(painter, document, amounts, wording);
  drawWarnings(painter, document);
  drawChanges(painter, document, amounts);
  drawServices(painter, document, amounts);
  drawAdjustments(painter, document, amounts, wording.language);
  drawCharges(painter, document, amounts);
  drawClosing(painter, document);
  painter.end();
  drawFooters(painter, document, wording);
  pdf.end();
  return finished;
}

function collect(pdf: PDFKit.PDFDocument): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
}
