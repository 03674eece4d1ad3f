import { renderStatementPdf } from './render-statement-pdf.js';
import { fromTransfer, type StatementDocumentTransfer } from './statement-transfer.js';

/** Entry of a worker thread: renders one statement. Fonts are read once per thread. Errors as {@link renderStatementPdf}. */
export default async function renderStatement(transfer: StatementDocumentTransfer): Promise<Uint8Array> {
  return renderStatementPdf(fromTransfer(transfer));
}
