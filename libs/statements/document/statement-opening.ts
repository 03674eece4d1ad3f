import { DomainError } from '#kernel';
import type { AmountFormat } from './amount-format.js';
import type { PagePainter } from './page-painter.js';
import { isDiscounted, type StatementDocument } from './statement-document.js';
import { theme } from './statement-theme.js';
import { fitLines, textWidth, type TextStyle } from './text-layout.js';
import type { StatementWording } from './statement-wording.js';

const ink = theme.color.ink;
const organizationStyle: TextStyle = { size: theme.size.organization, weight: 'semibold', color: ink };
const titleStyle: TextStyle = { size: theme.size.title, weight: 'semibold', color: ink };
const textStyle: TextStyle = { size: theme.size.text, weight: 'regular', color: ink };
const labelStyle: TextStyle = { ...textStyle, color: theme.color.muted };
const contactStyle: TextStyle = { size: theme.size.small, weight: 'regular', color: theme.color.muted };

const LOGO = { width: 130, height: 38 };
const CARD = { width: 208, padding: 15 };
const FACT_LABEL_WIDTH = 92;

/** The top of the first page: who writes, for which period, to whom, and what is to be paid. */
export function drawOpening(painter: PagePainter, document: StatementDocument, amounts: AmountFormat, wording: StatementWording): void {
  painter.artifact('Layout', () => painter.rule(0, 0, painter.pdf.page.width, theme.color.accent, 5));
  drawLetterhead(painter, document);
  painter.element(null, 'H1', {}, () => {
    painter.line(`Statement for ${wording.period}`, painter.left, painter.y + titleStyle.size, titleStyle);
  });
  const top = painter.y + titleStyle.size * theme.leading + 14;
  const factsBottom = drawFacts(painter, document, wording, top);
  const cardBottom = drawAmountCard(painter, document, amounts, top);
  painter.y = Math.max(factsBottom, cardBottom) + 24;
}

function drawLetterhead(painter: PagePainter, document: StatementDocument): void {
  const { name, contact, logoPng } = document.organization;
  const top = 36;
  const half = painter.contentWidth / 2 - 10;
  let height = 0;
  let nameTop = top;
  if (logoPng !== null) {
    drawLogo(painter, logoPng, name, top);
    height = LOGO.height;
    nameTop = top + LOGO.height + 6;
  }
  const nameLines = fitLines(name, organizationStyle, half, 2);
  painter.element(null, 'P', {}, () => {
    height = nameTop - top + painter.block(nameLines, painter.left, nameTop, organizationStyle);
  });
  const contactLines = (contact ?? '')
    .split(/\r?\n/)
    .flatMap((line) => fitLines(line, contactStyle, half, 2).map((text) => `${text.trimEnd()} `));
  if (contactLines.length > 0) {
    painter.element(null, 'P', {}, () => {
      height = Math.max(height, painter.block(contactLines.slice(0, 6), painter.right, top, contactStyle, 'right'));
    });
  }
  painter.y = top + height + 26;
}

function drawLogo(painter: PagePainter, logo: Uint8Array, organization: string, top: number): void {
  const isPng = logo[0] === 0x89 && logo[1] === 0x50;
  const isJpeg = logo[0] === 0xff && logo[1] === 0xd8;
  if (!isPng && !isJpeg) {
    throw new DomainError(
      'statement.logo_unreadable',
      'invalid',
      'The logo is neither a PNG nor a JPEG file; choose another one, or none.',
    );
  }
  const bbox: [number, number, number, number] = [painter.left, top, painter.left + LOGO.width, top + LOGO.height];
  painter.element(null, 'Figure', { alt: `Logo of ${organization}`, bbox }, () => {
    painter.pdf.image(Buffer.from(logo), painter.left, top, { fit: [LOGO.width, LOGO.height], valign: 'center' });
  });
}

