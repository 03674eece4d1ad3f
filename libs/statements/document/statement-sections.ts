import { Decimal, periodTitle } from '#kernel';
import type { AmountFormat } from './amount-format.js';
import type { PagePainter } from './page-painter.js';
import type { ChargeNote, MoneyTriple, StatementCharge, StatementDocument, StatementWarning } from './statement-document.js';
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
import type { StatementWording } from './statement-wording.js';
import { fitLines, textWidth } from './text-layout.js';
import type { StatementWords } from './words/statement-words.js';

/** No discount is no news. */
const QUIET = { color: theme.color.muted };

const BAR_WIDTH = 44;
const REFERENCE_HEIGHT = 20;
/** Between a heading and what stands beside it. */
const ASIDE_GAP = 16;

/** `below`: what should not be parted from its heading. */
function heading(painter: PagePainter, text: string, aside = '', below = TABLE_START_HEIGHT): void {
  const { style } = painter.look;
  painter.ensureSpace(style.heading.size * 2 + below);
  const baseline = painter.y + style.heading.size;
  const [shown = ''] = fitLines(text, style.heading, painter.contentWidth, 1);
  painter.element(null, 'H2', {}, () => painter.line(shown, painter.left, baseline, style.heading));
  const room = painter.contentWidth - textWidth(shown, style.heading) - ASIDE_GAP;
  const [besides = ''] = room > 0 ? fitLines(aside, style.small, room, 1) : [];
  if (besides !== '') painter.element(null, 'P', {}, () => painter.lineRight(besides, painter.right, baseline, style.small));
  painter.y = baseline + 11;
}

