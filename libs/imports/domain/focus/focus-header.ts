import { DomainError, type Problem } from '#kernel';
import { foldColumnName, focusVersionOf, isFocusColumn, isRemoved, renamedInFocus10, type FocusVersion } from './focus-columns.js';
import type { FocusReaderOptions } from './focus-options.js';
import type { ForeignDataSet } from './data-set-signature.js';
import { recogniseNativeExport, recogniseOtherFocusDataSet } from './foreign-data-set.js';
import { beginningOf } from './text-limits.js';

/** The first row of a file. */
export interface HeaderRow {
  readonly lineNumber: number;
  readonly cells: readonly string[];
  /** How many cells there are; more than `cells.length` where the limit on columns cut the list short. */
  readonly cellCount: number;
}

/** What the header says about a file, before any of its rows is read. */
export interface FocusHeader {
  /** Told from the columns; nothing else in a FOCUS file says it. */
  readonly version: FocusVersion;
  /** The physical line of the header. */
  readonly lineNumber: number;
  /** As written, trimmed; a column without a name is called by its place, `column 13`. */
  readonly columns: readonly string[];
  /** Columns that the bill is poorer without. */
  readonly missingRecommended: readonly string[];
  /** Columns that neither FOCUS nor its `x_` rule knows; their cells are kept as raw data. */
  readonly unknownColumns: readonly string[];
  /** For the report, in whole sentences. */
  readonly warnings: readonly string[];
}

/** Longest piece of a column's name that a message shows, in UTF-16 units. */
const NAME_SHOWN = 60;
/** Columns that this product uses beyond the required ones. */
const RECOMMENDED = [
  'Tags',
  'BillingCurrency',
  'ListCost',
  'ServiceName',
  'ResourceId',
  'ResourceName',
  'ChargePeriodStart',
  'ChargeCategory',
] as const;

/** The column of the cost basis: what is billed. */
export function costColumnOf(options: Pick<FocusReaderOptions, 'costBasis'>): 'BilledCost' | 'EffectiveCost' {
  return options.costBasis === 'billed' ? 'BilledCost' : 'EffectiveCost';
}

/**
 * Reads the header row (domain.md §2).
 * @throws DomainError `import.wrong-data-set`, `import.wrong-separator`, `import.missing-columns`, `import.duplicate-columns`, `import.too-many-columns`.
 */
export function readHeader(row: HeaderRow, options: FocusReaderOptions, maxColumns: number): FocusHeader {
  if (row.cellCount > maxColumns) {
    throw new DomainError(
      'import.too-many-columns',
      'too-large',
      `The header on line ${row.lineNumber} has ${row.cellCount} columns, more than the ${maxColumns} allowed. Check that the first line is the header.`,
    );
  }
  const columns = row.cells.map((cell, index) => cell.trim() || `column ${index + 1}`);
  const folded = columns.map(foldColumnName);
  const names = new Set(folded);

  const otherDataSet = recogniseOtherFocusDataSet(names);
  if (otherDataSet !== undefined) throw wrongDataSet(row.lineNumber, otherDataSet);
  refuseMissing(row, columns, names, options);
  refuseDuplicates(row, columns, folded);

  const version = focusVersionOf(folded);
  const missingRecommended = RECOMMENDED.filter((name) => !names.has(name.toLowerCase()));
  const unknownColumns = columns.filter((_, index) => !isKnown(folded[index] ?? ''));
  return {
    version,
    lineNumber: row.lineNumber,
    columns,
    missingRecommended,
    unknownColumns,
    warnings: warningsOf(row, folded, version, missingRecommended),
  };
}

function isKnown(foldedName: string): boolean {
  return isFocusColumn(foldedName) || foldedName.startsWith('x_');
}

