import { gunzipSync } from 'node:zlib';
import type { CellProblem, FocusReaderOptions } from '../../libs/imports/testing/reader.js';
import { type ReadOutcome, readInPieces, sameOutcome } from './read-pieces.js';
import { readReference, type ReferenceRow, unitsOf, valueOf } from './reference-reader.js';

/** A file that was not treated as it must be. */
export class Finding extends Error {}

/** Processor time a file may take, each time it is read. */
const MAX_READ_MS = 2000;
/** Pieces a file is cut into at most: one of a few hundred thousand would take the time of a hundred other files. */
const MAX_PIECES = 4000;

/** Refusals that lie in the file as a whole and name no line. */
const WITHOUT_LINE = ['import.empty-file', 'import.not-text', 'import.truncated-gzip', 'import.damaged-gzip', 'import.too-large'];
const OF_HEADER = [
  'import.missing-columns',
  'import.duplicate-columns',
  'import.wrong-data-set',
  'import.wrong-separator',
  'import.too-many-columns',
  'import.empty-file',
  'import.not-text',
];
const TOO_LARGE = ['import.cell-too-large', 'import.row-too-large'];

/**
 * Reads a file in pieces of several sizes and holds the outcome against the reference.
 * @throws Finding for a crash, a hang, a difference, or a refusal that says too little.
 */
export async function checkReading(bytes: Buffer, options: FocusReaderOptions, sizes: readonly number[]): Promise<ReadOutcome> {
  const whole = await timed('in large pieces', () => readInPieces(bytes, [65_536], options));
  const least = Math.ceil(bytes.length / MAX_PIECES);
  for (const pieces of [[1], [7], sizes].map((wanted) => wanted.map((size) => Math.max(size, least)))) {
    const other = await timed(`in pieces of ${pieces.join(', ')}`, () => readInPieces(bytes, pieces, options));
    require(sameOutcome(
      whole,
      other,
    ), `read in pieces of ${pieces.join(', ')} the file comes to something else: ${say(whole)}, ${say(other)}`);
  }
  if (whole.refusal === null) checkRows(whole, unpacked(bytes), options);
  else checkRefusal(whole.refusal, unpacked(bytes), options);
  return whole;
}

