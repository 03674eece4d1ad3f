import { ActionIcon, Group, Menu, Text } from '@mantine/core';
import { IconDotsVertical, IconDownload, IconFileExport } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useSearchParams } from 'react-router';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { Sheet } from '../../components/sheet.js';
import { compareDecimals } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { useSession } from '../../session/session.js';
import { formatTitle } from './journal-choice.js';
import { JournalDrawer } from './journal-drawer.js';
import { fileAddress, type Journal, useJournals } from './journal-queries.js';
import { aboutJournal } from './journal-words.js';
import classes from './journal.module.css';
import { markChoices } from './mark-choices.js';
import { MarkDialogs, type PendingMark } from './mark-dialogs.js';

/** The journals of a period: each is kept, and says what became of it in accounting. */
export function ExportsTab({ period }: { readonly period: string | null }): ReactElement {
  const journals = useJournals(period);
  const { may } = useSession();
  const [search, setSearch] = useSearchParams();
  const [pending, setPending] = useState<PendingMark | null>(null);
  const { data, error } = journals;
  // What is open stands in the address, and follows the list.
  const opened = data?.find(({ number }) => String(number) === search.get('journal')) ?? null;
  const open = (journal: Journal | null): void =>
    setSearch(
      (current) => {
        if (journal === null) current.delete('journal');
        else current.set('journal', String(journal.number));
        return current;
      },
      { replace: true },
    );

  if (error !== null && data === undefined) return <ErrorPanel error={error} onRetry={() => void journals.refetch()} />;
  return (
    <>
      <Sheet flush title="Exported journals" aside={data !== undefined && data.length > 0 && counted(data.length, 'file')}>
        <DataTable
          rows={data}
          columns={may('reviewer') ? [...COLUMNS, actionColumn(setPending)] : [...COLUMNS, DOWNLOAD]}
          keyOf={({ number }) => String(number)}
          label="Exported journals"
          onOpen={open}
          nameOf={({ number }) => `Journal ${number}`}
          rowClassName={({ status }) => (status === 'void' ? classes['void'] : undefined)}
          minWidth={820}
          skeletonRows={3}
          empty={
            <EmptyNote icon={IconFileExport} title="No journal of this period yet" compact>
              Every journal that is written is kept here and can be downloaded again. Once accounting has booked it, record its document
              number: deltas start from what is booked.
            </EmptyNote>
          }
        />
      </Sheet>
      <JournalDrawer journal={opened} onClose={() => open(null)} onMark={setPending} />
      <MarkDialogs pending={pending} journals={data ?? []} onClose={() => setPending(null)} />
    </>
  );
}

const COLUMNS: readonly Column<Journal>[] = [
  { key: 'number', title: '#', width: 52, render: ({ number }) => number },
  {
    key: 'file',
    title: 'File',
    cut: true,
    render: (journal) => {
      const about = aboutJournal(journal);
      return (
        <>
          <span title={journal.fileName}>{journal.fileName}</span>
          {about !== '' && (
            <Text size="xs" c="dimmed" truncate title={about}>
              {about}
            </Text>
          )}
        </>
      );
    },
  },
  { key: 'format', wideOnly: true, title: 'Format', width: 96, render: ({ format }) => formatTitle(format) },
  {
    key: 'status',
    title: 'Status',
    width: 168,
    cut: true,
    render: ({ status, documentNumber, postedOn, markNote }) => (
      <>
        <StateBadge state={status} />
        {status !== 'written' && (
          <Text size="xs" c="dimmed" truncate title={markNote ?? undefined}>
            {status === 'posted' ? `${documentNumber ?? ''}, ${postedOn ?? ''}` : markNote}
          </Text>
        )}
      </>
    ),
    compare: (a, b) => a.status.localeCompare(b.status),
  },
  { key: 'rows', wideOnly: true, title: 'Rows', right: true, width: 76, render: ({ rowCount }) => rowCount.toLocaleString('en') },
  {
    key: 'debits',
    title: 'Debits',
    right: true,
    width: 116,
    render: ({ debits }) => <Money value={debits} />,
    compare: (a, b) => compareDecimals(a.debits, b.debits),
  },
  {
    key: 'credits',
    title: 'Credits',
    right: true,
    width: 116,
    render: ({ credits }) => <Money value={credits} />,
    compare: (a, b) => compareDecimals(a.credits, b.credits),
  },
  {
    key: 'at',
    title: 'Exported',
    width: 134,
    cut: true,
    render: ({ exportedAt, exportedBy }) => (
      <>
        <Moment at={exportedAt} />
        <Text size="xs" c="dimmed" truncate title={exportedBy}>
          {exportedBy}
        </Text>
      </>
    ),
  },
];

const DOWNLOAD: Column<Journal> = {
  key: 'actions',
  title: '',
  width: 60,
  right: true,
  render: (journal) => <Download journal={journal} />,
};

function actionColumn(onMark: (mark: PendingMark) => void): Column<Journal> {
  return {
    key: 'actions',
    title: '',
    width: 92,
    right: true,
    render: (journal) => (
      <Group gap={2} wrap="nowrap" justify="flex-end">
        <Download journal={journal} />
        <Menu position="bottom-end" shadow="md" width={220}>
          <Menu.Target>
            <ActionIcon aria-label={`What became of journal ${journal.number}`}>
              <IconDotsVertical size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {markChoices(journal).map(({ mark, text, icon }) => (
              <Menu.Item key={mark} leftSection={icon} onClick={() => onMark({ mark, journal })}>
                {text}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
    ),
  };
}

function Download({ journal }: { readonly journal: Journal }): ReactElement {
  return (
    <ActionIcon component="a" href={fileAddress(journal)} download aria-label={`Download journal ${journal.number}`} title="Download">
      <IconDownload size={17} />
    </ActionIcon>
  );
}
