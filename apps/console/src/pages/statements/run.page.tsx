import { Alert, Anchor, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowLeft, IconFileInvoice } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useCurrency } from '../../api/queries.js';
import type { Schema } from '../../api/sdk-client.js';
import {
  isMaking,
  isUnderWay,
  pdfAddress,
  type StatementRunDetail,
  useRunStatements,
  useStatementRun,
} from '../../api/statement-queries.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { FigureTiles } from '../../components/figure-tiles.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { StuckWork } from '../../components/stuck-work.js';
import { Money } from '../../money/money.js';
import { RunActions } from './run-actions.js';
import { runScope, runState } from './run-words.js';
import classes from './statements.module.css';

/** One statement run: for whom, how far, what it made, what failed and why. */
export function RunPage(): ReactElement {
  const { id = '' } = useParams();
  const query = useStatementRun(/^\d{1,9}$/.test(id) ? Number(id) : 0);
  const { data } = query;
  return (
    <>
      <PageHeader
        title={data === undefined ? `Statement run ${id}` : `Statement run ${id}, ${periodName(data.period)}`}
        badge={data !== undefined && <StateBadge state={runState(data)} size="md" />}
        lead={
          <Anchor component={Link} to={data === undefined ? '/statements' : `/statements?period=${data.period}`} size="sm">
            <IconArrowLeft size={13} style={{ verticalAlign: -2 }} /> All statements
          </Anchor>
        }
      >
        {data !== undefined && <RunActions run={data} />}
      </PageHeader>
      {query.error !== null ? (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      ) : data === undefined ? (
        <Skeleton height={420} radius="lg" />
      ) : (
        <Detail run={data} />
      )}
    </>
  );
}

function Detail({ run }: { readonly run: StatementRunDetail }): ReactElement {
  const made = useRunStatements(run);
  const currency = useCurrency();
  return (
    <Stack gap="lg">
      <HowFar run={run} />
      <FigureTiles
        tiles={[
          {
            title: 'Made',
            value: run.issued.toLocaleString('en'),
            below: run.planned === null ? '' : `of ${run.planned.toLocaleString('en')}`,
          },
          {
            title: 'Amount due',
            value: made.data === undefined ? undefined : <Money value={made.data.sum.due} currency={currency} />,
            below: 'of the statements made',
          },
          { title: 'Unchanged', value: run.unchanged.toLocaleString('en'), below: 'up to date before' },
          { title: 'Failed', value: run.failures.length.toLocaleString('en'), alarm: run.failures.length > 0 },
          {
            title: 'Emails',
            value: run.emails === null ? '–' : run.emails.sent.toLocaleString('en'),
            below:
              run.emails === null ? (run.send ? 'nothing is sent' : 'not asked for') : `of ${run.emails.count.toLocaleString('en')} sent`,
          },
        ]}
      />
      {run.failedJobs.length > 0 && <StuckWork failed={run.failedJobs} />}
      <Failures run={run} />
      <Sheet>
        <dl className={classes['facts']}>
          <Fact name="For">{runScope(run)}</Fact>
          <Fact name="Asked for">
            <Moment at={run.requestedAt} /> by {run.requestedBy}
          </Fact>
          {run.completedAt !== null && (
            <Fact name={run.state === 'cancelled' ? 'Cancelled' : 'Completed'}>
              <Moment at={run.completedAt} />
              {run.cancelledBy !== null && ` by ${run.cancelledBy}`}
            </Fact>
          )}
          {run.retryOf !== null && (
            <Fact name="Tries again">
              <RunLink runId={run.retryOf} />
            </Fact>
          )}
          {run.retriedBy !== null && (
            <Fact name="Tried again by">
              <RunLink runId={run.retriedBy} />
            </Fact>
          )}
        </dl>
      </Sheet>
      <Sheet flush title="Statements made">
        <Made run={run} rows={made.data?.statements} currency={currency} />
      </Sheet>
    </Stack>
  );
}