function drawFacts(painter: PagePainter, document: StatementDocument, wording: StatementWording, top: number): number {
  const fundOrgs = document.fundOrgs.map((entry) => entry.fundOrg);
  const facts: readonly (readonly [label: string, value: string, maxLines: number])[] = [
    ['Prepared for', document.piEmail, 2],
    ['Project', document.projectId, 3],
    [fundOrgs.length > 1 ? 'Fund/orgs' : 'Fund/org', fundOrgs.join(', '), 4],
    ['Billing period', document.period, 1],
    ['Date', wording.madeAt, 2],
    ['Revision', String(document.revision), 1],
  ];
  const valueX = painter.left + FACT_LABEL_WIDTH;
  const valueWidth = painter.contentWidth - CARD.width - 24 - FACT_LABEL_WIDTH;
  let y = top;
  for (const [label, value, maxLines] of facts) {
    const lines = fitLines(value, textStyle, valueWidth, maxLines);
    if (lines.length === 0) continue;
    const shortened = lines.some((line) => line.includes('…')) && !value.includes('…');
    painter.element(null, 'P', shortened ? { actual: `${label}: ${value}` } : {}, () => {
      painter.line(`${label} `, painter.left, y + textStyle.size, labelStyle);
      y += painter.block(lines, valueX, y, textStyle) + 4.5;
    });
  }
  return y;
}

function drawAmountCard(painter: PagePainter, document: StatementDocument, amounts: AmountFormat, top: number): number {
  const { list, discount, due } = document.totals;
  const discounted = isDiscounted(document);
  const credit = due.isNegative();
  const inner = CARD.width - 2 * CARD.padding;
  const left = painter.right - CARD.width + CARD.padding;
  const right = painter.right - CARD.padding;
  const rowHeight = theme.size.text * 1.75;
  const height =
    CARD.padding * 2 + (discounted ? 2 * rowHeight + 12 : 0) + theme.size.text * 1.5 + theme.size.amountDue * 1.15 + (credit ? 13 : 0);
  painter.artifact('Layout', () => {
    painter.fill(painter.right - CARD.width, top, CARD.width, height, theme.color.tint, 5);
  });

  let y = top + CARD.padding;
  const row = (label: string, value: string, struck: boolean): void => {
    const baseline = y + theme.size.text;
    const valueStyle = shrunkTo(inner - textWidth(label, labelStyle) - 10, value, {
      ...textStyle,
      color: struck ? theme.color.muted : theme.color.accent,
    });
    const width = textWidth(value, valueStyle);
    painter.element(null, 'P', {}, () => {
      painter.line(`${label} `, left, baseline, labelStyle);
      painter.lineRight(value, right, baseline, valueStyle);
    });
    if (struck)
      painter.artifact('Layout', () =>
        painter.rule(right - width - 1.5, baseline - theme.size.text * 0.32, width + 3, theme.color.muted, 0.8),
      );
    y += rowHeight;
  };
  if (discounted) {
    const percent = amounts.percent(discount, list);
    row('List price', amounts.money(list), true);
    row(percent === null ? 'Discount' : `Discount (${percent})`, amounts.money(discount.negated()), false);
    painter.artifact('Layout', () => painter.rule(left, y + 2, inner, theme.color.hairline, 0.8));
    y += 12;
  }
  const amount = amounts.money(credit ? due.negated() : due);
  const amountStyle: TextStyle = { size: theme.size.amountDue, weight: 'semibold', color: theme.color.accent };
  const fitted = shrunkTo(inner, amount, amountStyle);
  painter.element(null, 'P', {}, () => {
    painter.line(credit ? 'Credit balance ' : 'Amount due ', left, y + theme.size.text, { ...textStyle, weight: 'semibold' });
    y += theme.size.text * 1.5 + theme.size.amountDue;
    painter.lineRight(amount, right, y, fitted);
  });
  if (credit) {
    painter.element(null, 'P', {}, () => painter.lineRight('nothing is to be paid', right, y + 15, contactStyle));
  }
  return top + height;
}

/** The style in a size in which `text` is no wider than `width`. */
function shrunkTo(width: number, text: string, style: TextStyle): TextStyle {
  return { ...style, size: style.size * Math.min(1, width / textWidth(text, style)) };
}
