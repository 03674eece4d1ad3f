import type { PagePainter } from './page-painter.js';
import type { StatementDocument } from './statement-document.js';
import type { StatementWording } from './statement-wording.js';
import { theme } from './statement-theme.js';
import { fitLines, textWidth, type TextStyle } from './text-layout.js';

/** Room for the number of all pages, which is known at the end only. */
const WIDEST_TOTAL = '99,999';

/** The head of every page but the first: whose statement it is, should the sheets part. */
export function drawContinuationHead(painter: PagePainter, document: StatementDocument, wording: StatementWording): void {
  const { small } = painter.look.style;
  const baseline = 38;
  const half = painter.contentWidth / 2 - 6;
  const [organization = ''] = fitLines(document.organization.name, small, half, 1);
  const [project = ''] = fitLines(document.projectId, small, half - textWidth(`${wording.period}  ·  `, small), 1);
  painter.line(organization, painter.left, baseline, small);
  painter.lineRight(`${wording.period}  ·  ${project}`, painter.right, baseline, small);
  painter.rule(painter.left, baseline + 7, painter.contentWidth, theme.color.hairline, 0.5);
  painter.y = baseline + 20;
}

/** The foot of every page: which page it is, which statement, and what the organisation wants to say. */
export function drawFooter(painter: PagePainter, document: StatementDocument, wording: StatementWording): void {
  const { small } = painter.look.style;
  const y = painter.height - 44;
  const { words } = wording;
  const pageNumber = words.pageOf(String(painter.pageNumber));
  const numberWidth = (small.font.widthOf(pageNumber) * small.size) / 1000;
  const room = painter.contentWidth - numberWidth - textWidth(WIDEST_TOTAL, small) - 16;
  const made = `${words.revision} ${document.revision}  ·  ${words.made} ${wording.madeAt}  ·  ${words.verificationCode} ${document.verificationCode}`;
  const [line = ''] = fitLines(made, small, room, 1);
  painter.rule(painter.left, y - 13, painter.contentWidth, theme.color.hairline, 0.5);
  painter.line(pageNumber, painter.left, y, small);
  painter.pageTotalAt(painter.left + numberWidth, y);
  painter.lineRight(line, painter.right, y, small);
  const [footer = ''] = fitLines(document.organization.footer, small, painter.contentWidth, 1);
  painter.line(footer, painter.left, y + small.size * theme.leading, small);
}

/** What stands where {@link PagePainter.pageTotalAt} was. */
export function pageTotal(painter: PagePainter): (pages: number) => { text: string; style: TextStyle } {
  return (pages) => ({ text: String(pages), style: painter.look.style.small });
}
