/** A column of a table; counts stand at the right. `point`: cells are decimals, shown grouped with their points below one another. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right' | 'point';
}

const GAP = '  ';
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;
const WITHOUT_WIDTH = /[\p{M}\p{Cf}]/u;
/** An amount of money is easier to read with its cents, also where they are none. */
const LEAST_DECIMALS = 2;

/** Rows as aligned text below their titles. Control characters, which a file's texts may hold, never reach the terminal. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const plain = rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')));
  const byColumn = columns.map(({ align }, index) => {
    const texts = plain.map((row) => row[index] ?? '');
    return align === 'point' ? pointsAligned(texts) : texts;
  });
  const cells = plain.map((_, row) => byColumn.map((texts) => texts[row] ?? ''));
  const widths = columns.map((column, index) => Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[index] ?? ''))));
  const line = (texts: readonly string[]): string =>
    columns
      .map((column, index) => pad(texts[index] ?? '', widths[index] ?? 0, column.align ?? 'left'))
      .join(GAP)
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...cells.map(line)].join('\n');
}

/** A text on one line, with what would steer a terminal shown as `�`. */
export function printable(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(/\p{Cc}/gu, '\ufffd');
}

/** A decimal with its whole part in groups of three: `-1,234,567.8901`. It stays a text, so no digit is lost. */
export function grouped(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** Decimals below one another: each with its own digits, and blanks where another has more of them. */
function pointsAligned(decimals: readonly string[]): string[] {
  const parts = decimals.map((decimal) => {
    const [whole = '', fraction = ''] = decimal.split('.');
    return decimal === '' ? { whole: '', fraction: '' } : { whole: grouped(whole), fraction: fraction.padEnd(LEAST_DECIMALS, '0') };
  });
  const longest = Math.max(0, ...parts.map(({ fraction }) => fraction.length));
  return parts.map(({ whole, fraction }) => (whole === '' ? '' : `${whole}.${fraction.padEnd(longest)}`));
}

/** Columns that a text takes on a terminal. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WITHOUT_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

function pad(text: string, width: number, align: 'left' | 'right' | 'point'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + blanks : blanks + text;
}
