import type { PagePainter } from './page-painter.js';
import type { StatementDocument } from './statement-document.js';
import type { StatementWording } from './statement-wording.js';
import { theme } from './statement-theme.js';
import { fitLines, textWidth, type TextStyle } from './text-layout.js';

const smallStyle: TextStyle = { size: theme.size.small, weight: 'regular', color: theme.color.muted };

/** The head of every page but the first: whose statement it is, should the sheets part. */
export function drawContinuationHead(painter: PagePainter, document: StatementDocument, wording: StatementWording): void {
  const baseline = 38;
  const half = painter.contentWidth / 2 - 6;
  const [organization = ''] = fitLines(document.organization.name, smallStyle, half, 1);
  const [project = ''] = fitLines(document.projectId, smallStyle, half - textWidth(`${wording.period}  ·  `, smallStyle), 1);
  painter.line(organization, painter.left, baseline, smallStyle);
  painter.lineRight(`${wording.period}  ·  ${project}`, painter.right, baseline, smallStyle);
  painter.rule(painter.left, baseline + 7, painter.contentWidth, theme.color.hairline, 0.5);
  painter.y = baseline + 20;
}

/** The foot of every page. Comes last, when the number of pages is known. */
export function drawFooters(painter: PagePainter, document: StatementDocument, wording: StatementWording): void {
  const { start, count } = painter.pdf.bufferedPageRange();
  const made = `Revision ${document.revision}  ·  Made ${wording.madeAt}  ·  Verification code ${document.verificationCode}`;
  for (let index = start; index < start + count; index++) {
    painter.pdf.switchToPage(index);
    const y = painter.pdf.page.height - 44;
    const pageNumber = `Page ${index + 1} of ${count}`;
    const [line = ''] = fitLines(made, smallStyle, painter.contentWidth - textWidth(pageNumber, smallStyle) - 16, 1);
    painter.artifact('Pagination', () => {
      painter.rule(painter.left, y - 13, painter.contentWidth, theme.color.hairline, 0.5);
      painter.line(line, painter.left, y, smallStyle);
      painter.lineRight(pageNumber, painter.right, y, smallStyle);
    });
  }
}