/** The progress of a run that goes on, or the word about one that was cancelled. */
function HowFar({ run }: { readonly run: StatementRunDetail }): ReactElement | null {
  if (run.state === 'cancelled') {
    return (
      <Alert color="gray" variant="light" title={`This run was cancelled${run.cancelledBy === null ? '' : ` by ${run.cancelledBy}`}`}>
        {run.cancelReason !== null && <Text size="sm">“{run.cancelReason}”</Text>}
        <Text size="sm">What it had made stays, and nothing is sent. Generating again makes what is left.</Text>
      </Alert>
    );
  }
  if (!isUnderWay(run)) return null;
  const settled = run.issued + run.failures.length;
  const share = run.planned === null ? null : run.planned === 0 ? 100 : (settled / run.planned) * 100;
  const emails = run.emails;
  return (
    <Sheet>
      <div role="status">
        <Text size="sm" fw={550} mb={6}>
          {!isMaking(run)
            ? `Sending emails: ${(emails?.sent ?? 0).toLocaleString('en')} of ${(emails?.count ?? 0).toLocaleString('en')}`
            : run.planned === null
              ? 'Finding out which statements have changed …'
              : `${settled.toLocaleString('en')} of ${counted(run.planned, 'statement')}`}
        </Text>
        <Progress
          size="sm"
          animated
          aria-label="Progress of the statement run"
          value={isMaking(run) ? (share ?? 100) : emails === null || emails.count === 0 ? 100 : (emails.sent / emails.count) * 100}
        />
      </div>
    </Sheet>
  );
}

const FAILURES: readonly Column<StatementRunDetail['failures'][number]>[] = [
  { key: 'pi', title: 'PI', cut: true, width: '26%', render: ({ piEmail }) => <span title={piEmail}>{piEmail}</span> },
  { key: 'project', title: 'Project', cut: true, width: '20%', render: ({ projectId }) => <span title={projectId}>{projectId}</span> },
  { key: 'reason', title: 'Why', render: ({ reason }) => <span style={{ overflowWrap: 'anywhere' }}>{reason}</span> },
];

function Failures({ run }: { readonly run: StatementRunDetail }): ReactElement | null {
  if (run.failures.length === 0) return null;
  return (
    <Sheet flush title={`${counted(run.failures.length, 'statement')} could not be made`}>
      <DataTable
        rows={run.failures}
        columns={FAILURES}
        keyOf={({ piEmail, projectId }) => JSON.stringify([piEmail, projectId])}
        label="Statements that could not be made"
        empty={null}
      />
    </Sheet>
  );
}

interface MadeProps {
  readonly run: StatementRunDetail;
  readonly rows: readonly Schema<'StatementRevision'>[] | undefined;
  readonly currency: string;
}

function Made({ run, rows, currency }: MadeProps): ReactElement {
  const columns: readonly Column<Schema<'StatementRevision'>>[] = [
    {
      key: 'pi',
      title: 'PI',
      cut: true,
      render: ({ piEmail }) => <span title={piEmail}>{piEmail}</span>,
      compare: (a, b) => a.piEmail.localeCompare(b.piEmail),
    },
    {
      key: 'project',
      title: 'Project',
      cut: true,
      render: ({ projectId }) => <span title={projectId}>{projectId}</span>,
      compare: (a, b) => a.projectId.localeCompare(b.projectId),
    },
    { key: 'revision', title: 'Revision', width: 96, render: ({ revision }) => revision },
    { key: 'due', title: 'Due', right: true, width: 130, render: ({ due }) => <Money value={due} currency={currency} /> },
    { key: 'at', title: 'Made', right: true, width: 120, render: ({ issuedAt }) => <Moment at={issuedAt} /> },
    {
      key: 'pdf',
      title: '',
      right: true,
      width: 90,
      render: (row) => (
        <Anchor
          href={pdfAddress(row, row.revision)}
          target="_blank"
          rel="noopener"
          size="sm"
          aria-label={`PDF of ${row.piEmail}, ${row.projectId}`}
        >
          PDF
        </Anchor>
      ),
    },
  ];
  return (
    <DataTable
      rows={rows}
      columns={columns}
      keyOf={({ piEmail, projectId }) => JSON.stringify([piEmail, projectId])}
      label="Statements made"
      empty={
        <EmptyNote icon={IconFileInvoice} title={isMaking(run) ? 'Nothing has been made yet' : 'This run made no statement'}>
          {isMaking(run)
            ? 'Statements appear here as they are made.'
            : run.failures.length > 0
              ? 'What should have been made failed; mend the cause and retry.'
              : run.state === 'cancelled'
                ? 'It was cancelled before.'
                : run.unchanged > 0
                  ? 'Every statement was up to date with the ledger.'
                  : 'There was nothing to bill.'}
        </EmptyNote>
      }
    />
  );
}

function RunLink({ runId }: { readonly runId: number }): ReactElement {
  return (
    <Anchor component={Link} to={`/statements/runs/${runId}`} inherit>
      Run {runId}
    </Anchor>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
