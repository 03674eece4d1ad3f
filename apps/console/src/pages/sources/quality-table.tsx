import { Table } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { flagReason, flagTitle, periodName, periodShortName } from '../../components/field-words.js';
import type { PeriodQuality } from './source-queries.js';
import classes from './sources.module.css';

/** Flags with a row of their own; there may be a pattern for every one of a hundred services. */
const MOST_FLAGS = 8;

/** What no charge can be billed without: known of every import, as each such line has a flag. */
const NEEDED: readonly string[] = ['missing_pi_email', 'missing_project_id', 'missing_fund_org'];
/** What most sources leave to their settings. */
const OPTIONAL_FIELDS = [
  { field: 'costCenter', title: 'No cost centre' },
  { field: 'accountCode', title: 'No account' },
];

interface Row {
  readonly key: string;
  readonly title: string;
  readonly why?: string;
  readonly tone: 'alarm' | 'quiet';
  readonly cell: (period: PeriodQuality) => { readonly share: number | null; readonly words: ReactNode; readonly title?: string };
}

/** Shares of a source's lines, month by month from left to right; the tint of a cell grows with the share. */
export function QualityTable({ periods }: { readonly periods: readonly PeriodQuality[] }): ReactElement {
  const shown = [...periods].reverse();
  const flags = [...NEEDED, ...commonFlags(periods).filter((flag) => !NEEDED.includes(flag))];
  return (
    <Table.ScrollContainer minWidth={220 + shown.length * 66}>
      <Table layout="fixed" className={classes['quality']} aria-label="Data quality by month">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={200}>Share of lines</Table.Th>
            {shown.map(({ period }) => (
              <Table.Th key={period} className={classes['month']} title={periodName(period)}>
                {periodShortName(period)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Rows rows={[LINES]} periods={shown} />
          <Rows rows={[FLAGGED, ...flags.map(flagRow)]} periods={shown} />
          <Rows rows={[REFUSED]} periods={shown} />
          <Rows rows={[...OPTIONAL_FIELDS.map(fieldRow), COLUMNS]} periods={shown} />
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Rows({ rows, periods }: { readonly rows: readonly Row[]; readonly periods: readonly PeriodQuality[] }): ReactElement {
  return (
    <>
      {rows.map(({ key, title, why, tone, cell }) => (
        <Table.Tr key={key}>
          <Table.Th scope="row" className={classes['figure']} title={why ?? title}>
            {title}
          </Table.Th>
          {periods.map((period) => {
            const { share, words, title: exact } = cell(period);
            return (
              <Table.Td
                key={period.period}
                title={exact}
                className={classes['share']}
                data-tone={tone}
                style={{ '--share': `${tint(share)}%` }}
              >
                {words}
              </Table.Td>
            );
          })}
        </Table.Tr>
      ))}
    </>
  );
}

const LINES: Row = {
  key: 'lines',
  title: 'Lines',
  tone: 'quiet',
  cell: ({ lineCount, importCount }) => ({
    share: null,
    words: COMPACT.format(lineCount),
    title: `${lineCount.toLocaleString('en')} lines in ${importCount.toLocaleString('en')} imports`,
  }),
};

const FLAGGED: Row = {
  key: 'flagged',
  title: 'Flagged for review',
  tone: 'alarm',
  cell: ({ flagged }) => shareCell(flagged),
};

const REFUSED: Row = {
  key: 'refused',
  title: 'Rows refused',
  why: 'Rows that could not be read, in imports that were recorded without them; the share is of all rows.',
  tone: 'alarm',
  cell: ({ refused }) => shareCell(refused),
};

const COLUMNS: Row = {
  key: 'columns',
  title: 'FOCUS columns missing',
  why: 'Columns that the FOCUS version of the file has and its header has not, mandatory ones first.',
  tone: 'quiet',
  cell: ({ missingColumns }) => {
    if (missingColumns === null) return UNMEASURED;
    const mandatory = missingColumns.filter(({ level }) => level === 'Mandatory').length;
    return { share: null, words: String(missingColumns.length), title: `${mandatory} of them mandatory` };
  },
};

const UNMEASURED = { share: null, words: '–', title: 'Imported before this was measured, or nothing was recorded' } as const;

function flagRow(flag: string): Row {
  return {
    key: `flag ${flag}`,
    title: `· ${flagTitle(flag)}`,
    why: flagReason(flag),
    tone: 'alarm',
    cell: ({ flags, lineCount }) =>
      shareCell(flags.find((found) => found.flag === flag) ?? { lineCount: 0, share: lineCount === 0 ? null : 0 }),
  };
}

function fieldRow({ field, title }: (typeof OPTIONAL_FIELDS)[number]): Row {
  return {
    key: `field ${field}`,
    title,
    tone: 'quiet',
    cell: ({ unattributed }) => {
      const found = unattributed?.find((of) => of.field === field);
      return found === undefined ? UNMEASURED : shareCell(found);
    },
  };
}

function shareCell({ share, lineCount }: PeriodQuality['flagged']): ReturnType<Row['cell']> {
  if (share === null) return { share, words: '–', title: 'No lines' };
  return { share, words: shareWords(share), title: `${lineCount.toLocaleString('en')} lines` };
}

/** A share too small to print is not shown as none. */
export function shareWords(share: number): string {
  if (share === 0) return '0';
  if (share < 0.001) return '<0.1%';
  if (share >= 0.9995) return '100%';
  return share < 0.0995 ? `${(share * 100).toFixed(1)}%` : `${Math.round(share * 100)}%`;
}

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Small shares must show too: the tint grows with the square root. */
function tint(share: number | null): number {
  return share === null ? 0 : Math.round(Math.sqrt(share) * 55);
}

function commonFlags(periods: readonly PeriodQuality[]): string[] {
  const counts = new Map<string, number>();
  for (const { flag, lineCount } of periods.flatMap(({ flags }) => flags)) counts.set(flag, (counts.get(flag) ?? 0) + lineCount);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_FLAGS)
    .map(([flag]) => flag);
}
