import { Decimal } from '#kernel';
import type { AmountFormat } from './amount-format.js';
import type { PagePainter } from './page-painter.js';
import { adjustmentGroups, noteOf } from './statement-adjustments.js';
import type { MoneyTriple, StatementCharge, StatementDocument } from './statement-document.js';
import {
  columnWidth,
  decimalIndent,
  drawTable,
  TABLE_START_HEIGHT,
  type TableCell,
  type TableColumn,
  type TableRow,
} from './statement-table.js';
import { theme } from './statement-theme.js';
import { fitLines, type TextStyle } from './text-layout.js';

const headingStyle: TextStyle = { size: theme.size.heading, weight: 'semibold', color: theme.color.ink };
const textStyle: TextStyle = { size: theme.size.text, weight: 'regular', color: theme.color.ink };
const smallStyle: TextStyle = { size: theme.size.small, weight: 'regular', color: theme.color.muted };

/** No discount is no news. */
const QUIET = { color: theme.color.muted };

const AMOUNT_TITLES = ['List price', 'Discount', 'Amount'] as const;

function heading(painter: PagePainter, text: string, aside = ''): void {
  painter.ensureSpace(headingStyle.size * 2 + TABLE_START_HEIGHT);
  const baseline = painter.y + headingStyle.size;
  painter.element(null, 'H2', {}, () => painter.line(text, painter.left, baseline, headingStyle));
  if (aside !== '') painter.element(null, 'P', {}, () => painter.lineRight(aside, painter.right, baseline, smallStyle));
  painter.y = baseline + 11;
}

