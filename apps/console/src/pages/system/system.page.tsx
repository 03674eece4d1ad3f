import { Badge, Skeleton, Stack } from '@mantine/core';
import type { ReactElement } from 'react';
import { type SystemInfo, useSystem } from '../../api/overview-queries.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { FigureTiles } from '../../components/figure-tiles.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { FailedWork } from './failed-work.js';
import { ReadModels } from './read-models.js';
import classes from './system.module.css';

const QUEUES: readonly Column<SystemInfo['queues'][number]>[] = [
  { key: 'queue', title: 'Queue', render: ({ queue }) => queue },
  { key: 'waiting', title: 'Waiting', right: true, width: 90, render: ({ waiting }) => waiting.toLocaleString('en') },
  { key: 'active', title: 'Active', right: true, width: 90, render: ({ active }) => active.toLocaleString('en') },
  { key: 'delayed', title: 'Delayed', right: true, width: 90, render: ({ delayed }) => delayed.toLocaleString('en') },
  {
    key: 'failed',
    title: 'Failed',
    right: true,
    width: 90,
    render: ({ failed }) => (failed === 0 ? '0' : <Badge color="red">{failed.toLocaleString('en')}</Badge>),
  },
];

/** How the program itself is doing. */
export function SystemPage(): ReactElement {
  const system = useSystem();
  const { data } = system;
  return (
    <>
      <PageHeader
        title="System"
        badge={data?.devMode === true && <Badge color="grape">dev mode: mail goes to files</Badge>}
        lead={data === undefined ? ' ' : `OpenChargeback ${data.version} on Node ${data.nodeVersion}`}
      />
      {system.error !== null && data === undefined ? (
        <ErrorPanel error={system.error} onRetry={() => void system.refetch()} />
      ) : data === undefined ? (
        <Skeleton height={480} radius="lg" />
      ) : (
        <Stack gap="md">
          <FigureTiles
            tiles={[
              { title: 'Events', value: data.lastPosition.toLocaleString('en'), below: 'position of the newest' },
              {
                title: 'Sealed up to',
                value: data.lastSeal === null ? '–' : data.lastSeal.position.toLocaleString('en'),
                below: data.lastSeal === null ? 'no seal yet' : `seal ${data.lastSeal.seal}`,
              },
              { title: 'Database', value: `Postgres ${data.database.version}`, below: data.database.embedded ? 'embedded' : 'external' },
              { title: 'Queues', value: data.queueStore === 'redis' ? 'Redis' : 'Postgres', below: 'where jobs wait' },
            ]}
          />
          <FailedWork />
          <div className={classes['pair']}>
            <ReadModels models={data.projections} />
            <Sheet flush title="Queues">
              <DataTable rows={data.queues} columns={QUEUES} keyOf={({ queue }) => queue} label="Queues" empty={null} minWidth={420} />
            </Sheet>
          </div>
          <Sheet title="Files">
            Uploads, PDFs and journals are kept in <code>{data.storageDir}</code>.
          </Sheet>
        </Stack>
      )}
    </>
  );
}
