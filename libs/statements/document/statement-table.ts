import type { ElementOptions, PagePainter, StructureElement } from './page-painter.js';
import { type StatementLook, theme } from './statement-theme.js';
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
  /** Drawn as a bar left of the text: a part of 1. */
  readonly bar?: number;
}

export interface TableRow {
  readonly kind: 'line' | 'group' | 'total';
  /** One for each column; the first of a group or a total may be wider than its column. */
  readonly cells: readonly TableCell[];
}

const GAP = 12;
const CELL_LINES = 2;
const NOTE_LINES = 3;
/** Above and below a row's text. */
const PADDING = { roomy: 4.2, dense: 2.9 };
/** What a bar leaves of its column to the number. */
export const BAR_NUMBER_WIDTH = 36;

/** Longer column titles are shortened. */
const MAX_TITLE_WIDTH = 110;

/** A table with very long amounts is set smaller rather than let them run off the page. */
const LEAST_FLEXIBLE_WIDTH = 105;
/** How far the ground of a group's row reaches beyond the text. */
const GROUND_OUTSET = 6;

/** Points that a column of these texts needs, its heading included. */
export function columnWidth(
  { style }: StatementLook,
  title: string,
  texts: Iterable<string>,
  limits: { min?: number; max?: number; strong?: boolean } = {},
): number {
  let width = Math.max(limits.min ?? 0, Math.min(textWidth(title, style.tableHead), MAX_TITLE_WIDTH));
  const bodyStyle = limits.strong === false ? style.table : style.tableStrong;
  for (const text of texts) {
    width = Math.max(width, textWidth(printable(text), bodyStyle));
    if (limits.max !== undefined && width >= limits.max) return limits.max;
  }
  return width;
}

/** Points by which an amount with `digits` decimals stays left of one with `columnDigits`. */
export function decimalIndent({ style }: StatementLook, digits: number, columnDigits: number): number {
  if (digits >= columnDigits) return 0;
  // Figures are of one width in all fonts that suit a statement.
  return (columnDigits - digits) * textWidth('0', style.table) + (digits === 0 ? textWidth('.', style.table) : 0);
}

interface PlacedColumn extends TableColumn {
  readonly x: number;
  readonly width: number;
}

interface HeadedColumn extends PlacedColumn {
  /** The title, shortened to the column. */
  readonly heading: string;
}

/**
 * Draws a table at the painter's place row by row, over as many pages as it takes. The heading is repeated on each page; there it is an
 * artifact, so that reading aloud meets it once. The rows of a page are a body of their own, which is written when the page is full.
 */
export class Table {
  private readonly columns: readonly HeadedColumn[];
  /** Font sizes, and widths measured for them, are to be multiplied by this. */
  private readonly scale: number;
  private readonly element: StructureElement;
  private readonly styles: Readonly<Record<'body' | 'strong' | 'note' | 'head', TextStyle>>;
  private body: StructureElement;
  private readonly padding: number;

  constructor(
    private readonly painter: PagePainter,
    columns: readonly TableColumn[],
    density: keyof typeof PADDING = 'roomy',
  ) {
    this.padding = PADDING[density];
    const { columns: placed, scale } = placeColumns(painter, columns);
    this.scale = scale;
    const { table, tableStrong, small, tableHead } = painter.look.style;
    const scaled = (style: TextStyle): TextStyle => (this.scale === 1 ? style : { ...style, size: style.size * this.scale });
    this.styles = { body: scaled(table), strong: scaled(tableStrong), note: scaled(small), head: scaled(tableHead) };
    this.columns = placed.map((column) => ({ ...column, heading: fitLines(column.title, this.styles.head, column.width, 1)[0] ?? '' }));
    this.element = painter.group(null, 'Table');
    this.drawHead('first');
    this.body = painter.group(this.element, 'TBody');
  }

  end(): void {
    this.body.end();
    this.element.end();
  }

