import type { MessagePort } from 'node:worker_threads';
import { type GlyphReport, StatementPdf } from './render-statement-pdf.js';
import { chargesFromTransfer, fromTransfer, type StatementChargeTransfer, type StatementDocumentTransfer } from './statement-transfer.js';

/** One statement to render, with the first of its charges. */
export interface RenderTask {
  readonly document: StatementDocumentTransfer;
  readonly charges: readonly StatementChargeTransfer[];
  /** Asked for further charges, if there are any; each answer comes after what of the PDF is ready was taken over. */
  readonly more: MessagePort | null;
}

export interface Rendered {
  /** The end of the PDF, or all of it if there were no further charges. */
  readonly rest: Uint8Array;
  readonly glyphs: GlyphReport;
}

/** Entry of a worker thread: renders one statement. Fonts are read once per thread. Errors as {@link StatementPdf}. */
export default async function renderStatement({ document, charges, more }: RenderTask): Promise<Rendered> {
  const pdf = new StatementPdf(fromTransfer(document));
  let ready = pdf.add(chargesFromTransfer(charges));
  if (more !== null) {
    const asker = new Asker(more);
    try {
      for (;;) {
        const batch = await asker.exchange(ready);
        if (batch.length === 0) break;
        ready = pdf.add(chargesFromTransfer(batch));
      }
    } finally {
      more.close();
    }
  }
  const end = pdf.end();
  return { rest: more === null ? Buffer.concat([ready, end]) : end, glyphs: pdf.glyphs };
}

type Batch = readonly StatementChargeTransfer[];

/** Hands over what is drawn and gets charges for it. */
class Asker {
  private waiting: { readonly resolve: (batch: Batch) => void; readonly reject: (error: Error) => void } | undefined;

  constructor(private readonly port: MessagePort) {
    port.on('message', (batch: Batch) => this.waiting?.resolve(batch));
    port.on('close', () => this.waiting?.reject(new Error('The charges of the statement broke off.')));
  }

  /** The next charges; none when the last were given. */
  async exchange(ready: Uint8Array): Promise<Batch> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.port.postMessage(ready);
    });
  }
}
