import { type Decimal, periodTitle } from '#kernel';
import type { AmountFormat } from './amount-format.js';
import type { PagePainter } from './page-painter.js';
import type { MoneyTriple, StatementCharge, StatementDocument } from './statement-document.js';
import {
  BAR_NUMBER_WIDTH,
  columnWidth,
  decimalIndent,
  Table,
  TABLE_START_HEIGHT,
  type TableCell,
  type TableColumn,
  type TableRow,
} from './statement-table.js';
import { theme } from './statement-theme.js';
import { fitLines } from './text-layout.js';

/** No discount is no news. */
const QUIET = { color: theme.color.muted };

const BAR_WIDTH = 44;
const REFERENCE_HEIGHT = 20;

/** `below`: what should not be parted from its heading. */
function heading(painter: PagePainter, text: string, aside = '', below = TABLE_START_HEIGHT): void {
  const { style } = painter.look;
  painter.ensureSpace(style.heading.size * 2 + below);
  const baseline = painter.y + style.heading.size;
  painter.element(null, 'H2', {}, () => painter.line(text, painter.left, baseline, style.heading));
  if (aside !== '') painter.element(null, 'P', {}, () => painter.lineRight(aside, painter.right, baseline, style.small));
  painter.y = baseline + 11;
}

/** What the reader should know before the figures, such as a project that ends soon (domain.md §5). */
export function drawWarnings(painter: PagePainter, document: StatementDocument): void {
  const style = painter.look.style.warning;
  const inset = 14;
  for (const warning of document.warnings) {
    const lines = fitLines(warning, style, painter.contentWidth - 2 * inset, 6);
    if (lines.length === 0) continue;
    const height = lines.length * style.size * theme.leading + 15;
    painter.ensureSpace(height + 8);
    painter.artifact('Layout', () => {
      painter.fill(painter.left, painter.y, painter.contentWidth, height, theme.color.warningGround);
      painter.fill(painter.left, painter.y, 3, height, theme.color.warningEdge);
    });
    painter.element(null, 'P', {}, () => painter.block(lines, painter.left + inset, painter.y + 6.5, style));
    painter.y += height + 8;
  }
  if (document.warnings.length > 0) painter.y += 14;
}

type Texts = readonly [list: string, discount: string, due: string];
type Digits = readonly [list: number, discount: number, due: number];

function amountColumns(painter: PagePainter, document: StatementDocument, texts: readonly Texts[], min: number): TableColumn[] {
  return [document.words.listPrice, document.words.discount, 'Amount'].map((title, index) => ({
    title,
    align: 'right',
    width: columnWidth(
      painter.look,
      title,
      texts.map((row) => row[index] ?? ''),
      { min },
    ),
  }));
}

/** List price, discount with its sign, and amount as they stand in a row. */
function tripleTexts(triple: MoneyTriple, amounts: AmountFormat, digits: Digits): Texts {
  return [amounts.plain(triple.list, digits[0]), amounts.plain(triple.discount.negated(), digits[1]), amounts.plain(triple.due, digits[2])];
}

function amountCells(triple: MoneyTriple, amounts: AmountFormat): TableCell[] {
  return tripleTexts(triple, amounts, minorDigits(amounts)).map((text, index) => ({ text, ...quietIf(triple, index) }));
}

function quietIf(triple: MoneyTriple, column: number): { readonly color?: string } {
  return column === 1 && triple.discount.isZero() ? QUIET : {};
}

/** Amounts with the decimals that each has, from the currency's own on, in line at the point in columns that have room for `digits`. */
function exactCells(triple: MoneyTriple, { look }: PagePainter, amounts: AmountFormat, digits: Digits): TableCell[] {
  const own = [triple.list, triple.discount, triple.due].map(({ decimals }) => amounts.columnDigits(decimals));
  const texts = tripleTexts(triple, amounts, [own[0] ?? 0, own[1] ?? 0, own[2] ?? 0]);
  return texts.map((text, index) => ({
    text,
    indentRight: decimalIndent(look, own[index] ?? 0, digits[index] ?? 0),
    ...quietIf(triple, index),
  }));
}

function minorDigits({ minorDigits: digits }: AmountFormat): Digits {
  return [digits, digits, digits];
}