function refuseMissing(row: HeaderRow, columns: readonly string[], names: ReadonlySet<string>, options: FocusReaderOptions): void {
  const required = ['BillingPeriodStart', costColumnOf(options)];
  const missing = required.filter((name) => !names.has(name.toLowerCase()));
  if (missing.length > 0) {
    const native = recogniseNativeExport(names);
    if (native !== undefined) throw wrongDataSet(row.lineNumber, native);
    refuseOtherSeparator(row, columns);
  }
  if (options.lineIdColumn !== null && !names.has(foldColumnName(options.lineIdColumn))) missing.push(options.lineIdColumn);
  if (missing.length === 0) return;
  const basis = missing.includes('EffectiveCost') ? ' The source bills by effective cost; EffectiveCost is needed for that.' : '';
  const lineId = missing.some((name) => name === options.lineIdColumn)
    ? ' The source declares its line id column; change that setting if the provider has dropped it.'
    : '';
  throw new DomainError(
    'import.missing-columns',
    'invalid',
    `The header on line ${row.lineNumber} lacks ${missing.join(' and ')}. It has: ${listed(columns)}.${basis}${lineId} ` +
      'Export the FOCUS Cost and Usage data set (1.0 to 1.4) with all its columns.',
    missing.map((name): Problem => ({ where: name, what: 'is not in the header' })),
  );
}

function refuseOtherSeparator(row: HeaderRow, columns: readonly string[]): void {
  const only = columns.length === 1 ? (columns[0] ?? '') : '';
  const separators = [
    [';', 'semicolons'],
    ['\t', 'tabs'],
    ['|', 'vertical bars'],
  ] as const;
  for (const [separator, name] of separators) {
    if (!only.includes(separator)) continue;
    throw new DomainError(
      'import.wrong-separator',
      'invalid',
      `The columns on line ${row.lineNumber} are separated by ${name}. FOCUS files separate them by commas; export the file again with commas.`,
    );
  }
}

function refuseDuplicates(row: HeaderRow, columns: readonly string[], folded: readonly string[]): void {
  const duplicates = columns.filter((_, index) => folded.indexOf(folded[index] ?? '') !== index);
  if (duplicates.length === 0) return;
  throw new DomainError(
    'import.duplicate-columns',
    'invalid',
    `The header on line ${row.lineNumber} names ${listed(duplicates)} more than once (case and surrounding space do not count), so a cell's meaning ` +
      'cannot be told. Remove or rename one of them.',
    duplicates.map((name): Problem => ({ where: beginningOf(name, NAME_SHOWN), what: 'is in the header more than once' })),
  );
}

function warningsOf(row: HeaderRow, folded: readonly string[], version: FocusVersion, missingRecommended: readonly string[]): string[] {
  const warnings: string[] = [];
  if (!folded.includes('tags')) {
    warnings.push(
      'There is no Tags column: no charge names a PI, project or fund/org, so every line is flagged for what is missing. ' +
        'Switch tags on in the export, or reattribute the charges.',
    );
  }
  if (!folded.includes('billingcurrency'))
    warnings.push('There is no BillingCurrency column: every amount is taken to be in the currency of the ledger.');
  if (!folded.includes('listcost'))
    warnings.push('There is no ListCost column: list price is taken to be what is billed, so no discount shows.');
  const others = missingRecommended.filter((name) => !['Tags', 'BillingCurrency', 'ListCost'].includes(name));
  if (others.length > 0) warnings.push(`The header lacks ${others.join(', ')}, which statements and the charge browser show.`);
  const removed = folded.filter((name) => isRemoved(name, version));
  if (removed.length > 0) {
    warnings.push('The header mixes columns of FOCUS 1.4 with ProviderName or PublisherName, which 1.4 removed; it is read all the same.');
  }
  const drafts = folded.flatMap((name, index) => {
    const now = renamedInFocus10(name);
    return now === undefined || folded.includes(now.toLowerCase()) ? [] : [`${row.cells[index]?.trim() ?? name} (now ${now})`];
  });
  if (drafts.length > 0) {
    warnings.push(
      `The header names columns as FOCUS did before 1.0: ${drafts.join(', ')}. Their cells are kept as raw data and fill no field; ` +
        'ask for an export of FOCUS 1.0 or later.',
    );
  }
  const unnamed = row.cells.filter((cell) => cell.trim() === '').length;
  if (unnamed > 0) warnings.push(`${unnamed} ${unnamed === 1 ? 'column has' : 'columns have'} no name; the cells are kept as raw data.`);
  return warnings;
}

function wrongDataSet(lineNumber: number, { what, remedy }: ForeignDataSet): DomainError {
  return new DomainError(
    'import.wrong-data-set',
    'invalid',
    `The header on line ${lineNumber} is that of ${what}, not of FOCUS Cost and Usage. ${remedy}`,
  );
}

/** The first few names, so that a message stays readable on a wide file. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => beginningOf(name, NAME_SHOWN));
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
