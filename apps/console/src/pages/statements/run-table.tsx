import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { type StatementRun, useStatementRuns } from '../../api/statement-queries.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Moment } from '../../components/moment.js';
import { runScope, runState } from './run-words.js';

const COLUMNS: readonly Column<StatementRun>[] = [
  { key: 'run', title: 'Run', width: 70, render: ({ runId }) => runId },
  { key: 'state', title: 'State', width: 128, render: (run) => <StateBadge state={runState(run)} /> },
  { key: 'scope', title: 'For', cut: true, render: (run) => <span title={runScope(run)}>{runScope(run)}</span> },
  { key: 'issued', title: 'Made', right: true, width: 80, render: ({ issued }) => issued.toLocaleString('en') },
  {
    key: 'unchanged',
    title: 'Unchanged',
    right: true,
    wideOnly: true,
    width: 110,
    render: ({ unchanged }) => unchanged.toLocaleString('en'),
  },
  { key: 'failed', title: 'Failed', right: true, width: 80, render: ({ failures }) => failures.length.toLocaleString('en') },
  { key: 'send', title: 'Emails', wideOnly: true, width: 100, render: ({ send }) => (send ? 'with emails' : 'no emails') },
  { key: 'by', title: 'Asked for by', cut: true, render: ({ requestedBy }) => <span title={requestedBy}>{requestedBy}</span> },
  { key: 'at', title: 'When', right: true, width: 120, render: ({ requestedAt }) => <Moment at={requestedAt} /> },
];

/** Every statement run of a period; a row opens the run. */
export function RunTable({ period }: { readonly period: string | null }): ReactElement {
  const runs = useStatementRuns(period);
  const navigate = useNavigate();
  if (runs.error !== null) return <ErrorPanel error={runs.error} onRetry={() => void runs.refetch()} />;
  return (
    <DataTable
      rows={runs.data}
      columns={COLUMNS}
      keyOf={({ runId }) => String(runId)}
      label="Statement runs"
      onOpen={({ runId }) => void navigate(`/statements/runs/${runId}`)}
      nameOf={({ runId }) => `Run ${runId}`}
      empty={
        <Text size="sm" c="dimmed" ta="center" py="xl">
          No statements have been generated for this period.
        </Text>
      }
    />
  );
}
