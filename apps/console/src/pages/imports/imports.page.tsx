import { Button, Group, Stack } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useNavigate } from 'react-router';
import { type ImportEntry, useImports } from '../../api/import-queries.js';
import { type Source, usePeriods, useSources } from '../../api/queries.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { bytesText, periodShortName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { ForRole } from '../../session/session.js';
import { DropFiles } from './drop-files.js';
import { PreparedFileCard } from './prepared-file-card.js';
import { usePreparedFiles } from './use-prepared-files.js';

const PAGE_SIZE = 50;

/** Files come in here: dropped, tried, imported; and the list of all that came before. */
export function ImportsPage(): ReactElement {
  return (
    <>
      <PageHeader title="Imports" lead="FOCUS files of your sources: try one with a dry run, then import it" />
      <Stack gap="lg">
        <ForRole role="reviewer">
          <Prepare />
        </ForRole>
        <History />
      </Stack>
    </>
  );
}

function Prepare(): ReactElement {
  const prepared = usePreparedFiles();
  const sources = useSources().data ?? [];
  const periods = usePeriods().data?.periods ?? [];
  const pending = prepared.files.filter(({ importId, source }) => importId === null && source !== '');
  const runAll = (run: (key: string) => Promise<void>): void => {
    for (const { key } of pending) void run(key);
  };
  return (
    <>
      <DropFiles onFiles={prepared.add} />
      {prepared.files.length > 0 && (
        <Sheet
          flush
          title="Files to import"
          aside={
            pending.length > 1 && (
              <Group gap="xs">
                <Button size="xs" variant="default" onClick={() => runAll(prepared.dryRun)}>
                  Dry run all {pending.length}
                </Button>
                <Button size="xs" onClick={() => runAll(prepared.importForGood)}>
                  Import all {pending.length}
                </Button>
              </Group>
            )
          }
        >
          {prepared.files.map((file) => (
            <PreparedFileCard
              key={file.key}
              prepared={file}
              actions={prepared}
              sources={sources.filter(({ enabled }) => enabled)}
              periods={periods}
            />
          ))}
        </Sheet>
      )}
    </>
  );
}

function History(): ReactElement {
  const [page, setPage] = useState(0);
  const imports = useImports({ limit: PAGE_SIZE, offset: page * PAGE_SIZE });
  const { data: sources } = useSources();
  const navigate = useNavigate();
  if (imports.error !== null) return <ErrorPanel error={imports.error} onRetry={() => void imports.refetch()} />;
  return (
    <Sheet flush title="All imports">
      <DataTable
        rows={imports.data?.imports}
        columns={columnsWith(sources ?? [])}
        keyOf={({ importId }) => String(importId)}
        label="Imports"
        onOpen={({ importId }) => void navigate(`/imports/${importId}`)}
        paging={{ page, pageSize: PAGE_SIZE, rowCount: imports.data?.count ?? 0, onPage: setPage }}
        empty={
          <EmptyNote icon={IconFileUpload} title="Nothing has been imported yet">
            Drop a source’s FOCUS file above. Its billing period is opened by the import.
          </EmptyNote>
        }
      />
    </Sheet>
  );
}

function columnsWith(sources: readonly Source[]): readonly Column<ImportEntry>[] {
  return [
    { key: 'id', title: '#', width: 64, render: ({ importId }) => importId },
    { key: 'file', title: 'File', cut: true, render: ({ fileName }) => <span title={fileName}>{fileName}</span> },
    {
      key: 'source',
      title: 'Source',
      width: 170,
      render: ({ source }) => sources.find(({ name }) => name === source)?.displayName ?? source,
    },
    { key: 'periods', title: 'Period', width: 120, render: ({ periods }) => periodsText(periods) },
    { key: 'state', title: 'State', width: 110, render: ({ state }) => <StateBadge state={state} /> },
    { key: 'lines', title: 'Lines', width: 90, right: true, render: ({ lineCount }) => lineCount.toLocaleString('en') },
    { key: 'size', wideOnly: true, title: 'Size', width: 90, right: true, render: ({ bytes }) => bytesText(bytes) },
    {
      key: 'by',
      wideOnly: true,
      title: 'By',
      width: 190,
      cut: true,
      render: ({ receivedBy }) => <span title={receivedBy}>{receivedBy}</span>,
    },
    { key: 'at', title: 'Received', width: 120, right: true, render: ({ receivedAt }) => <Moment at={receivedAt} /> },
  ];
}

function periodsText(periods: readonly string[]): string {
  const [first, ...more] = periods;
  if (first === undefined) return '–';
  return more.length === 0 ? periodShortName(first) : `${periodShortName(first)} +${more.length}`;
}
