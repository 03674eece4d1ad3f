import { Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { IconChecks, IconRefresh } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { forgetPreview } from '../../api/import-queries.js';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { StopImport } from '../imports/stop-import.js';
import { counted } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { Sheet } from '../../components/sheet.js';
import { useAction } from '../../components/use-action.js';
import { type FailedJob, useFailedJobs } from './system-queries.js';
import classes from './system.module.css';

/** Work whose attempts are used up: why, and once more. */
export function FailedWork(): ReactElement {
  const jobs = useFailedJobs();
  const { data } = jobs;
  const waiting = data?.filter(({ state }) => state === 'exhausted') ?? [];
  const retry = useAction(({ jobId }: FailedJob) => answerOf(sdk.POST('/api/v1/jobs/{jobId}/retry', { params: { path: { jobId } } })), {
    done: (_answer, { about }) => `${about} is queued again`,
  });
  const retryAll = useAction(() => answerOf(sdk.POST('/api/v1/jobs/retry', { body: { all: true } })), {
    done: ({ jobIds }) => `${counted(jobIds.length, 'piece')} of work queued again`,
  });
  if (jobs.error !== null && data === undefined)
    return <ErrorPanel title="The failed work can’t be shown" error={jobs.error} onRetry={() => void jobs.refetch()} />;
  return (
    <Sheet
      flush
      title="Failed work"
      aside={
        waiting.length > 0 && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={15} />}
            loading={retryAll.isPending}
            onClick={() => retryAll.mutate(undefined)}
          >
            Retry all
          </Button>
        )
      }
    >
      <DataTable
        rows={data}
        columns={columnsWith((job) => retry.mutate(job), retry.isPending ? retry.variables.jobId : null)}
        keyOf={({ jobId }) => jobId}
        label="Failed work"
        minWidth={820}
        skeletonRows={2}
        empty={
          <EmptyNote compact icon={IconChecks} title="Nothing has failed.">
            Work that fails for good, after all its attempts, waits here for somebody to mend the cause and retry it.
          </EmptyNote>
        }
      />
    </Sheet>
  );
}

function columnsWith(onRetry: (job: FailedJob) => void, busy: string | null): readonly Column<FailedJob>[] {
  return [
    {
      key: 'about',
      title: 'Work',
      width: 230,
      render: (job) => (
        <>
          <Subject job={job} />
          <Text size="xs" c="dimmed" className="figures">
            {job.name}
          </Text>
        </>
      ),
      compare: (a, b) => a.about.localeCompare(b.about),
    },
    { key: 'reason', title: 'Reason', render: ({ reason }) => <div className={classes['reason']}>{reason}</div> },
    {
      key: 'attempts',
      title: 'Runs',
      right: true,
      width: 70,
      render: ({ attempts }) => attempts,
      compare: (a, b) => a.attempts - b.attempts,
    },
    {
      key: 'failedAt',
      title: 'Failed',
      width: 130,
      render: ({ failedAt }) => <Moment at={failedAt} />,
      compare: (a, b) => a.failedAt.localeCompare(b.failedAt),
    },
    {
      key: 'retry',
      title: '',
      right: true,
      width: 190,
      render: (job) =>
        job.state === 'retried' ? (
          <Badge color="blue">being tried again</Badge>
        ) : (
          <Group gap={6} justify="flex-end" wrap="nowrap">
            <Button
              size="compact-xs"
              variant="light"
              aria-label={`Retry: ${job.about}`}
              loading={busy === job.jobId}
              onClick={() => onRetry(job)}
            >
              Retry
            </Button>
            <GiveUp job={job} />
          </Group>
        ),
    },
  ];
}

/** For what nobody is owed: a dry run, and an import, which is cancelled by that. */
function GiveUp({ job }: { readonly job: FailedJob }): ReactElement | null {
  const dismiss = useAction((previewId: string) => forgetPreview(previewId), { done: () => `${job.about} is given up` });
  const { importId, previewId, about } = job;
  if (importId !== null) return <StopImport entry={{ importId, failure: job }} size="compact-xs" />;
  if (previewId === null) return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={`Give up: ${about}`}
      loading={dismiss.isPending}
      onClick={() => dismiss.mutate(previewId)}
    >
      Give up
    </Button>
  );
}

/** What the work is about, as a way there where there is one. */
function Subject({ job }: { readonly job: FailedJob }): ReactElement {
  const address = job.importId !== null ? `/imports/${job.importId}` : job.runId !== null || job.deliveryId !== null ? '/statements' : null;
  if (address === null) return <b>{job.about}</b>;
  return (
    <Anchor component={Link} to={address} fw={600} size="sm">
      {job.about}
    </Anchor>
  );
}