/** What the reader should know before the figures, such as a project that ends soon (domain.md §5). */
export function drawWarnings(painter: PagePainter, document: StatementDocument, amounts: AmountFormat, { words }: StatementWording): void {
  const style = painter.look.style.warning;
  const inset = 14;
  for (const warning of document.warnings) {
    const lines = fitLines(warningText(warning, amounts, words), style, painter.contentWidth - 2 * inset, 6);
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

function warningText(warning: StatementWarning, amounts: AmountFormat, words: StatementWords): string {
  switch (warning.kind) {
    case 'preview':
      return words.previewNote;
    case 'project-end':
      return warning.isPast ? words.projectEnded(warning.day) : words.projectEnds(warning.day);
    case 'late-charges':
      return words.lateCharges(amounts.counted(warning.count), amounts.money(Decimal.parse(warning.due)));
  }
}

type Texts = readonly [list: string, discount: string, due: string];
type Digits = readonly [list: number, discount: number, due: number];

function amountColumns(painter: PagePainter, words: StatementWords, texts: readonly Texts[], min: number): TableColumn[] {
  return [words.listPrice, words.discount, words.amount].map((title, index) => ({
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
export function drawServices(painter: PagePainter, document: StatementDocument, amounts: AmountFormat, { words }: StatementWording): void {
  const digits = minorDigits(amounts);
  const several = document.fundOrgs.length > 1;
  heading(painter, several ? words.chargesByFundOrg : words.chargesByService, words.allAmountsIn(document.currency));
  const triples = [...document.services, ...document.fundOrgs, document.totals].map((triple) => tripleTexts(triple, amounts, digits));
  const table = new Table(painter, [
    { title: words.service, align: 'left' },
    { title: words.share, align: 'right', width: columnWidth(painter.look, words.share, [], { min: BAR_WIDTH + BAR_NUMBER_WIDTH }) },
    ...amountColumns(painter, words, triples, 52),
  ]);
  const shares = sharesOf(document);
  let fundOrg: string | undefined;
  for (const service of byFundOrg(document)) {
    if (several && service.fundOrg !== fundOrg) table.row(groupRow(document, service.fundOrg, amounts, words));
    ({ fundOrg } = service);
    const share = shares(service.due);
    table.row({
      kind: 'line',
      cells: [
        { text: service.serviceName, note: `${service.source} · ${words.chargesCounted(amounts.counted(service.lineCount))}` },
        share === null ? { text: '–', ...QUIET } : { text: amounts.share(share), bar: Number(share.toString()), ...QUIET },
        ...amountCells(service, amounts),
      ],
    });
  }
  table.row({ kind: 'total', cells: [{ text: words.total }, { text: '' }, ...amountCells(document.totals, amounts)] });
  table.end();
  painter.y += 22;
}

/** What part of the amount due a service is; of credits, and of statements without an amount due, nobody can say. */
function sharesOf({ totals, services }: StatementDocument): (due: Decimal) => Decimal | null {
  const whole = totals.due;
  const known = whole.isPositive() && services.every(({ due }) => !due.isNegative());
  return (due) => (known ? due.dividedBy(whole, 6) : null);
}

function groupRow(document: StatementDocument, fundOrg: string, amounts: AmountFormat, words: StatementWords): TableRow {
  const subtotal = document.fundOrgs.find((entry) => entry.fundOrg === fundOrg);
  return {
    kind: 'group',
    cells: [{ text: `${words.fundOrg} ${fundOrg}` }, { text: '' }, ...(subtotal ? amountCells(subtotal, amounts) : [])],
  };
}

/** What of the charges corrects earlier statements, and why. They are among the charges above and below, so there is no total. */
export function drawAdjustments(
  painter: PagePainter,
  document: StatementDocument,
  amounts: AmountFormat,
  { language, words }: StatementWording,
): void {
  const groups = document.detail.adjustments;
  if (groups.length === 0) return;
  const most = (of: keyof MoneyTriple): number => amounts.columnDigits(Math.max(...groups.map((group) => group[of].decimals)));
  const digits: Digits = [most('list'), most('discount'), most('due')];
  const corrected = groups.map(({ period, revision }) => {
    const month = periodTitle(period, language);
    return revision === null ? month : words.correctedStatement(month, String(revision));
  });
  heading(painter, words.corrections, words.includedInCharges);
  const texts = groups.map((group) => tripleTexts(group, amounts, digits));
  const counts = groups.map(({ count }) => amounts.count(count));
  const { look } = painter;
  const table = new Table(painter, [
    {
      title: words.statementCorrected,
      align: 'left',
      width: columnWidth(look, words.statementCorrected, corrected, { min: 90, max: 150, strong: false }),
    },
    { title: words.reason, align: 'left' },
    { title: words.chargeCount, align: 'right', width: columnWidth(look, words.chargeCount, counts) },
    ...amountColumns(painter, words, texts, 46),
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
  private readonly words: StatementWords;
  private fundOrg: string | undefined;

  constructor(
    private readonly painter: PagePainter,
    private readonly document: StatementDocument,
    private readonly amounts: AmountFormat,
    { words }: StatementWording,
  ) {
    this.words = words;
    const { detail, services, totals } = document;
    this.digits = detailDigits(document, amounts);
    const { style } = painter.look;
    heading(painter, words.charges, detail.summarized ? words.oneRowPerResource : '');
    if (detail.rowCount === 0) {
      painter.paragraph(words.noCharges, { ...style.text, color: theme.color.muted });
      painter.y += 20;
      return;
    }
    const texts = [detail.least, detail.greatest, totals].map((triple) => tripleTexts(triple, amounts, this.digits));
    const first = detail.summarized ? words.chargeCount : words.chargeDate;
    const widest = detail.summarized ? amounts.count(services.reduce((sum, { lineCount }) => sum + lineCount, 0)) : '2025-12-30';
    const names = services.map((service) => service.serviceName);
    const max = painter.contentWidth * 0.26;
    this.table = new Table(
      painter,
      [
        { title: first, align: detail.summarized ? 'right' : 'left', width: columnWidth(painter.look, first, [widest], { strong: false }) },
        { title: words.resource, align: 'left' },
        { title: words.service, align: 'left', width: columnWidth(painter.look, words.service, names, { min: 50, max, strong: false }) },
        ...amountColumns(painter, words, texts, 46),
      ],
      'dense',
    );
  }

  add(charge: StatementCharge): void {
    const { document, painter, amounts, digits, words } = this;
    if (document.fundOrgs.length > 1 && charge.fundOrg !== this.fundOrg) {
      const subtotal = document.fundOrgs.find((entry) => entry.fundOrg === charge.fundOrg);
      const cells = subtotal === undefined ? [] : this.rounded(subtotal);
      this.table?.row({ kind: 'group', cells: [{ text: `${words.fundOrg} ${charge.fundOrg}` }, { text: '' }, { text: '' }, ...cells] });
    }
    this.fundOrg = charge.fundOrg;
    this.table?.row({
      kind: 'line',
      cells: [
        { text: document.detail.summarized ? amounts.count(charge.lineCount) : (charge.date ?? '–'), ...QUIET },
        { text: charge.resource === '' ? '–' : charge.resource, note: noteOf(charge, amounts, words) },
        { text: charge.serviceName },
        ...exactCells(charge, painter, amounts, digits),
      ],
    });
  }

  end(): void {
    const { table, painter, document, words } = this;
    if (table === undefined) return;
    table.row({ kind: 'total', cells: [{ text: words.total }, { text: '' }, { text: '' }, ...this.rounded(document.totals)] });
    table.end();
    painter.y += 10;
    if (!document.detail.due.equals(document.totals.due)) {
      painter.paragraph(words.roundingNote, painter.look.style.small);
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

/** What stands below a charge in the list of charges. */
function noteOf({ adjusts, part, note }: StatementCharge, amounts: AmountFormat, words: StatementWords): string | null {
  const notes = [
    ...(adjusts === null ? [] : [correctionNote(adjusts, words)]),
    ...(part === null ? [] : [partNote(part, amounts, words)]),
    ...(note === null || adjusts !== null ? [] : [noteText(note, words)]),
  ];
  return notes.length === 0 ? null : notes.join(' · ');
}

function noteText(note: ChargeNote, words: StatementWords): string {
  if (note === 'credit') return words.credit;
  return note.from === note.until ? note.from : words.days(note.from, note.until);
}

function partNote({ share, chargeId }: NonNullable<StatementCharge['part']>, amounts: AmountFormat, words: StatementWords): string {
  return share === 'rest' ? words.restOf(chargeId) : words.partOf(amounts.partShare(share), chargeId);
}

function correctionNote({ chargeId, period, reason }: NonNullable<StatementCharge['adjusts']>, words: StatementWords): string {
  return chargeId === null ? words.notBilledBefore(period, reason) : words.corrects(chargeId, period, reason);
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
export function drawClosing(painter: PagePainter, document: StatementDocument, { words }: StatementWording): void {
  const { look } = painter;
  const { text, label: labelStyle, small } = look.style;
  if (document.references.length > 0) {
    heading(painter, words.references, '', REFERENCE_HEIGHT);
    const references = document.references.map(({ label, value }) => ({
      label: typeof label === 'number' ? words.reference(String(label)) : label,
      value,
    }));
    const labels = references.map(({ label }) => label);
    const labelWidth = columnWidth(look, '', labels, { min: 60, max: 150, strong: false }) + 18;
    for (const { label, value } of references) {
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
  painter.paragraph(words.verification(words.verificationCode, document.verificationCode), small);
}
