import type { BillingPeriod } from '#kernel';

/** What its report says about the quality of one import's data, as far as it says it. */
export interface ImportQuality {
  readonly importId: number;
  readonly fileName: string;
  readonly state: 'recorded' | 'withdrawn' | 'refused';
  /** Periods in which the file has lines, also of a file that was refused. */
  readonly periods: readonly BillingPeriod[];
  readonly endedAt: Date | null;
  readonly focusVersion: string | null;
  readonly lineCount: number;
  readonly flaggedLineCount: number;
  readonly refusedRowCount: number;
  /** A line with two flags is in two of these. */
  readonly flags: readonly { readonly flag: string; readonly lineCount: number }[];
  /** Null for imports recorded before these figures were kept. */
  readonly unattributed: readonly { readonly field: string; readonly lineCount: number }[] | null;
  readonly missingColumns: readonly { readonly column: string; readonly level: string }[] | null;
}

/** A count and what part of all lines it is, 0 to 1; null where there are no lines to be a part of. */
export interface ShareOfLines {
  readonly lineCount: number;
  readonly share: number | null;
}

/** The data that a source delivered for one billing period: all recorded imports together. */
export interface PeriodQuality {
  readonly period: BillingPeriod;
  readonly importCount: number;
  /** Of these, imports with lines of other periods too: they count as wholes in each, as their flags are not kept by period. */
  readonly sharedImportCount: number;
  /** Of these, imports older than the figures on attribution and columns. */
  readonly unmeasuredImportCount: number;
  /** Files for this period that were refused as a whole; no line of them counts, here neither. */
  readonly refusedImportCount: number;
  readonly withdrawnImportCount: number;
  readonly lineCount: number;
  readonly flagged: ShareOfLines;
  /** Rows that could not be read in imports that were recorded without them; the share is of all rows. */
  readonly refused: ShareOfLines;
  readonly flags: readonly (ShareOfLines & { readonly flag: string })[];
  /** Lines without a value, of the measured ones; null if none were measured. */
  readonly unattributed: readonly (ShareOfLines & { readonly field: string })[] | null;
  /** Columns of the file's FOCUS version that a measured import lacks, in the order of their weight; null if none were measured. */
  readonly missingColumns: readonly { readonly column: string; readonly level: string; readonly importCount: number }[] | null;
}

const LEVELS = ['Mandatory', 'Conditional', 'Recommended'];

/** Figures of every period in which a source has files, newest first. */
export function qualityByPeriod(imports: readonly ImportQuality[], most: number): PeriodQuality[] {
  const periods = [...new Set(imports.flatMap((file) => file.periods))].sort().reverse();
  return periods.slice(0, most).map((period) => {
    const of = imports.filter((file) => file.periods.includes(period));
    return qualityOf(period, of);
  });
}

function qualityOf(period: BillingPeriod, imports: readonly ImportQuality[]): PeriodQuality {
  const recorded = imports.filter(({ state }) => state === 'recorded');
  const measured = recorded.filter(({ unattributed }) => unattributed !== null);
  const lineCount = sum(recorded, (file) => file.lineCount);
  const measuredLines = sum(measured, (file) => file.lineCount);
  const refusedRows = sum(recorded, (file) => file.refusedRowCount);
  const flags = counts(recorded.flatMap((file) => file.flags.map(({ flag, lineCount: lines }) => [flag, lines])));
  const unattributed = counts(measured.flatMap((file) => (file.unattributed ?? []).map(({ field, lineCount: lines }) => [field, lines])));
  return {
    period,
    importCount: recorded.length,
    sharedImportCount: recorded.filter((file) => file.periods.length > 1).length,
    unmeasuredImportCount: recorded.length - measured.length,
    refusedImportCount: imports.filter(({ state }) => state === 'refused').length,
    withdrawnImportCount: imports.filter(({ state }) => state === 'withdrawn').length,
    lineCount,
    flagged: share(
      sum(recorded, (file) => file.flaggedLineCount),
      lineCount,
    ),
    refused: share(refusedRows, lineCount + refusedRows),
    flags: [...flags].map(([flag, lines]) => ({ flag, ...share(lines, lineCount) })).sort((a, b) => b.lineCount - a.lineCount),
    unattributed: measured.length === 0 ? null : [...unattributed].map(([field, lines]) => ({ field, ...share(lines, measuredLines) })),
    missingColumns: measured.length === 0 ? null : missingIn(measured),
  };
}

function missingIn(imports: readonly ImportQuality[]): NonNullable<PeriodQuality['missingColumns']> {
  const found = new Map<string, { column: string; level: string; importCount: number }>();
  for (const { column, level } of imports.flatMap((file) => file.missingColumns ?? [])) {
    const known = found.get(column) ?? { column, level, importCount: 0 };
    known.importCount += 1;
    found.set(column, known);
  }
  return [...found.values()].sort(
    (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || b.importCount - a.importCount || (a.column < b.column ? -1 : 1),
  );
}

function counts(found: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, count] of found) sums.set(key, (sums.get(key) ?? 0) + count);
  return sums;
}

function sum(imports: readonly ImportQuality[], count: (file: ImportQuality) => number): number {
  return imports.reduce((total, file) => total + count(file), 0);
}

function share(lineCount: number, ofLines: number): ShareOfLines {
  return { lineCount, share: ofLines === 0 ? null : Math.round((lineCount / ofLines) * 1e6) / 1e6 };
}