async function timed(how: string, read: () => Promise<ReadOutcome>): Promise<ReadOutcome> {
  const before = process.cpuUsage();
  let outcome: ReadOutcome;
  try {
    outcome = await read();
  } catch (error) {
    throw new Finding(
      `read ${how}, the file breaks the reader: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  const { user, system } = process.cpuUsage(before);
  require((user + system) / 1000 <= MAX_READ_MS, `read ${how}, the file takes ${(user + system) / 1000} ms of the processor`);
  return outcome;
}

/** Every data row of the file is there once, as a line with its exact cost or as a refused row that says where and why. */
function checkRows(outcome: Extract<ReadOutcome, { refusal: null }>, bytes: Buffer | undefined, options: FocusReaderOptions): void {
  require(bytes !== undefined, 'a damaged gzip file was read as if it were whole');
  const reference = readReference(bytes);
  require('rows' in
    reference, `the file was read although it must be refused for ${'refusedFor' in reference ? reference.refusedFor : ''}`);
  const [header, ...rows] = reference.rows;
  require(header !== undefined, 'a file without a header was read');
  require(headerFault(header) === undefined, `a header was taken that has a fault: ${headerFault(header) ?? ''}`);
  require(!rows.some((row) => isTooLarge(row, options)), 'a row was taken that is larger than the limits');

  const found = [...outcome.lines, ...outcome.refused].map((row) => row.lineNumber).sort((a, b) => a - b);
  const expected = rows.map((row) => row.lineNumber);
  require(found.join() === expected.join(), `rows begin on the lines ${expected.join()}, the reader has rows on ${found.join()}`);

  const byLine = new Map(rows.map((row) => [row.lineNumber, row]));
  const costColumn = header.cells.findIndex((name) => name.trim().toLowerCase() === 'billedcost');
  let inFile = 0n;
  let readable = 0n;
  for (const row of rows)
    readable += row.cells.length === header.cells.length && !row.isMalformed ? (unitsOfCost(row, costColumn) ?? 0n) : 0n;
  for (const line of outcome.lines) {
    const written = byLine.get(line.lineNumber);
    const units = written === undefined ? undefined : unitsOfCost(written, costColumn);
    require(units !== undefined && units === unitsOf(line.amount), `line ${line.lineNumber} costs ${line.amount} and not what it says`);
    inFile += units;
  }
  for (const row of outcome.refused) {
    checkProblem(row, row.lineNumber, outcome.header.columns);
    for (const problem of row.furtherProblems) checkProblem(problem, row.lineNumber, outcome.header.columns);
    if (row.amount === null) continue;
    const units = unitsOf(row.amount);
    require(units !== undefined, `the refused line ${row.lineNumber} has the amount ${row.amount}`);
    inFile += units;
  }
  require(inFile === readable, 'lines and refused rows together are not the money of the file');
}

function checkProblem(problem: CellProblem, lineNumber: number, columns: readonly string[]): void {
  const isOfFile = columns.some((name) => name.toLowerCase() === problem.column.toLowerCase());
  require(isOfFile || problem.column === '(row)', `line ${lineNumber} is refused for no column of the file`);
  require(problem.reason.length > 5, `line ${lineNumber} is refused for no reason`);
}

/** A refusal names a line wherever there is one, and there is a fault that deserves it. */
function checkRefusal(refusal: NonNullable<ReadOutcome['refusal']>, bytes: Buffer | undefined, options: FocusReaderOptions): void {
  const { code, detail, kind } = refusal;
  require(code.startsWith('import.') && (kind === 'invalid' || kind === 'too-large'), `${code} (${kind}) is no refusal of a file`);
  const isUtf16 = code === 'import.encoding' && detail.includes('UTF-');
  if (!WITHOUT_LINE.includes(code) && !isUtf16) require(/\bline \d+/i.test(detail), `${code} names no line: ${detail}`);
  if (bytes === undefined) return;
  const deserved = new Set<string>();
  const reference = readReference(bytes);
  if ('refusedFor' in reference) {
    // What stands before the fault is not told apart here: another fault may have come up first.
    return;
  }
  const [header, ...rows] = reference.rows;
  const isAtFault = header === undefined || headerFault(header) !== undefined || speaksOfOthers(header);
  if (isAtFault) OF_HEADER.forEach((one) => deserved.add(one));
  if ([header, ...rows].some((row) => row !== undefined && isTooLarge(row, options))) TOO_LARGE.forEach((one) => deserved.add(one));
  require(deserved.has(code), `the file is refused with ${code}, and nothing is wrong that deserves it: ${detail}`);
}

/** Why a header is not one of FOCUS Cost and Usage, or undefined. */
function headerFault(header: ReferenceRow): string | undefined {
  const names = header.cells.map((cell) => cell.trim().toLowerCase());
  if (!names.includes('billingperiodstart') || !names.includes('billedcost')) return 'import.missing-columns';
  const named = names.filter((name) => name !== '');
  if (new Set(named).size !== named.length) return 'import.duplicate-columns';
  return undefined;
}

/** Whether a header has columns of FOCUS's other data sets, for which it may be refused. */
function speaksOfOthers(header: ReferenceRow): boolean {
  const others = /^(contractcommitment|invoicedetail|billingperiod(status|created|last))/;
  return header.cells.filter((name) => others.test(name.trim().toLowerCase())).length > 1;
}

function isTooLarge(row: ReferenceRow, { limits }: FocusReaderOptions): boolean {
  const most = limits?.maxCellBytes ?? Infinity;
  return row.cells.some((cell) => Buffer.byteLength(cell) > most) || row.cells.join().length + 1 > most * 2;
}

function unitsOfCost(row: ReferenceRow, costColumn: number): bigint | undefined {
  const value = valueOf(row.cells[costColumn] ?? '');
  return value === null ? undefined : unitsOf(value);
}

/** The bytes of the file itself; undefined where they are packed and damaged. */
function unpacked(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

function say(outcome: ReadOutcome): string {
  if (outcome.refusal !== null) return `${outcome.refusal.code} (${outcome.refusal.detail})`;
  return `${outcome.lines.length} lines and ${outcome.refused.length} refused rows`;
}

function require(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Finding(otherwise);
}
