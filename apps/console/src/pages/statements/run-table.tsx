import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { type StatementRun, useStatementRuns } from '../../api/statement-queries.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Moment } from '../../components/moment.js';

const COLUMNS: readonly Column<StatementRun>[] = [
  { key: 'run', title: 'Run', width: 70, render: ({ runId }) => runId },
  { key: 'state', title: 'State', width: 120, render: ({ state }) => <StateBadge state={state} /> },
  { key: 'issued', title: 'Made', right: true, width: 90, render: ({ issued }) => issued.toLocaleString('en') },
  { key: 'unchanged', title: 'Unchanged', right: true, width: 110, render: ({ unchanged }) => unchanged.toLocaleString('en') },
  { key: 'failed', title: 'Failed', right: true, width: 90, render: ({ failures }) => failures.length.toLocaleString('en') },
  { key: 'send', title: 'Emails', width: 100, render: ({ send }) => (send ? 'with emails' : 'no emails') },
  { key: 'by', title: 'Asked for by', cut: true, render: ({ requestedBy }) => requestedBy },
  { key: 'at', title: 'When', right: true, width: 120, render: ({ requestedAt }) => <Moment at={requestedAt} /> },
];

/** Every statement run of a period. */
export function RunTable({ period }: { readonly period: string | null }): ReactElement {
  const runs = useStatementRuns(period);
  if (runs.error !== null) return <ErrorPanel error={runs.error} onRetry={() => void runs.refetch()} />;
  return (
    <DataTable
      rows={runs.data}
      columns={COLUMNS}
      keyOf={({ runId }) => String(runId)}
      label="Statement runs"
      empty={
        <Text size="sm" c="dimmed" ta="center" py="xl">
          No statements have been generated for this period.
        </Text>
      }
    />
  );
}
