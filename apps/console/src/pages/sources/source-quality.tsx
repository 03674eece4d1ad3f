import { Anchor, Skeleton, Stack, Text } from '@mantine/core';
import { IconChartHistogram } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import type { Schema } from '../../api/sdk-client.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName, periodShortName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { Sheet } from '../../components/sheet.js';
import { QualityTable, shareWords } from './quality-table.js';
import { type PeriodQuality, type SourceDetail, type SourceQuality, useSourceQuality } from './source-queries.js';

type ImportQuality = Schema<'ImportQualityInfo'>;

const LEVELS = ['Mandatory', 'Conditional', 'Recommended'];

const IMPORT_COLUMNS: readonly Column<ImportQuality>[] = [
  {
    key: 'file',
    title: 'File',
    cut: true,
    render: ({ importId, fileName }) => (
      <Anchor component={Link} to={`/imports/${importId}`} inherit title={fileName}>
        {fileName}
      </Anchor>
    ),
  },
  { key: 'state', title: 'State', width: 110, render: ({ state }) => <StateBadge state={state} /> },
  {
    key: 'periods',
    title: 'Months',
    width: 140,
    wideOnly: true,
    cut: true,
    render: ({ periods }) => periods.map(periodShortName).join(', ') || '–',
  },
  { key: 'lines', title: 'Lines', width: 100, right: true, render: ({ lineCount }) => lineCount.toLocaleString('en') },
  {
    key: 'flagged',
    title: 'Flagged',
    width: 90,
    right: true,
    render: ({ flaggedLineCount, lineCount }) => (lineCount === 0 ? '–' : shareWords(flaggedLineCount / lineCount)),
  },
  { key: 'refused', title: 'Rows refused', width: 120, right: true, render: ({ refusedRowCount }) => refusedRowCount.toLocaleString('en') },
  {
    key: 'columns',
    title: 'Columns missing',
    width: 140,
    right: true,
    wideOnly: true,
    render: ({ missingColumns }) => (missingColumns === null ? '–' : missingColumns.length),
  },
  { key: 'ended', title: 'When', width: 130, wideOnly: true, render: ({ endedAt }) => <Moment at={endedAt} /> },
];

/** How good the data of a source is over the last twelve months, and in each file. */
export function SourceQualitySection({ source }: { readonly source: SourceDetail }): ReactElement {
  const query = useSourceQuality(source.name);
  if (query.error !== null && query.data === undefined) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton height={320} radius="lg" />;
  const { periods, imports } = query.data;
  if (imports.length === 0) {
    return (
      <Sheet title="Data quality">
        <EmptyNote icon={IconChartHistogram} title="Nothing was imported from this source yet" compact>
          After its first file this shows, month by month, how many lines are flagged, lack a PI, project or fund/org, or could not be read.
        </EmptyNote>
      </Sheet>
    );
  }
  return (
    <Stack gap="lg">
      {periods.length > 0 && (
        <Sheet title="Data quality" aside="the last twelve months with files" flush>
          <QualityTable periods={periods} />
          <Stack gap={4} px="md" py="sm">
            <Missing newest={periods[0]} />
            <Notes periods={periods} />
          </Stack>
        </Sheet>
      )}
      <Sheet title="Its imports" aside={counted(imports.length, 'import')} flush>
        <DataTable
          rows={imports}
          columns={IMPORT_COLUMNS}
          keyOf={({ importId }) => String(importId)}
          label="Imports of this source"
          minWidth={560}
          empty={null}
        />
      </Sheet>
    </Stack>
  );
}

function Missing({ newest }: { readonly newest: PeriodQuality | undefined }): ReactElement | null {
  if (newest?.missingColumns === null || newest === undefined || newest.missingColumns.length === 0) return null;
  const { missingColumns, period } = newest;
  return (
    <details>
      <summary>
        <Text span size="sm">
          {counted(missingColumns.length, 'FOCUS column')} missing in {periodName(period)}
        </Text>
      </summary>
      {LEVELS.map((level) => {
        const columns = missingColumns.filter((missing) => missing.level === level);
        return columns.length === 0 ? null : (
          <Text key={level} size="xs" mt={4}>
            <b>{level}:</b> {columns.map(({ column }) => column).join(', ')}
          </Text>
        );
      })}
    </details>
  );
}

function Notes({ periods }: { readonly periods: SourceQuality['periods'] }): ReactElement | null {
  const total = (count: (period: PeriodQuality) => number): number => periods.reduce((sum, period) => sum + count(period), 0);
  const older = total(({ unmeasuredImportCount }) => unmeasuredImportCount);
  const leftOut = total(({ refusedImportCount, withdrawnImportCount }) => refusedImportCount + withdrawnImportCount);
  const shared = total(({ sharedImportCount }) => sharedImportCount);
  const notes = [
    ...(older > 0 ? ['Imports from before cost centres, accounts and columns were measured show – there.'] : []),
    ...(leftOut > 0 ? ['Refused and withdrawn files are left out: no line of them counts. They are in the list below.'] : []),
    ...(shared > 0 ? ['A file with lines of several months counts as a whole in each of them.'] : []),
  ];
  if (notes.length === 0) return null;
  return (
    <Text size="xs" c="dimmed">
      {notes.join(' ')}
    </Text>
  );
}