/** What the reader should know before the figures, such as a project that ends soon (domain.md §5). */
export function drawWarnings(painter: PagePainter, document: StatementDocument): void {
  const style: TextStyle = { ...textStyle, color: theme.color.warningInk };
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

function amountColumns(texts: readonly (readonly string[])[], min: number): TableColumn[] {
  return AMOUNT_TITLES.map((title, index) => ({ title, align: 'right', width: columnWidth(title, texts[index] ?? [], { min }) }));
}

/** List price, discount with its sign, and amount as they stand in a row. */
function tripleTexts(triple: MoneyTriple, amounts: AmountFormat, digits: readonly [number, number, number]): [string, string, string] {
  return [amounts.plain(triple.list, digits[0]), amounts.plain(triple.discount.negated(), digits[1]), amounts.plain(triple.due, digits[2])];
}

function transpose(triples: readonly (readonly [string, string, string])[]): string[][] {
  return [0, 1, 2].map((index) => triples.map((triple) => triple[index] ?? ''));
}

/** Charges by service; with a subtotal for each fund/org where there are several (domain.md §5). */
export function drawServices(painter: PagePainter, document: StatementDocument, amounts: AmountFormat): void {
  const digits = [amounts.minorDigits, amounts.minorDigits, amounts.minorDigits] as const;
  const cells = (triple: MoneyTriple): TableCell[] =>
    tripleTexts(triple, amounts, digits).map((text, index) => ({ text, ...(index === 1 && triple.discount.isZero() && QUIET) }));
  const several = document.fundOrgs.length > 1;
  const rows: TableRow[] = [];
  for (const [fundOrg, services] of byFundOrg(document, document.services)) {
    const subtotal = document.fundOrgs.find((entry) => entry.fundOrg === fundOrg);
    if (several && subtotal !== undefined) {
      rows.push({ kind: 'group', cells: [{ text: `Fund/org ${fundOrg}` }, { text: '' }, { text: '' }, ...cells(subtotal)] });
    }
    for (const service of services) {
      rows.push({
        kind: 'line',
        cells: [{ text: service.serviceName }, { text: service.source }, { text: amounts.count(service.lineCount) }, ...cells(service)],
      });
    }
  }
  const lineCount = document.services.reduce((sum, service) => sum + service.lineCount, 0);
  rows.push({ kind: 'total', cells: [{ text: 'Total' }, { text: '' }, { text: amounts.count(lineCount) }, ...cells(document.totals)] });

  const triples = [...document.services, ...document.fundOrgs, document.totals].map((triple) => tripleTexts(triple, amounts, digits));
  const sources = document.services.map((service) => service.source);
  heading(painter, several ? 'Charges by fund/org and service' : 'Charges by service', `All amounts in ${document.currency}`);
  const columns: TableColumn[] = [
    { title: 'Service', align: 'left' },
    { title: 'Source', align: 'left', width: columnWidth('Source', sources, { min: 40, max: 92, strong: false }) },
    { title: 'Charges', align: 'right', width: columnWidth('Charges', [amounts.count(lineCount)]) },
    ...amountColumns(transpose(triples), 52),
  ];
  drawTable(painter, columns, rows);
  painter.y += 26;
}

/** What of the charges corrects earlier statements, and why. They are among the charges above and below, so there is no total. */
export function drawAdjustments(painter: PagePainter, document: StatementDocument, amounts: AmountFormat, language: string): void {
  const groups = adjustmentGroups(document, language);
  if (groups.length === 0) return;
  const digits = chargeDigits(groups, amounts);
  const texts = groups.map((group) => tripleTexts(group, amounts, digits));
  heading(painter, 'Corrections of earlier statements', 'Included in the charges by service');
  const columns: TableColumn[] = [
    {
      title: 'Statement corrected',
      align: 'left',
      width: columnWidth(
        'Statement corrected',
        groups.map(({ corrects }) => corrects),
        { min: 90, max: 150, strong: false },
      ),
    },
    { title: 'Reason', align: 'left' },
    {
      title: 'Charges',
      align: 'right',
      width: columnWidth(
        'Charges',
        groups.map(({ count }) => amounts.count(count)),
      ),
    },
    ...amountColumns(transpose(texts), 46),
  ];
  drawTable(
    painter,
    columns,
    groups.map(({ corrects, reason, count, discount }, row): TableRow => ({
      kind: 'line',
      cells: [
        { text: corrects },
        { text: reason },
        { text: amounts.count(count) },
        ...(texts[row] ?? []).map((text, index) => ({ text, ...(index === 1 && discount.isZero() && QUIET) })),
      ],
    })),
  );
  painter.y += 26;
}

/** Every charge as it was billed, with all its decimals; the total below is the rounded one that is due (domain.md §8). */
export function drawCharges(painter: PagePainter, document: StatementDocument, amounts: AmountFormat): void {
  heading(painter, 'Charges');
  if (document.charges.length === 0) {
    painter.paragraph('No charges were recorded for this project in this period.', { ...textStyle, color: theme.color.muted });
    painter.y += 20;
    return;
  }
  const digits = chargeDigits(document.charges, amounts);
  const [listDigits, discountDigits, dueDigits] = digits;
  const indents = [listDigits, discountDigits, dueDigits].map((columnDigits) => decimalIndent(amounts.minorDigits, columnDigits));
  const minor = [amounts.minorDigits, amounts.minorDigits, amounts.minorDigits] as const;
  const rounded = (triple: MoneyTriple): TableCell[] =>
    tripleTexts(triple, amounts, minor).map((text, index) => ({ text, indentRight: indents[index] ?? 0 }));
  const texts = new Map(document.charges.map((charge) => [charge, tripleTexts(charge, amounts, digits)]));
  const widths = amountColumns(transpose([...texts.values(), tripleTexts(document.totals, amounts, digits)]), 46);
  const services = document.charges.map((charge) => charge.serviceName);
  const columns: TableColumn[] = [
    { title: 'Date', align: 'left', width: columnWidth('Date', ['2025-12-30'], { strong: false }) },
    { title: 'Resource', align: 'left' },
    {
      title: 'Service',
      align: 'left',
      width: columnWidth('Service', services, { min: 50, max: painter.contentWidth * 0.26, strong: false }),
    },
    ...widths,
  ];
  drawTable(painter, columns, chargeRows(document, texts, rounded));
  painter.y += 10;
  if (!Decimal.sum(document.charges.map((charge) => charge.due)).equals(document.totals.due)) {
    painter.paragraph(
      'Charges are shown as they were billed. Amounts are rounded once per service and account, so the rows can add up to a fraction more or less than the total.',
      smallStyle,
    );
  }
  painter.y += 16;
}

function* chargeRows(
  document: StatementDocument,
  texts: ReadonlyMap<StatementCharge, readonly string[]>,
  rounded: (triple: MoneyTriple) => TableCell[],
): Generator<TableRow> {
  const several = document.fundOrgs.length > 1;
  for (const [fundOrg, charges] of byFundOrg(document, document.charges)) {
    const subtotal = document.fundOrgs.find((entry) => entry.fundOrg === fundOrg);
    if (several && subtotal !== undefined) {
      yield { kind: 'group', cells: [{ text: `Fund/org ${fundOrg}` }, { text: '' }, { text: '' }, ...rounded(subtotal)] };
    }
    for (const charge of charges) {
      const amountTexts = texts.get(charge) ?? [];
      yield {
        kind: 'line',
        cells: [
          { text: charge.date ?? '–', color: theme.color.muted },
          { text: charge.resource === '' ? '–' : charge.resource, note: noteOf(charge) },
          { text: charge.serviceName },
          ...amountTexts.map((text, index) => ({ text, ...(index === 1 && charge.discount.isZero() && QUIET) })),
        ],
      };
    }
  }
  yield { kind: 'total', cells: [{ text: 'Total' }, { text: '' }, { text: '' }, ...rounded(document.totals)] };
}

function chargeDigits(charges: readonly MoneyTriple[], amounts: AmountFormat): [number, number, number] {
  return [
    amounts.columnDigits(charges.map((charge) => charge.list)),
    amounts.columnDigits(charges.map((charge) => charge.discount)),
    amounts.columnDigits(charges.map((charge) => charge.due)),
  ];
}

/** In the order in which the statement names its fund/orgs; entries keep theirs. */
function byFundOrg<T extends { readonly fundOrg: string }>(document: StatementDocument, entries: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>(document.fundOrgs.map(({ fundOrg }) => [fundOrg, []]));
  for (const entry of entries) {
    const group = groups.get(entry.fundOrg);
    if (group === undefined) groups.set(entry.fundOrg, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** References, and how to check that the statement is what was issued. */
export function drawClosing(painter: PagePainter, document: StatementDocument): void {
  if (document.references.length > 0) {
    heading(painter, 'References');
    const labelWidth =
      columnWidth(
        '',
        document.references.map((reference) => reference.label),
        { min: 60, max: 150, strong: false },
      ) + 18;
    for (const { label, value } of document.references) {
      const [shortLabel = ''] = fitLines(label, textStyle, labelWidth - 12, 1);
      const lines = fitLines(value, textStyle, painter.contentWidth - labelWidth, 3);
      painter.ensureSpace(lines.length * textStyle.size * theme.leading + 4);
      painter.element(null, 'P', {}, () => {
        painter.line(`${shortLabel} `, painter.left, painter.y + textStyle.size, { ...textStyle, color: theme.color.muted });
        painter.y += painter.block(lines, painter.left + labelWidth, painter.y, textStyle) + 4;
      });
    }
    painter.y += 16;
  }
  painter.paragraph(
    `Verification code ${document.verificationCode}: the beginning of the checksum of the ledger that this statement was made from. ` +
      'Please quote it, and the revision, with questions.',
    smallStyle,
  );
}
