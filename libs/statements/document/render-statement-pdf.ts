import type { PdfInfo } from '../pdf/pdf-writer.js';
import { AmountFormat } from './amount-format.js';
import { PagePainter } from './page-painter.js';
import { drawChanges } from './statement-changes.js';
import type { StatementCharge, StatementDocument } from './statement-document.js';
import { drawContinuationHead, drawFooter, pageTotal } from './statement-furniture.js';
import { drawOpening } from './statement-opening.js';
import { ChargeList, drawAdjustments, drawClosing, drawServices, drawWarnings } from './statement-sections.js';
import { lookOf } from './statement-theme.js';
import { type StatementWording, statementWording } from './statement-wording.js';
import { printable } from './text-layout.js';

/** What a statement could not print as it should. */
export interface GlyphReport {
  /** Characters that the organisation's font lacks and another one printed. */
  readonly substituted: string;
  /** Characters that no font has; `�` stands for them. */
  readonly lacking: string;
}

/**
 * Renders a statement as a tagged PDF (PDF/UA-1, ISO 14289-1), piece by piece: of a statement with any number of charges it holds one page. The same
 * document and charges give the same bytes. Heavy on the processor: meant for a worker thread (see `render.worker.ts`).
 */
export class StatementPdf {
  private readonly painter: PagePainter;
  private readonly amounts: AmountFormat;
  private readonly wording: StatementWording;
  private readonly list: ChargeList;

  /**
   * Draws everything that comes before the charges.
   * @throws DomainError `statement.logo_unreadable`; RangeError if the locale is no BCP 47 tag.
   */
  constructor(private readonly document: StatementDocument) {
    this.wording = statementWording(document);
    this.amounts = new AmountFormat(document.locale, document.currency);
    this.painter = new PagePainter(document.pageSize, lookOf(document.theme), this.wording.words.letters, {
      head: (on) => drawContinuationHead(on, document, this.wording),
      foot: (on) => drawFooter(on, document, this.wording),
    });
    drawOpening(this.painter, document, this.amounts, this.wording);
    drawWarnings(this.painter, document, this.amounts, this.wording);
    drawChanges(this.painter, document, this.amounts, this.wording);
    drawServices(this.painter, document, this.amounts, this.wording);
    drawAdjustments(this.painter, document, this.amounts, this.wording);
    this.list = new ChargeList(this.painter, document, this.amounts, this.wording);
  }

  /** Draws charges, in the order of the document's fund/orgs, and gives what of the PDF is ready. */
  add(charges: readonly StatementCharge[]): Uint8Array {
    for (const charge of charges) this.list.add(charge);
    return this.painter.take();
  }

  /** Draws what comes after the charges and gives the rest of the PDF. */
  end(): Uint8Array {
    const { document, painter, wording } = this;
    this.list.end();
    drawClosing(painter, document, wording);
    painter.end(this.info(wording), pageTotal(painter));
    return painter.take();
  }

  get glyphs(): GlyphReport {
    return { substituted: [...this.painter.substituted].sort().join(''), lacking: [...this.painter.lacking].sort().join('') };
  }

  private info({ period, language, words }: StatementWording): PdfInfo {
    const { document } = this;
    return {
      title: words.labelled(`${words.title} ${period}`, `${printable(document.projectId)}, ${printable(document.piEmail)}`),
      author: printable(document.organization.name),
      subject: words.subject(document.period, String(document.revision)),
      madeAt: document.madeAt,
      language,
      identity: `${document.verificationCode} ${document.revision}`,
    };
  }
}

/** The whole PDF of a statement whose charges are at hand. Errors as {@link StatementPdf}. */
export function renderStatementPdf(document: StatementDocument, charges: readonly StatementCharge[]): Uint8Array {
  const pdf = new StatementPdf(document);
  return Buffer.concat([pdf.add(charges), pdf.end()]);
}
