import { Alert, Button, List, Stack, Tabs, Text } from '@mantine/core';
import { IconAlertTriangle, IconCash, IconDownload, IconFileUpload, IconScale } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useCurrency } from '../../api/queries.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { bytesText, counted } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { compareDecimals } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { type PeriodChoice, PeriodPicker, usePeriodChoice } from '../../shell/period-choice.js';
import { EntryTable } from './entry-table.js';
import { ExportButton } from './export-button.js';
import { type Journal, type JournalPreview, fileAddress, useJournalPreview, useJournals } from './journal-queries.js';
import { NOTHING_TRIED } from './settings-queries.js';
import { SettingsTab } from './settings.tab.js';

/** The journal of a period: what accounting would book, its problems, and the files made so far; and how it reads fund/orgs. */
export function JournalPage(): ReactElement {
  const choice = usePeriodChoice();
  const [search, setSearch] = useSearchParams();
  const tab = search.get('tab') === 'settings' ? 'settings' : 'journal';
  // What is being tried outlives a look at the journal.
  const [draft, setDraft] = useState(NOTHING_TRIED);
  const { period, chosen } = choice;
  const preview = useJournalPreview(period, false);

  function show(next: string | null): void {
    setSearch((current) => {
      if (next === null || next === 'journal') current.delete('tab');
      else current.set('tab', next);
      return current;
    });
  }

  return (
    <>
      <PageHeader title="Journal" lead="Debits to PIs’ fund/orgs, credits to the sources’">
        {tab === 'journal' && <PeriodPicker choice={choice} />}
        {tab === 'journal' && period !== null && preview.data !== undefined && (
          <ExportButton period={period} preview={preview.data} flaggedCount={chosen?.flaggedCount ?? 0} />
        )}
      </PageHeader>
      <Tabs value={tab} onChange={show} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="journal">Journal</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="journal">
          <JournalTab choice={choice} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <SettingsTab draft={draft} onChange={setDraft} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function JournalTab({ choice: { period, periods } }: { readonly choice: PeriodChoice }): ReactElement {
  const currency = useCurrency();
  const preview = useJournalPreview(period, false);
  const journals = useJournals(period);
  if (periods?.length === 0) {
    return (
      <Sheet>
        <EmptyNote
          icon={IconFileUpload}
          title="There is no billing period yet"
          action={
            <Button component={Link} to="/imports">
              Import files
            </Button>
          }
        >
          A journal is made of a month’s charges, so import its files first.
        </EmptyNote>
      </Sheet>
    );
  }
  if (preview.error !== null && preview.data === undefined) {
    return <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} />;
  }
  return (
    <Stack gap="md">
      {preview.data !== undefined && preview.data.entries.length > 0 && <Balance preview={preview.data} currency={currency} />}
      <Sheet flush title="Exports" aside={journals.data !== undefined && journals.data.length > 0 && counted(journals.data.length, 'file')}>
        <DataTable
          rows={journals.data}
          columns={EXPORT_COLUMNS}
          keyOf={({ number }) => String(number)}
          label="Exported journals"
          minWidth={760}
          skeletonRows={2}
          empty={
            <Text size="sm" c="dimmed" px="md" pb="md">
              No journal of this period was exported yet. Every export is kept and can be downloaded again.
            </Text>
          }
        />
      </Sheet>
      <Sheet flush title="Entries" aside={preview.data !== undefined && counted(preview.data.entries.length, 'entry', 'entries')}>
        <EntryTable
          preview={preview.data}
          currency={currency}
          empty={
            <EmptyNote icon={IconCash} title="Nothing to book yet">
              No charge of this period is billable. Import its files and review what is flagged.
            </EmptyNote>
          }
        />
      </Sheet>
    </Stack>
  );
}

function Balance({ preview, currency }: { readonly preview: JournalPreview; readonly currency: string }): ReactElement {
  const { balanced, debits, credits, problems } = preview;
  return (
    <>
      <Alert {...(balanced ? {} : { color: 'red' })} variant="light" py="xs" icon={<IconScale size={18} />}>
        <Text size="sm" className="figures">
          {balanced ? (
            <>
              <b>Balanced.</b> Debits and credits are both <Money value={debits} currency={currency} />.
            </>
          ) : (
            <>
              <b>Not balanced.</b> Debits are <Money value={debits} currency={currency} />, credits{' '}
              <Money value={credits} currency={currency} />.
            </>
          )}
        </Text>
      </Alert>
      {problems.length > 0 && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} />} title={counted(problems.length, 'problem')}>
          <List size="sm">
            {problems.slice(0, 15).map(({ text }) => (
              <List.Item key={text}>{text}</List.Item>
            ))}
          </List>
          {problems.length > 15 && (
            <Text size="sm" mt={4}>
              … and {problems.length - 15} more.
            </Text>
          )}
        </Alert>
      )}
    </>
  );
}

const EXPORT_COLUMNS: readonly Column<Journal>[] = [
  { key: 'number', title: '#', width: 56, render: ({ number }) => number },
  {
    key: 'file',
    title: 'File',
    cut: true,
    render: ({ fileName, sha256, includeFlagged }) => (
      <span title={`SHA-256 ${sha256}`}>
        {fileName}
        {includeFlagged && ' (with flagged charges)'}
      </span>
    ),
  },
  { key: 'format', title: 'Format', width: 90, render: ({ format }) => format },
  { key: 'rows', title: 'Rows', right: true, width: 80, render: ({ rowCount }) => rowCount.toLocaleString('en') },
  { key: 'size', wideOnly: true, title: 'Size', right: true, width: 84, render: ({ bytes }) => bytesText(bytes) },
  {
    key: 'debits',
    title: 'Debits',
    right: true,
    width: 120,
    render: ({ debits }) => <Money value={debits} />,
    compare: (a, b) => compareDecimals(a.debits, b.debits),
  },
  {
    key: 'credits',
    title: 'Credits',
    right: true,
    width: 120,
    render: ({ credits }) => <Money value={credits} />,
    compare: (a, b) => compareDecimals(a.credits, b.credits),
  },
  { key: 'by', wideOnly: true, title: 'By', width: 150, cut: true, render: ({ exportedBy }) => exportedBy },
  { key: 'at', title: 'Exported', width: 110, right: true, render: ({ exportedAt }) => <Moment at={exportedAt} /> },
  {
    key: 'download',
    title: '',
    width: 116,
    right: true,
    render: (journal) => (
      <Button
        component="a"
        href={fileAddress(journal)}
        download
        size="compact-xs"
        variant="subtle"
        leftSection={<IconDownload size={14} />}
      >
        Download
      </Button>
    ),
  },
];