/** Charges by service, each with its share; with a subtotal for each fund/org where there are several (domain.md §5). */
export function drawServices(painter: PagePainter, document: StatementDocument, amounts: AmountFormat): void {
  const digits = minorDigits(amounts);
  const several = document.fundOrgs.length > 1;
  heading(painter, several ? 'Charges by fund/org and service' : 'Charges by service', `All amounts in ${document.currency}`);
  const triples = [...document.services, ...document.fundOrgs, document.totals].map((triple) => tripleTexts(triple, amounts, digits));
  const table = new Table(painter, [
    { title: 'Service', align: 'left' },
    { title: 'Share', align: 'right', width: BAR_WIDTH + BAR_NUMBER_WIDTH },
    ...amountColumns(painter, document, triples, 52),
  ]);
  const shares = sharesOf(document);
  let fundOrg: string | undefined;
  for (const service of byFundOrg(document)) {
    if (several && service.fundOrg !== fundOrg) table.row(groupRow(document, service.fundOrg, amounts));
    ({ fundOrg } = service);
    const share = shares(service.due);
    const count = `${amounts.count(service.lineCount)} ${service.lineCount === 1 ? 'charge' : 'charges'}`;
    table.row({
      kind: 'line',
      cells: [
        { text: service.serviceName, note: `${service.source} · ${count}` },
        share === null ? { text: '–', ...QUIET } : { text: amounts.share(share), bar: Number(share.toString()), ...QUIET },
        ...amountCells(service, amounts),
      ],
    });
  }
  table.row({ kind: 'total', cells: [{ text: 'Total' }, { text: '' }, ...amountCells(document.totals, amounts)] });
  table.end();
  painter.y += 22;
}

/** What part of the amount due a service is; of credits, and of statements without an amount due, nobody can say. */
function sharesOf({ totals, services }: StatementDocument): (due: Decimal) => Decimal | null {
  const whole = totals.due;
  const known = whole.isPositive() && services.every(({ due }) => !due.isNegative());
  return (due) => (known ? due.dividedBy(whole, 6) : null);
}

function groupRow(document: StatementDocument, fundOrg: string, amounts: AmountFormat): TableRow {
  const subtotal = document.fundOrgs.find((entry) => entry.fundOrg === fundOrg);
  return { kind: 'group', cells: [{ text: `Fund/org ${fundOrg}` }, { text: '' }, ...(subtotal ? amountCells(subtotal, amounts) : [])] };
}

/** What of the charges corrects earlier statements, and why. They are among the charges above and below, so there is no total. */
export function drawAdjustments(painter: PagePainter, document: StatementDocument, amounts: AmountFormat, language: string): void {
  const groups = document.detail.adjustments;
  if (groups.length === 0) return;
  const most = (of: keyof MoneyTriple): number => amounts.columnDigits(Math.max(...groups.map((group) => group[of].decimals)));
  const digits: Digits = [most('list'), most('discount'), most('due')];
  const corrected = groups.map(
    ({ period, revision }) => `${periodTitle(period, language)}${revision === null ? '' : `, revision ${revision}`}`,
  );
  heading(painter, 'Corrections of earlier statements', 'Included in the charges by service');
  const texts = groups.map((group) => tripleTexts(group, amounts, digits));
  const counts = groups.map(({ count }) => amounts.count(count));
  const { look } = painter;
  const table = new Table(painter, [
    {
      title: 'Statement corrected',
      align: 'left',
      width: columnWidth(look, 'Statement corrected', corrected, { min: 90, max: 150, strong: false }),
    },
    { title: 'Reason', align: 'left' },
    { title: 'Charges', align: 'right', width: columnWidth(look, 'Charges', counts) },
    ...amountColumns(painter, document, texts, 46),
  ]);
  groups.forEach((group, index) => {
    const [statement, count] = [corrected[index] ?? '', counts[index] ?? ''];
    table.row({
      kind: 'line',
      cells: [{ text: statement }, { text: group.reason }, { text: count }, ...exactCells(group, painter, amounts, digits)],
    });
  });
  table.end();
  painter.y += 22;
}

/** Every charge as it was billed, with all its decimals; the total below is the rounded one that is due (domain.md §8). */
export class ChargeList {
  private readonly table: Table | undefined;
  private readonly digits: Digits;
  private fundOrg: string | undefined;

  constructor(
    private readonly painter: PagePainter,
    private readonly document: StatementDocument,
    private readonly amounts: AmountFormat,
  ) {
    const { detail, services, totals } = document;
    this.digits = detailDigits(document, amounts);
    const { style } = painter.look;
    heading(painter, 'Charges', detail.summarized ? 'One row for each resource, because there are so many charges' : '');
    if (detail.rowCount === 0) {
      painter.paragraph('No charges were recorded for this project in this period.', { ...style.text, color: theme.color.muted });
      painter.y += 20;
      return;
    }
    const texts = [detail.least, detail.greatest, totals].map((triple) => tripleTexts(triple, amounts, this.digits));
    const first = detail.summarized ? 'Charges' : 'Date';
    const widest = detail.summarized ? amounts.count(services.reduce((sum, { lineCount }) => sum + lineCount, 0)) : '2025-12-30';
    const names = services.map((service) => service.serviceName);
    const max = painter.contentWidth * 0.26;
    this.table = new Table(
      painter,
      [
        { title: first, align: detail.summarized ? 'right' : 'left', width: columnWidth(painter.look, first, [widest], { strong: false }) },
        { title: 'Resource', align: 'left' },
        { title: 'Service', align: 'left', width: columnWidth(painter.look, 'Service', names, { min: 50, max, strong: false }) },
        ...amountColumns(painter, document, texts, 46),
      ],
      'dense',
    );
  }

