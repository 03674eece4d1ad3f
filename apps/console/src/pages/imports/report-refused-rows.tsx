import { Button, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import type { ImportReport } from '../../api/import-queries.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Money } from '../../money/money.js';
import { ReportPart } from './report-part.js';

type RefusedRow = ImportReport['refusedRows'][number];

interface ReportRefusedRowsProps {
  readonly report: ImportReport;
  readonly address: string | null;
}

/** Rows that could not be read: where, what stands there, and why. */
export function ReportRefusedRows({ report, address }: ReportRefusedRowsProps): ReactElement | null {
  const { refusedRows, totals } = report;
  if (refusedRows.length === 0) return null;
  const first =
    refusedRows.length < totals.refusedRowCount
      ? `, the first ${refusedRows.length.toLocaleString('en')} of ${totals.refusedRowCount.toLocaleString('en')}`
      : '';
  return (
    <ReportPart
      title={`Rows with errors${first}`}
      aside={
        address !== null && (
          <Button component="a" href={address} download size="compact-sm" variant="default" leftSection={<IconDownload size={14} />}>
            {totals.refusedRowCount === 1 ? 'The row as CSV' : `All ${totals.refusedRowCount.toLocaleString('en')} as CSV`}
          </Button>
        )
      }
    >
      <DataTable
        rows={refusedRows}
        columns={COLUMNS}
        keyOf={({ lineNumber }) => String(lineNumber)}
        label="Rows with errors"
        empty={null}
      />
    </ReportPart>
  );
}

const COLUMNS: readonly Column<RefusedRow>[] = [
  { key: 'line', title: 'Line', width: 70, right: true, render: ({ lineNumber }) => lineNumber.toLocaleString('en') },
  { key: 'column', title: 'Column', width: 170, render: ({ column }) => column },
  {
    key: 'value',
    title: 'Value',
    width: 170,
    cut: true,
    render: ({ value }) => <code title={value}>{value === '' ? '(empty)' : value}</code>,
  },
  {
    key: 'reason',
    title: 'Why',
    render: ({ reason, furtherProblems }) => (
      <>
        {reason}
        {furtherProblems.map((problem) => (
          <Text key={problem.column} size="xs" c="dimmed">
            {problem.column}: {problem.reason}
          </Text>
        ))}
      </>
    ),
  },
  {
    key: 'amount',
    title: 'Amount',
    right: true,
    width: 120,
    render: ({ amount, currency }) => (amount === null ? '–' : <Money value={amount} currency={currency ?? undefined} brief />),
  },
];
