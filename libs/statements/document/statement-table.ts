import type { PagePainter, StructureElement } from './page-painter.js';
import { theme } from './statement-theme.js';
import { fitLines, printable, textWidth, type TextStyle } from './text-layout.js';

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Points; the one column without takes what is left. */
  readonly width?: number;
}

export interface TableCell {
  readonly text: string;
  /** Set small and grey below the text. */
  readonly note?: string | null;
  /** Points to keep free on the right, so that amounts with fewer decimals still line up at the point. */
  readonly indentRight?: number;
  readonly color?: string;
}

export interface TableRow {
  readonly kind: 'line' | 'group' | 'total';
  /** One for each column; a group's first cell may be wider than its column. */
  readonly cells: readonly TableCell[];
}

const GAP = 12;
const CELL_LINES = 2;
const NOTE_LINES = 3;
const PADDING = 4.2;

/** A table with very long amounts is set smaller rather than let them run off the page. */
const LEAST_FLEXIBLE_WIDTH = 105;
/** How far the ground of a group's row reaches beyond the text. */
const GROUND_OUTSET = 6;

const bodyStyle: TextStyle = { size: theme.size.table, weight: 'regular', color: theme.color.ink };
const strongStyle: TextStyle = { ...bodyStyle, weight: 'semibold' };
const noteStyle: TextStyle = { size: theme.size.small, weight: 'regular', color: theme.color.muted };
const headStyle: TextStyle = { size: theme.size.small, weight: 'semibold', color: theme.color.muted };

/** Points that a column of these texts needs, its heading included. */
export function columnWidth(title: string, texts: Iterable<string>, limits: { min?: number; max?: number; strong?: boolean } = {}): number {
  let width = Math.max(limits.min ?? 0, textWidth(title, headStyle));
  const style = limits.strong === false ? bodyStyle : strongStyle;
  for (const text of texts) {
    width = Math.max(width, textWidth(printable(text), style));
    if (limits.max !== undefined && width >= limits.max) return limits.max;
  }
  return width;
}

/** Points by which an amount with `digits` decimals stays left of one with `columnDigits`. */
export function decimalIndent(digits: number, columnDigits: number): number {
  if (digits >= columnDigits) return 0;
  const missing = '0'.repeat(columnDigits - digits);
  return textWidth(digits === 0 ? `.${missing}` : missing, bodyStyle);
}

interface PlacedColumn extends TableColumn {
  readonly x: number;
  readonly width: number;
}

interface PlacedTable {
  readonly columns: readonly PlacedColumn[];
  /** Font sizes, and widths measured for them, are to be multiplied by this. */
  readonly scale: number;
  readonly element: StructureElement;
}

/**
 * Draws a table at the painter's place, over as many pages as it takes. The heading is repeated on each page; there it is an artifact,
 * so that reading aloud meets it once.
 */
export function drawTable(painter: PagePainter, columns: readonly TableColumn[], rows: Iterable<TableRow>): void {
  const table: PlacedTable = { ...placeColumns(painter, columns), element: painter.group(null, 'Table') };
  drawHead(painter, table, 'first');
  const body = painter.group(table.element, 'TBody');
  for (const row of rows) drawRow(painter, table, body, row);
  body.end();
  table.element.end();
}

/** Height of a heading and one row: less room than that, and a table better starts on the next page. */
export const TABLE_START_HEIGHT = 60;

function placeColumns(painter: PagePainter, columns: readonly TableColumn[]): Omit<PlacedTable, 'element'> {
  const fixed = columns.reduce((sum, column) => sum + (column.width ?? 0), 0);
  const room = painter.contentWidth - GAP * (columns.length - 1);
  const scale = Math.min(1, (room - LEAST_FLEXIBLE_WIDTH) / fixed);
  let x = painter.left;
  const placed = columns.map((column) => {
    const width = column.width === undefined ? room - fixed * scale : column.width * scale;
    const place = { ...column, x, width };
    x += width + GAP;
    return place;
  });
  return { columns: placed, scale };
}

function scaled(style: TextStyle, scale: number): TextStyle {
  return scale === 1 ? style : { ...style, size: style.size * scale };
}