  add(charge: StatementCharge): void {
    const { document, painter, amounts, digits } = this;
    if (document.fundOrgs.length > 1 && charge.fundOrg !== this.fundOrg) {
      const subtotal = document.fundOrgs.find((entry) => entry.fundOrg === charge.fundOrg);
      const cells = subtotal === undefined ? [] : this.rounded(subtotal);
      this.table?.row({ kind: 'group', cells: [{ text: `Fund/org ${charge.fundOrg}` }, { text: '' }, { text: '' }, ...cells] });
    }
    this.fundOrg = charge.fundOrg;
    this.table?.row({
      kind: 'line',
      cells: [
        { text: document.detail.summarized ? amounts.count(charge.lineCount) : (charge.date ?? '–'), ...QUIET },
        { text: charge.resource === '' ? '–' : charge.resource, note: noteOf(charge) },
        { text: charge.serviceName },
        ...exactCells(charge, painter, amounts, digits),
      ],
    });
  }

  end(): void {
    const { table, painter, document } = this;
    if (table === undefined) return;
    table.row({ kind: 'total', cells: [{ text: 'Total' }, { text: '' }, { text: '' }, ...this.rounded(document.totals)] });
    table.end();
    painter.y += 10;
    if (!document.detail.due.equals(document.totals.due)) {
      painter.paragraph(
        'Charges are shown as they were billed. Amounts are rounded once per service and account, so the rows can add up to a fraction more or less than the total.',
        painter.look.style.small,
      );
    }
    painter.y += 16;
  }

  /** A sum in a column of amounts with more decimals than it has. */
  private rounded(triple: MoneyTriple): TableCell[] {
    const { amounts, digits, painter } = this;
    return tripleTexts(triple, amounts, minorDigits(amounts)).map((text, index) => ({
      text,
      indentRight: decimalIndent(painter.look, amounts.minorDigits, digits[index] ?? 0),
    }));
  }
}

/** What stands below a charge that is an adjustment or a part, in the list of charges. */
function noteOf({ adjusts, part, note }: StatementCharge): string | null {
  const notes = [
    ...(adjusts === null ? [] : [correctionNote(adjusts)]),
    ...(part === null ? [] : [`${part.share} of charge ${part.chargeId}`]),
    ...(note === null || adjusts !== null ? [] : [note]),
  ];
  return notes.length === 0 ? null : notes.join(' · ');
}

function correctionNote({ chargeId, period, reason }: NonNullable<StatementCharge['adjusts']>): string {
  return chargeId === null ? `Of ${period}, not billed before: ${reason}` : `Corrects charge ${chargeId} of ${period}: ${reason}`;
}

function detailDigits({ detail: { decimals } }: StatementDocument, amounts: AmountFormat): Digits {
  return [amounts.columnDigits(decimals.list), amounts.columnDigits(decimals.discount), amounts.columnDigits(decimals.due)];
}

/** Services in the order in which the statement names its fund/orgs. */
function byFundOrg({ fundOrgs, services }: StatementDocument): StatementDocument['services'] {
  const order = new Map(fundOrgs.map(({ fundOrg }, index) => [fundOrg, index]));
  return [...services].sort((a, b) => (order.get(a.fundOrg) ?? 0) - (order.get(b.fundOrg) ?? 0));
}

/** References, and how to check that the statement is what was issued. */
export function drawClosing(painter: PagePainter, document: StatementDocument): void {
  const { look } = painter;
  const { text, label: labelStyle, small } = look.style;
  if (document.references.length > 0) {
    heading(painter, 'References', '', REFERENCE_HEIGHT);
    const labels = document.references.map((reference) => reference.label);
    const labelWidth = columnWidth(look, '', labels, { min: 60, max: 150, strong: false }) + 18;
    for (const { label, value } of document.references) {
      const [shortLabel = ''] = fitLines(label, text, labelWidth - 12, 1);
      const lines = fitLines(value, text, painter.contentWidth - labelWidth, 3);
      painter.ensureSpace(lines.length * text.size * theme.leading + 4);
      painter.element(null, 'P', {}, () => {
        painter.line(`${shortLabel} `, painter.left, painter.y + text.size, labelStyle);
        painter.y += painter.block(lines, painter.left + labelWidth, painter.y, text) + 4;
      });
    }
    painter.y += 16;
  }
  for (const paragraph of document.words.closing.split(/\r?\n/).filter((line) => line.trim() !== '')) {
    painter.paragraph(paragraph, text);
    painter.y += 8;
  }
  painter.paragraph(
    `Verification code ${document.verificationCode}: the beginning of the checksum of the ledger that this statement was made from. ` +
      'Please quote it, and the revision, with questions.',
    small,
  );
}
