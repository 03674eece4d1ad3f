import { Badge, Button, Tabs } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { EmptyNote } from '../../components/empty-note.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { PeriodPicker, usePeriodChoice } from '../../shell/period-choice.js';
import { BookedTab } from './booked.tab.js';
import { ExportsTab } from './exports.tab.js';
import { useJournals } from './journal-queries.js';
import { NOTHING_TRIED } from './settings-queries.js';
import { SettingsTab } from './settings.tab.js';
import { WriteTab } from './write.tab.js';

const TABS = ['write', 'exports', 'booked', 'settings'];

/** The journal of a period: writing it, what was written and became of it, what is booked; and how it reads fund/orgs. */
export function JournalPage(): ReactElement {
  const choice = usePeriodChoice();
  const [search, setSearch] = useSearchParams();
  const asked = search.get('tab') ?? '';
  const tab = TABS.includes(asked) ? asked : 'write';
  // What is being tried outlives a look at the journal.
  const [draft, setDraft] = useState(NOTHING_TRIED);
  const { period, chosen, periods } = choice;
  const exported = useJournals(period).data?.length ?? 0;
  const isEmpty = periods?.length === 0;

  function show(next: string | null): void {
    setSearch((current) => {
      if (next === null || next === 'write') current.delete('tab');
      else current.set('tab', next);
      return current;
    });
  }

  return (
    <>
      <PageHeader title="Journal" lead="Debits to PIs’ fund/orgs, credits to the sources’">
        {tab !== 'settings' && <PeriodPicker choice={choice} />}
      </PageHeader>
      <Tabs value={tab} onChange={show} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="write">Write</Tabs.Tab>
          <Tabs.Tab
            value="exports"
            rightSection={
              exported > 0 && (
                <Badge size="xs" color="gray" circle aria-hidden>
                  {exported}
                </Badge>
              )
            }
          >
            Exports
          </Tabs.Tab>
          <Tabs.Tab value="booked">Booked</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="write">
          {isEmpty ? <NoPeriod /> : <WriteTab key={period} period={period} flaggedCount={chosen?.flaggedCount ?? 0} onShow={show} />}
        </Tabs.Panel>
        <Tabs.Panel value="exports">{isEmpty ? <NoPeriod /> : <ExportsTab key={period} period={period} />}</Tabs.Panel>
        <Tabs.Panel value="booked">{isEmpty ? <NoPeriod /> : <BookedTab key={period} period={period} />}</Tabs.Panel>
        <Tabs.Panel value="settings">
          <SettingsTab draft={draft} onChange={setDraft} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function NoPeriod(): ReactElement {
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