  row(row: TableRow): void {
    const { painter, columns } = this;
    const { note } = this.styles;
    const style = row.kind === 'line' ? this.styles.body : this.styles.strong;
    const cells = columns.map((column, index): CellLayout => {
      const cell: TableCell = row.cells[index] ?? { text: '' };
      // What a group or a total is called begins at the left whatever its column holds, and has the room up to its amounts.
      const isName = row.kind !== 'line' && index === 0;
      const width = isName ? freeWidth(columns, row) : column.width;
      const align = isName ? 'left' : column.align;
      const lines = align === 'right' ? [cell.text].filter((text) => text !== '') : fitLines(cell.text, style, width, CELL_LINES);
      return { column, align, cell, lines, notes: cell.note == null ? [] : fitLines(cell.note, note, width, NOTE_LINES) };
    });
    const heights = cells.map(({ lines, notes }) => (Math.max(lines.length, 1) * style.size + notes.length * note.size) * theme.leading);
    const rowHeight = Math.max(...heights) + 2 * this.padding;
    // A group's heading alone at the foot of a page would head nothing.
    this.makeRoom(row.kind === 'group' ? rowHeight * 2 : rowHeight);

    const top = painter.y;
    painter.artifact('Layout', () => drawRowGround(painter, row, top, rowHeight));
    const element = painter.group(this.body, 'TR');
    cells.forEach((layout, index) => {
      const type = row.kind !== 'line' && index === 0 ? 'TH' : 'TD';
      this.drawCell(element, type, layout, top, style);
    });
    element.end();
    painter.y = top + rowHeight;
  }

  private drawCell(
    row: StructureElement,
    type: 'TH' | 'TD',
    { column, align, cell, lines, notes }: CellLayout,
    top: number,
    style: TextStyle,
  ): void {
    const { painter } = this;
    if (lines.length === 0 && notes.length === 0) {
      painter.empty(row, 'TD');
      return;
    }
    const options = { ...wordsOf(cell, [...lines, ...notes]), ...(type === 'TH' && { scope: 'Row' as const }) };
    painter.element(row, type, options, () => {
      const x = align === 'left' ? column.x : column.x + column.width - (cell.indentRight ?? 0) * this.scale;
      const linesHeight = painter.block(
        notes.length === 0 ? lines : lines.map((text) => `${text} `),
        x,
        top + this.padding,
        cell.color === undefined ? style : { ...style, color: cell.color },
        align,
      );
      painter.block(notes, column.x, top + this.padding + linesHeight, this.styles.note);
    });
    if (cell.bar !== undefined) this.drawBar(column, cell.bar, top);
  }

  /** A bar left of a column's number, which says the same. */
  private drawBar(column: PlacedColumn, share: number, top: number): void {
    const { painter } = this;
    const [height, width] = [4, column.width - BAR_NUMBER_WIDTH * this.scale];
    const y = top + this.padding + this.styles.body.size * 0.68 - height / 2;
    painter.artifact('Layout', () => {
      painter.fill(column.x, y, width, height, theme.color.hairline, 2);
      const filled = Math.max(0, Math.min(1, share)) * width;
      if (filled >= 1) painter.fill(column.x, y, Math.max(filled, 4), height, painter.look.accent, 2);
    });
  }

  private makeRoom(height: number): void {
    if (this.painter.hasSpace(height)) return;
    this.body.end();
    this.painter.ensureSpace(height);
    this.drawHead('repeated');
    this.body = this.painter.group(this.element, 'TBody');
  }

  private drawHead(appearance: 'first' | 'repeated'): void {
    const { painter, columns } = this;
    const style = this.styles.head;
    const baseline = painter.y + style.size + 1;
    const title = (column: HeadedColumn): void => {
      if (column.align === 'left') painter.line(column.heading, column.x, baseline, style);
      else painter.lineRight(column.heading, column.x + column.width, baseline, style);
    };
    if (appearance === 'repeated') {
      painter.artifact('Pagination', () => columns.forEach(title));
    } else {
      const head = painter.group(this.element, 'THead');
      const row = painter.group(head, 'TR');
      for (const column of columns) {
        painter.element(row, 'TH', { ...wordsOf({ text: column.title }, [column.heading]), scope: 'Column' }, () => title(column));
      }
      row.end();
      head.end();
    }
    painter.y = baseline + 5;
    painter.artifact('Layout', () => painter.rule(painter.left, painter.y, painter.contentWidth, theme.color.rule, 0.7));
    painter.y += 0.7;
  }
}

/** Height of a heading and one row: less room than that, and a table better starts on the next page. */
export const TABLE_START_HEIGHT = 60;

function placeColumns(painter: PagePainter, columns: readonly TableColumn[]): { columns: readonly PlacedColumn[]; scale: number } {
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

interface CellLayout {
  readonly column: PlacedColumn;
  readonly align: 'left' | 'right';
  readonly cell: TableCell;
  readonly lines: readonly string[];
  readonly notes: readonly string[];
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
function wordsOf(cell: TableCell, shown: readonly string[]): ElementOptions {
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
