import { type Decimal, periodTitle } from '#kernel';
import type { AmountFormat } from './amount-format.js';
import type { PagePainter } from './page-painter.js';
import { isDiscounted, type StatementDocument } from './statement-document.js';
import { theme } from './statement-theme.js';
import { fitLines, textWidth, type TextStyle } from './text-layout.js';
import type { StatementWording } from './statement-wording.js';

const LOGO = { width: 150, height: 40 };
const CARD = { width: 212, padding: 15 };
/** The column of the facts' labels: as wide as they are, within limits. */
const FACT_LABEL = { least: 92, most: 130, gap: 10 };
/** The line of the last periods: its height, and the room for what it is called and for its months. */
const SPARK = { height: 26, above: 27, below: 8 };

/** The top of the first page: who writes, for which period, to whom, and what is to be paid. */
export function drawOpening(painter: PagePainter, document: StatementDocument, amounts: AmountFormat, wording: StatementWording): void {
  const { look } = painter;
  painter.artifact('Layout', () => painter.rule(0, 0, painter.width, look.accent, 5));
  drawLetterhead(painter, document, wording);
  const lines = fitLines(`${wording.words.title} ${wording.period}`, look.style.title, painter.contentWidth, 2);
  painter.element(null, 'H1', {}, () => {
    painter.y += painter.block(lines, painter.left, painter.y, look.style.title);
  });
  painter.y += 14;
  if (document.words.introduction !== '') {
    painter.paragraph(document.words.introduction, look.style.text, 6);
    painter.y += 14;
  }
  const top = painter.y;
  const factsBottom = drawFacts(painter, document, wording, top);
  const cardBottom = drawAmountCard(painter, document, amounts, wording, top);
  painter.y = Math.max(factsBottom, cardBottom) + 20;
}

function drawLetterhead(painter: PagePainter, document: StatementDocument, { words }: StatementWording): void {
  const { name, contact, logo } = document.organization;
  const { organization, small } = painter.look.style;
  const top = 36;
  const half = painter.contentWidth / 2 - 10;
  let height = 0;
  let nameTop = top;
  if (logo !== null) {
    const bbox: [number, number, number, number] = [painter.left, top, painter.left + LOGO.width, top + LOGO.height];
    painter.element(null, 'Figure', { alt: words.logoOf(name), bbox }, () => painter.image(logo, { x: painter.left, y: top, ...LOGO }));
    height = LOGO.height;
    nameTop = top + LOGO.height + 6;
  }
  const nameLines = fitLines(name, organization, half, 2);
  painter.element(null, 'P', {}, () => {
    height = nameTop - top + painter.block(nameLines, painter.left, nameTop, organization);
  });
  const contactLines = (contact ?? '').split(/\r?\n/).flatMap((line) => fitLines(line, small, half, 2).map((text) => `${text.trimEnd()} `));
  if (contactLines.length > 0) {
    painter.element(null, 'P', {}, () => {
      height = Math.max(height, painter.block(contactLines.slice(0, 6), painter.right, top, small, 'right'));
    });
  }
  painter.y = top + height + 20;
}

function drawFacts(painter: PagePainter, document: StatementDocument, wording: StatementWording, top: number): number {
  const { text, label: labelStyle } = painter.look.style;
  const { words } = wording;
  const fundOrgs = document.fundOrgs.map((entry) => entry.fundOrg);
  const facts: readonly (readonly [label: string, value: string, maxLines: number])[] = [
    [words.preparedFor, document.piEmail, 2],
    [words.project, document.projectId, 3],
    [fundOrgs.length > 1 ? words.fundOrgs : words.fundOrg, fundOrgs.join(', '), 4],
    [words.billingPeriod, document.period, 1],
    [words.statementDate, wording.madeAt, 2],
    [words.revision, String(document.revision), 1],
  ];
  const widest = Math.max(...facts.map(([label]) => textWidth(label, labelStyle)));
  const labelWidth = Math.min(Math.max(FACT_LABEL.least, widest + FACT_LABEL.gap), FACT_LABEL.most);
  const valueX = painter.left + labelWidth;
  const valueWidth = painter.contentWidth - CARD.width - 24 - labelWidth;
  let y = top;
  for (const [label, value, maxLines] of facts) {
    const lines = fitLines(value, text, valueWidth, maxLines);
    if (lines.length === 0) continue;
    const [shownLabel = ''] = fitLines(label, labelStyle, labelWidth - FACT_LABEL.gap, 1);
    const shortened = [shownLabel, ...lines].some((line) => line.includes('…')) && !`${label}${value}`.includes('…');
    painter.element(null, 'P', shortened ? { actual: words.labelled(label, value) } : {}, () => {
      painter.line(`${shownLabel} `, painter.left, y + text.size, labelStyle);
      y += painter.block(lines, valueX, y, text) + 4.5;
    });
  }
  return y;
}

