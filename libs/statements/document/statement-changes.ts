import { Decimal } from '#kernel';
import type { AmountFormat } from './amount-format.js';
import type { PagePainter } from './page-painter.js';
import type { RevisionChanges, StatementDocument } from './statement-document.js';
import type { StatementWording } from './statement-wording.js';
import { columnWidth, Table, TABLE_START_HEIGHT, type TableColumn, type TableRow } from './statement-table.js';
import type { StatementWords } from './words/statement-words.js';

/** The section stays short; the rest is summed in one row. */
const MOST_SERVICES = 12;

/** What a later revision changed, for a reader who knows the one before (domain.md §5). */
export function drawChanges(
  painter: PagePainter,
  { changes }: StatementDocument,
  amounts: AmountFormat,
  { words }: StatementWording,
): void {
  if (changes === null) return;
  const { heading, text } = painter.look.style;
  painter.ensureSpace(heading.size * 2 + TABLE_START_HEIGHT);
  const baseline = painter.y + heading.size;
  painter.element(null, 'H2', {}, () => painter.line(words.changedSince(String(changes.since)), painter.left, baseline, heading));
  painter.y = baseline + 9;
  painter.paragraph(sentence(changes, amounts, words), text);
  painter.y += 6;
  const rows = moneyRows(changes, amounts, words);
  if (rows.length > 1) {
    const column = (title: string, index: number): TableColumn => ({
      title,
      align: 'right',
      width: columnWidth(
        painter.look,
        title,
        rows.map((row) => row.cells[index]?.text ?? ''),
        { min: 46 },
      ),
    });
    const fundOrgs = changes.services.map(({ fundOrg }) => fundOrg);
    const columns: TableColumn[] = [
      { title: words.service, align: 'left' },
      {
        title: words.fundOrg,
        align: 'left',
        width: columnWidth(painter.look, words.fundOrg, fundOrgs, { min: 60, max: 150, strong: false }),
      },
      column(`${words.revision} ${changes.since}`, 2),
      column(words.now, 3),
      column(words.difference, 4),
    ];
    const table = new Table(painter, columns);
    for (const row of rows) table.row(row);
    table.end();
  }
  painter.y += 22;
}

/** `2 charges added, 1 charge gone. The amount due was $10.00 and is $12.50.` */
function sentence(changes: RevisionChanges, amounts: AmountFormat, words: StatementWords): string {
  const counts = [
    [changes.addedCount, words.chargesAdded],
    [changes.goneCount, words.chargesGone],
    [changes.changedCount, words.chargesChanged],
  ] as const;
  const parts = counts.filter(([count]) => count > 0).map(([count, say]) => say(amounts.counted(count)));
  const before = Decimal.parse(changes.dueBefore);
  const after = Decimal.parse(changes.dueAfter);
  const money = before.equals(after) ? words.sameAmount : words.amountChanged(amounts.money(before), amounts.money(after));
  // Flagged again and approved: the ledger says so, and nothing on the statement does.
  return `${parts.length === 0 ? words.onlyReviewed : `${parts.join(', ')}.`} ${money}`;
}

/** The services whose amount changed, the largest change first, and the total. */
function moneyRows({ services, dueBefore, dueAfter }: RevisionChanges, amounts: AmountFormat, words: StatementWords): TableRow[] {
  const digits = amounts.minorDigits;
  const cells = (before: Decimal, after: Decimal): { text: string }[] => [
    { text: amounts.plain(before, digits) },
    { text: amounts.plain(after, digits) },
    { text: amounts.plain(after.minus(before), digits) },
  ];
  const changed = services
    .map((service) => ({ ...service, before: Decimal.parse(service.dueBefore), after: Decimal.parse(service.dueAfter) }))
    .map((service) => ({ ...service, size: service.after.minus(service.before).abs() }))
    .sort((a, b) => b.size.compare(a.size));
  const shown = changed.slice(0, MOST_SERVICES);
  const others = changed.slice(MOST_SERVICES);
  const rows = shown.map(({ serviceName, fundOrg, before, after }): TableRow => ({
    kind: 'line',
    cells: [{ text: serviceName }, { text: fundOrg }, ...cells(before, after)],
  }));
  if (others.length > 0) {
    const sums = [Decimal.sum(others.map(({ before }) => before)), Decimal.sum(others.map(({ after }) => after))] as const;
    rows.push({ kind: 'line', cells: [{ text: words.moreServices(amounts.counted(others.length)) }, { text: '' }, ...cells(...sums)] });
  }
  return [
    ...rows,
    { kind: 'total', cells: [{ text: words.amountDue }, { text: '' }, ...cells(Decimal.parse(dueBefore), Decimal.parse(dueAfter))] },
  ];
}
