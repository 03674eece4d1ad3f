import { Button, Group, Select, Text, Tooltip } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useNavigate } from 'react-router';
import { type ImportEntry, type ImportFilter, useImports } from '../../api/import-queries.js';
import { type Source, useSources } from '../../api/queries.js';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { bytesText, periodShortName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { Sheet } from '../../components/sheet.js';
import { useAction } from '../../components/use-action.js';
import { ForRole } from '../../session/session.js';
import { ReadingShare } from './reading-progress.js';
import { StopImport } from './stop-import.js';

const PAGE_SIZE = 50;
type State = NonNullable<ImportFilter['state']>;
const STATES: readonly { readonly value: State; readonly label: string }[] = [
  { value: 'received', label: 'Being read' },
  { value: 'failed', label: 'Failed' },
  { value: 'recorded', label: 'Recorded' },
  { value: 'booked', label: 'Booked' },
  { value: 'refused', label: 'Refused' },
  { value: 'withdrawn', label: 'Withdrawn' },
  { value: 'cancelled', label: 'Cancelled' },
];

/** All imports, newest first: what became of each, and what can be done about those without an outcome. */
export function ImportHistory(): ReactElement {
  const [page, setPage] = useState(0);
  const [filter, setFilter] = useState<ImportFilter>({});
  const imports = useImports({ ...filter, limit: PAGE_SIZE, offset: page * PAGE_SIZE });
  const sources = useSources().data ?? [];
  const navigate = useNavigate();
  const retry = useAction(
    ({ failure }: ImportEntry) => answerOf(sdk.POST('/api/v1/jobs/{jobId}/retry', { params: { path: { jobId: failure?.jobId ?? '' } } })),
    { done: (_answer, { fileName }) => `${fileName} is read again` },
  );
  const set = (change: Partial<ImportFilter>): void => {
    setFilter((current) => ({ ...current, ...change }));
    setPage(0);
  };
  const isFiltered = filter.state !== undefined || filter.source !== undefined;
  if (imports.error !== null) return <ErrorPanel error={imports.error} onRetry={() => void imports.refetch()} />;
  return (
    <Sheet
      flush
      title="All imports"
      aside={
        <Group gap="xs">
          <Select
            w={160}
            size="xs"
            aria-label="State of the imports shown"
            placeholder="Any state"
            clearable
            value={filter.state ?? null}
            data={[...STATES]}
            onChange={(state) => set({ state: STATES.find(({ value }) => value === state)?.value })}
          />
          <Select
            w={180}
            size="xs"
            aria-label="Source of the imports shown"
            placeholder="Any source"
            clearable
            searchable
            value={filter.source ?? null}
            data={sources.map(({ name, displayName }) => ({ value: name, label: displayName }))}
            onChange={(source) => set({ source: source ?? undefined })}
          />
        </Group>
      }
    >
      <DataTable
        rows={imports.data?.imports}
        columns={columnsWith(sources, (entry) => retry.mutate(entry), retry.isPending ? retry.variables.importId : null)}
        keyOf={({ importId }) => String(importId)}
        label="Imports"
        minWidth={860}
        onOpen={({ importId }) => void navigate(`/imports/${importId}`)}
        nameOf={({ importId, fileName }) => `Import ${importId}, ${fileName}`}
        paging={{ page, pageSize: PAGE_SIZE, rowCount: imports.data?.count ?? 0, onPage: setPage }}
        empty={
          isFiltered ? (
            <EmptyNote compact icon={IconFileUpload} title="No import is like that">
              Choose another state or source.
            </EmptyNote>
          ) : (
            <EmptyNote icon={IconFileUpload} title="Nothing has been imported yet">
              Drop a source’s FOCUS file above. Its billing period is opened by the import.
            </EmptyNote>
          )
        }
      />
    </Sheet>
  );
}

function columnsWith(
  sources: readonly Source[],
  onRetry: (entry: ImportEntry) => void,
  busy: number | null,
): readonly Column<ImportEntry>[] {
  return [
    { key: 'id', title: '#', width: 52, render: ({ importId }) => importId },
    { key: 'file', title: 'File', cut: true, render: (entry) => <FileCell entry={entry} /> },
    {
      key: 'source',
      title: 'Source',
      width: 120,
      cut: true,
      render: ({ source }) => sources.find(({ name }) => name === source)?.displayName ?? source,
    },
    {
      key: 'periods',
      title: 'Period',
      width: 96,
      render: ({ periods, restatement }) => periodsText(restatement === null ? periods : [restatement.adjustedPeriod]),
    },
    { key: 'state', title: 'State', width: 130, render: (entry) => <StateCell entry={entry} /> },
    {
      key: 'lines',
      title: 'Lines',
      width: 84,
      right: true,
      render: ({ lineCount, progress }) => (progress?.rows ?? lineCount).toLocaleString('en'),
    },
    { key: 'size', wideOnly: true, title: 'Size', width: 76, right: true, render: ({ bytes }) => bytesText(bytes) },
    {
      key: 'by',
      wideOnly: true,
      title: 'By',
      width: 130,
      cut: true,
      render: ({ receivedBy }) => <span title={receivedBy}>{receivedBy}</span>,
    },
    { key: 'at', title: 'Received', width: 96, right: true, render: ({ receivedAt }) => <Moment at={receivedAt} /> },
    {
      key: 'actions',
      title: '',
      width: 158,
      right: true,
      render: (entry) => entry.state === 'received' && <Actions entry={entry} onRetry={onRetry} isBusy={busy === entry.importId} />,
    },
  ];
}

/** The name, and below it why there is nothing of the file in the ledger. */
function FileCell({ entry: { fileName, failure, refusal, endReason } }: { readonly entry: ImportEntry }): ReactElement {
  const why = failure?.reason ?? refusal?.reason ?? endReason;
  return (
    <>
      <span title={fileName}>{fileName}</span>
      {why !== null && (
        <Text size="xs" c={failure === null ? 'dimmed' : 'red'} truncate title={why}>
          {why}
        </Text>
      )}
    </>
  );
}

function StateCell({ entry: { state, failure, progress, endedBy } }: { readonly entry: ImportEntry }): ReactElement {
  if (failure !== null) return <StateBadge state="failed" />;
  if (state === 'received') return <ReadingShare progress={progress} />;
  const badge = <StateBadge state={state} />;
  return endedBy === null ? (
    badge
  ) : (
    <Tooltip label={`by ${endedBy}`}>
      <span>{badge}</span>
    </Tooltip>
  );
}

interface ActionsProps {
  readonly entry: ImportEntry;
  readonly onRetry: (entry: ImportEntry) => void;
  readonly isBusy: boolean;
}

function Actions({ entry, onRetry, isBusy }: ActionsProps): ReactElement {
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      {entry.failure !== null && (
        <ForRole role="admin">
          <Button
            size="compact-xs"
            variant="light"
            loading={isBusy}
            onClick={() => onRetry(entry)}
            aria-label={`Read ${entry.fileName} again`}
          >
            Retry
          </Button>
        </ForRole>
      )}
      <ForRole role="reviewer">
        <StopImport entry={entry} size="compact-xs" />
      </ForRole>
    </Group>
  );
}

function periodsText(periods: readonly string[]): string {
  const [first, ...more] = periods;
  if (first === undefined) return '–';
  return more.length === 0 ? periodShortName(first) : `${periodShortName(first)} +${more.length}`;
}