/** What is to be paid, how it comes about, and how it was in the periods before. */
function drawAmountCard(
  painter: PagePainter,
  document: StatementDocument,
  amounts: AmountFormat,
  wording: StatementWording,
  top: number,
): number {
  const { list, discount, due } = document.totals;
  const { look } = painter;
  const { text, label: labelStyle, strong, small } = look.style;
  const { words } = wording;
  const discounted = isDiscounted(document);
  const credit = due.isNegative();
  const spark = document.history.length > 1;
  const inner = CARD.width - 2 * CARD.padding;
  const left = painter.right - CARD.width + CARD.padding;
  const right = painter.right - CARD.padding;
  const rowHeight = text.size * 1.75;
  const height =
    CARD.padding * 2 +
    (discounted ? 2 * rowHeight + 12 : 0) +
    text.size * 1.5 +
    theme.size.amountDue * (spark ? 1 : 1.15) +
    (credit ? 13 : 0) +
    (spark ? SPARK.above + SPARK.height + SPARK.below : 0);
  painter.artifact('Layout', () => {
    painter.fill(painter.right - CARD.width, top, CARD.width, height, theme.color.tint, 5);
  });

  let y = top + CARD.padding;
  const row = (label: string, value: string, struck: boolean): void => {
    const baseline = y + text.size;
    const shownLabel = fitLines(label, labelStyle, inner * 0.55, 1)[0] ?? '';
    const valueStyle = shrunkTo(inner - textWidth(shownLabel, labelStyle) - 10, value, {
      ...text,
      color: struck ? theme.color.muted : look.accent,
    });
    const width = textWidth(value, valueStyle);
    painter.element(null, 'P', {}, () => {
      painter.line(`${shownLabel} `, left, baseline, labelStyle);
      painter.lineRight(value, right, baseline, valueStyle);
    });
    if (struck)
      painter.artifact('Layout', () => painter.rule(right - width - 1.5, baseline - text.size * 0.32, width + 3, theme.color.muted, 0.8));
    y += rowHeight;
  };
  if (discounted) {
    const percent = amounts.percent(discount, list);
    row(words.listPrice, amounts.money(list), true);
    row(percent === null ? words.discount : `${words.discount} (${percent})`, amounts.money(discount.negated()), false);
    painter.artifact('Layout', () => painter.rule(left, y + 2, inner, theme.color.hairline, 0.8));
    y += 12;
  }
  const [dueLabel = ''] = fitLines(credit ? words.creditBalance : words.amountDue, strong, inner, 1);
  const amount = amounts.money(credit ? due.negated() : due);
  const fitted = shrunkTo(inner, amount, { ...strong, size: theme.size.amountDue, color: look.accent });
  painter.element(null, 'P', {}, () => {
    painter.line(`${dueLabel} `, left, y + text.size, strong);
    y += text.size * 1.5 + theme.size.amountDue;
    painter.lineRight(amount, right, y, fitted);
  });
  if (credit) {
    const [nothing = ''] = fitLines(words.nothingToPay, small, inner, 1);
    painter.element(null, 'P', {}, () => painter.lineRight(nothing, right, y + 15, small));
    y += 13;
  }
  if (spark) drawSpark(painter, document, amounts, wording, { left, top: y + SPARK.above, width: inner });
  return top + height;
}

/** A line of what the last periods came to. Its alternative text says the numbers. */
function drawSpark(
  painter: PagePainter,
  { history }: StatementDocument,
  amounts: AmountFormat,
  { language, words }: StatementWording,
  { left, top, width }: { readonly left: number; readonly top: number; readonly width: number },
): void {
  const { look } = painter;
  const dues = history.map(({ due }) => due);
  const heights = relativeHeights(dues);
  const label = words.lastPeriods(amounts.counted(history.length));
  painter.element(null, 'P', {}, () => painter.line(label, left, top - 6, look.style.small));
  const alt = `${words.labelled(label, history.map(({ period, due }) => `${periodTitle(period, language)} ${amounts.money(due)}`).join(', '))}.`;
  const inset = 2.5;
  const step = (width - 2 * inset) / (history.length - 1);
  const points = heights.map((part, index): readonly [number, number] => [
    left + inset + index * step,
    top + SPARK.height - inset - part * (SPARK.height - 2 * inset),
  ]);
  const bbox: [number, number, number, number] = [left, top, left + width, top + SPARK.height];
  painter.element(null, 'Figure', { alt, bbox }, () => {
    painter.rule(left, top + SPARK.height, width, theme.color.hairline, 0.8);
    painter.polyline(points, look.accent, 1.3);
    const [x = 0, y = 0] = points.at(-1) ?? [];
    painter.fill(x - inset, y - inset, 2 * inset, 2 * inset, look.accent, inset);
  });
  const [first, last] = [history[0], history.at(-1)];
  if (first === undefined || last === undefined) return;
  painter.artifact('Layout', () => {
    painter.line(periodTitle(first.period, language, 'short'), left, top + SPARK.height + 10.5, look.style.small);
    painter.lineRight(periodTitle(last.period, language, 'short'), left + width, top + SPARK.height + 10.5, look.style.small);
  });
}

/** Where each value lies between the least, or nothing, and the greatest: from 0 to 1. */
function relativeHeights(values: readonly Decimal[]): number[] {
  const sorted = [...values].sort((a, b) => a.compare(b));
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  if (least === undefined || greatest === undefined) return [];
  const bottom = least.isNegative() ? least : least.minus(least);
  const span = greatest.minus(bottom);
  if (!span.isPositive()) return values.map(() => 0);
  return values.map((value) => Number(value.minus(bottom).dividedBy(span, 4).toString()));
}

/** The style in a size in which `text` is no wider than `width`. */
function shrunkTo(width: number, text: string, style: TextStyle): TextStyle {
  return { ...style, size: style.size * Math.min(1, width / textWidth(text, style)) };
}
