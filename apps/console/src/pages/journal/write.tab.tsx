import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCash, IconCircleCheck, IconListDetails } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useCurrency } from '../../api/queries.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { Sheet } from '../../components/sheet.js';
import { ChoiceSheet } from './choice-sheet.js';
import { EntryTable } from './entry-table.js';
import { ExportSheet } from './export-sheet.js';
import { familyOf, type JournalFormat, useJournalChoice } from './journal-choice.js';
import { type JournalPreview, useBooked, useJournalPreview } from './journal-queries.js';
import { namedJournals } from './journal-words.js';
import classes from './journal.module.css';
import { PreviewSummary } from './preview-summary.js';

interface WriteTabProps {
  readonly period: string | null;
  readonly flaggedCount: number;
  readonly onShow: (tab: string) => void;
}

/** What journal to write, on the left; what it would hold and what keeps it from being booked, before anything is written, on the right. */
export function WriteTab({ period, flaggedCount, onShow }: WriteTabProps): ReactElement {
  const { choice, set } = useJournalChoice();
  const currency = useCurrency();
  const written = JSON.stringify(choice);
  const [place, setPlace] = useState({ of: written, page: 0 });
  const page = place.of === written ? place.page : 0;
  const preview = useJournalPreview(period, choice, page);
  const { data, error } = preview;
  return (
    <div className={classes['write']}>
      <Stack gap="md">
        <ChoiceSheet period={period} choice={choice} onChange={set} flaggedCount={flaggedCount} />
        {period !== null && <ExportSheet key={written} period={period} choice={choice} preview={data} onShow={onShow} />}
      </Stack>
      <Stack gap="md" miw={0}>
        {error !== null && data === undefined ? (
          <ErrorPanel error={error} title="This journal can’t be shown" onRetry={() => void preview.refetch()} />
        ) : data === undefined ? (
          <>
            <Skeleton height={86} radius="lg" />
            <Skeleton height={360} radius="lg" />
          </>
        ) : (
          <>
            {!choice.delta && <BookedAlready period={period} format={choice.format} onDelta={() => set({ delta: true })} />}
            <PreviewSummary preview={data} currency={currency} period={period ?? ''} withFlagged={choice.includeFlagged} />
            <Sheet flush title="Entries" aside={counted(data.rowCount, 'row')}>
              <EntryTable
                preview={data}
                currency={currency}
                page={page}
                onPage={(next) => setPlace({ of: written, page: next })}
                empty={<NoEntries preview={data} period={period ?? ''} />}
              />
            </Sheet>
          </>
        )}
      </Stack>
    </div>
  );
}

interface BookedAlreadyProps {
  readonly period: string | null;
  readonly format: JournalFormat;
  readonly onDelta: () => void;
}

/** Warns of a second full journal beside one that accounting has booked. Lists of the PIs' side are written for other reasons too. */
function BookedAlready({ period, format, onDelta }: BookedAlreadyProps): ReactElement | null {
  const booked = useBooked(period, familyOf(format)).data;
  const posted = booked?.counted.filter(({ status }) => status === 'posted') ?? [];
  if (booked === undefined || posted.length === 0 || familyOf(format) !== 'two-sided') return null;
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} />} title="This month is booked already">
      <Text size="sm">
        {namedJournals(posted)} {posted.length === 1 ? 'is' : 'are'} in the books: what you see here would book all of it once more.
      </Text>
      {booked.obstacle === null && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={onDelta}>
          Only what changed
        </Button>
      )}
    </Alert>
  );
}

function NoEntries({ preview, period }: { readonly preview: JournalPreview; readonly period: string }): ReactElement {
  if (preview.format === 'detail' && preview.rowCount > 0) {
    return (
      <EmptyNote icon={IconListDetails} title={`${counted(preview.rowCount, 'charge')}, a row for each`} compact>
        They are those of the list of charges, which shows them page by page.
      </EmptyNote>
    );
  }
  if (preview.nothingChanged && preview.deltaFrom !== null && preview.deltaFrom.length > 0) {
    return (
      <EmptyNote icon={IconCircleCheck} title="Nothing changed" compact>
        {namedJournals(preview.deltaFrom)} {preview.deltaFrom.length === 1 ? 'books' : 'book'} what the ledger of {periodName(period)} says.
      </EmptyNote>
    );
  }
  return (
    <EmptyNote icon={IconCash} title="Nothing to book yet" compact>
      No charge of this period is billable. Import its files and review what is flagged.
    </EmptyNote>
  );
}