function drawHead(painter: PagePainter, { columns, scale, element }: PlacedTable, appearance: 'first' | 'repeated'): void {
  const style = scaled(headStyle, scale);
  const baseline = painter.y + headStyle.size + 1;
  const title = (column: PlacedColumn): void => {
    if (column.align === 'left') painter.line(column.title, column.x, baseline, style);
    else painter.lineRight(column.title, column.x + column.width, baseline, style);
  };
  if (appearance === 'repeated') {
    painter.artifact('Pagination', () => columns.forEach(title));
  } else {
    const head = painter.group(element, 'THead');
    const row = painter.group(head, 'TR');
    for (const column of columns) painter.element(row, 'TH', { scope: 'Column' }, () => title(column));
    row.end();
    head.end();
  }
  painter.y = baseline + 5;
  painter.artifact('Layout', () => painter.rule(painter.left, painter.y, painter.contentWidth, theme.color.rule, 0.7));
  painter.y += 0.7;
}

interface CellLayout {
  readonly column: PlacedColumn;
  readonly cell: TableCell;
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

function drawRow(painter: PagePainter, table: PlacedTable, body: StructureElement, row: TableRow): void {
  const { columns, scale } = table;
  const style = scaled(row.kind === 'line' ? bodyStyle : strongStyle, scale);
  const note = scaled(noteStyle, scale);
  const cells = columns.map((column, index): CellLayout => {
    const cell: TableCell = row.cells[index] ?? { text: '' };
    const width = row.kind === 'group' && index === 0 ? freeWidth(columns, row) : column.width;
    const lines = column.align === 'right' ? [cell.text].filter((text) => text !== '') : fitLines(cell.text, style, width, CELL_LINES);
    return { column, cell, lines, notes: cell.note == null ? [] : fitLines(cell.note, note, width, NOTE_LINES) };
  });
  const heights = cells.map(({ lines, notes }) => (Math.max(lines.length, 1) * style.size + notes.length * note.size) * theme.leading);
  const rowHeight = Math.max(...heights) + 2 * PADDING;
  // A group's heading alone at the foot of a page would head nothing.
  if (painter.ensureSpace(row.kind === 'group' ? rowHeight * 2 : rowHeight)) drawHead(painter, table, 'repeated');

  const top = painter.y;
  painter.artifact('Layout', () => drawRowGround(painter, row, top, rowHeight));
  const element = painter.group(body, 'TR');
  for (const { column, cell, lines, notes } of cells) {
    if (lines.length === 0 && notes.length === 0) {
      painter.group(element, 'TD').end();
      continue;
    }
    painter.element(element, 'TD', wordsOf(cell, [...lines, ...notes]), () => {
      const x = column.align === 'left' ? column.x : column.x + column.width - (cell.indentRight ?? 0) * scale;
      const linesHeight = painter.block(
        notes.length === 0 ? lines : lines.map((text) => `${text} `),
        x,
        top + PADDING,
        cell.color === undefined ? style : { ...style, color: cell.color },
        column.align,
      );
      painter.block(notes, column.x, top + PADDING + linesHeight, note);
    });
  }
  element.end();
  painter.y = top + rowHeight;
}

function drawRowGround(painter: PagePainter, row: TableRow, top: number, height: number): void {
  if (row.kind === 'group') {
    painter.fill(painter.left - GROUND_OUTSET, top, painter.contentWidth + 2 * GROUND_OUTSET, height, theme.color.tint);
  } else if (row.kind === 'total') {
    painter.rule(painter.left, top, painter.contentWidth, theme.color.rule, 0.7);
  } else {
    painter.rule(painter.left, top + height - 0.5, painter.contentWidth, theme.color.hairline, 0.5);
  }
}

/** The whole text, for reading aloud and copying, of a cell that was shortened to fit. */
function wordsOf(cell: TableCell, shown: readonly string[]): PDFKit.Mixins.StructureElementOptions {
  const whole = printable(cell.note == null ? cell.text : `${cell.text} ${cell.note}`);
  return shown.join('').includes('…') && !whole.includes('…') ? { actual: whole } : {};
}

/** The room from the first column to the first one that isn't empty. */
function freeWidth(columns: readonly PlacedColumn[], row: TableRow): number {
  const next = columns.find((_, index) => index > 0 && (row.cells[index]?.text ?? '') !== '');
  const first = columns[0];
  const last = columns.at(-1);
  if (first === undefined || last === undefined) return 0;
  return (next === undefined ? last.x + last.width : next.x - GAP) - first.x;
}
