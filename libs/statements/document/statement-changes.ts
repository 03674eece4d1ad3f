import { Decimal } from '#kernel';
import type { AmountFormat } from './amount-format.js';
import type { PagePainter } from './page-painter.js';
import type { RevisionChanges, StatementDocument } from './statement-document.js';
import { columnWidth, Table, TABLE_START_HEIGHT, type TableColumn, type TableRow } from './statement-table.js';

/** The section stays short; the rest is summed in one row. */
const MOST_SERVICES = 12;

/** What a later revision changed, for a reader who knows the one before (domain.md §5). */
export function drawChanges(painter: PagePainter, { changes }: StatementDocument, amounts: AmountFormat): void {
  if (changes === null) return;
  const { heading, text } = painter.look.style;
  painter.ensureSpace(heading.size * 2 + TABLE_START_HEIGHT);
  const baseline = painter.y + heading.size;
  painter.element(null, 'H2', {}, () => painter.line(`What changed since revision ${changes.since}`, painter.left, baseline, heading));
  painter.y = baseline + 9;
  painter.paragraph(sentence(changes, amounts), text);
  painter.y += 6;
  const rows = moneyRows(changes, amounts);
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
      { title: 'Service', align: 'left' },
      { title: 'Fund/org', align: 'left', width: columnWidth(painter.look, 'Fund/org', fundOrgs, { min: 60, max: 150, strong: false }) },
      column(`Revision ${changes.since}`, 2),
      column('Now', 3),
      column('Difference', 4),
    ];
    const table = new Table(painter, columns);
    for (const row of rows) table.row(row);
    table.end();
  }
  painter.y += 22;
}

/** `2 charges were added, 1 is gone, 3 changed. The amount due went from 10.00 to 12.50.` */
function sentence(changes: RevisionChanges, amounts: AmountFormat): string {
  const { addedCount, goneCount, changedCount } = changes;
  const parts = [
    ...(addedCount > 0 ? [`${counted(addedCount, amounts)} added`] : []),
    ...(goneCount > 0 ? [`${counted(goneCount, amounts)} gone`] : []),
    ...(changedCount > 0 ? [`${counted(changedCount, amounts)} changed`] : []),
  ];
  const before = Decimal.parse(changes.dueBefore);
  const after = Decimal.parse(changes.dueAfter);
  const money = before.equals(after)
    ? 'The amount due is the same.'
    : `The amount due was ${amounts.money(before)} and is ${amounts.money(after)}.`;
  // Flagged again and approved: the ledger says so, and nothing on the statement does.
  const charges = parts.length === 0 ? 'The charges are the same; some were reviewed again' : parts.join(', ');
  return `${charges}. ${money}`;
}

function counted(count: number, amounts: AmountFormat): string {
  return `${amounts.count(count)} ${count === 1 ? 'charge' : 'charges'}`;
}

/** The services whose amount changed, the largest change first, and the total. */
function moneyRows({ services, dueBefore, dueAfter }: RevisionChanges, amounts: AmountFormat): TableRow[] {
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
    rows.push({ kind: 'line', cells: [{ text: `${amounts.count(others.length)} more services` }, { text: '' }, ...cells(...sums)] });
  }
  return [
    ...rows,
    { kind: 'total', cells: [{ text: 'Amount due' }, { text: '' }, ...cells(Decimal.parse(dueBefore), Decimal.parse(dueAfter))] },
  ];
}
