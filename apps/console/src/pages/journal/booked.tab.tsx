import { Alert, Button, Group, SegmentedControl, Stack, Switch, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconArrowsDiff, IconCash, IconCircleCheck } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useCurrency } from '../../api/queries.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Sheet } from '../../components/sheet.js';
import { compareDecimals, isZero } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import type { JournalFamily } from './journal-choice.js';
import { type Booked, type BookedFundOrg, useBooked } from './journal-queries.js';
import { namedJournals } from './journal-words.js';
import classes from './journal.module.css';

const FAMILIES: readonly { readonly value: JournalFamily; readonly label: string }[] = [
  { value: 'two-sided', label: 'Both sides (Template, GL)' },
  { value: 'one-sided', label: 'PIs’ side (Summary, By service)' },
];

/** What accounting has booked of a period per fund/org, against what its ledger says now. */
export function BookedTab({ period }: { readonly period: string | null }): ReactElement {
  const [search, setSearch] = useSearchParams();
  const family: JournalFamily = search.get('family') === 'one-sided' ? 'one-sided' : 'two-sided';
  const booked = useBooked(period, family);
  const { data, error } = booked;
  const choose = (next: string): void =>
    setSearch(
      (current) => {
        if (next === 'two-sided') current.delete('family');
        else current.set('family', next);
        return current;
      },
      { replace: true },
    );
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <SegmentedControl aria-label="Side of the books" size="xs" value={family} data={[...FAMILIES]} onChange={choose} />
      </Group>
      {error !== null && data === undefined ? (
        <ErrorPanel error={error} onRetry={() => void booked.refetch()} />
      ) : (
        <>
          {data !== undefined && <Verdict booked={data} />}
          {data?.comparison !== null && <Comparison booked={data} />}
        </>
      )}
    </Stack>
  );
}

/** Whether what is booked is what the ledger says, and what to do where it is not. */
function Verdict({ booked }: { readonly booked: Booked }): ReactElement {
  const { counted, obstacle, deltaNeeded, period, family, comparison } = booked;
  const since = counted.length === 0 ? '' : namedJournals(counted);
  if (comparison === null && obstacle !== null) {
    return (
      <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title="What is booked can’t be told" role="status">
        <Text size="sm">{obstacle.text}</Text>
        <ToExports period={period} />
      </Alert>
    );
  }
  if (counted.length === 0) {
    return (
      <Alert color="gray" variant="light" icon={<IconCash size={18} />} role="status">
        <Text size="sm">Nothing counts as booked of this side: no journal of it was written, or all of them are void.</Text>
        <Write {...{ period, family }} delta={false} text="Write the journal" />
      </Alert>
    );
  }
  const isPosted = counted.every(({ status }) => status === 'posted');
  const verb = counted.length === 1 ? 'counts' : 'count';
  return (
    <>
      {obstacle !== null && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} />} title="No delta can be written now">
          <Text size="sm">{obstacle.text}</Text>
          <ToExports period={period} />
        </Alert>
      )}
      {deltaNeeded ? (
        <Alert color="orange" variant="light" icon={<IconArrowsDiff size={18} />} title="The ledger has changed since" role="status">
          <Text size="sm">
            {since} {verb} as booked{isPosted ? '' : ', as nothing is posted yet'}. What the ledger says now differs.
          </Text>
          {obstacle === null && <Write {...{ period, family }} delta text="Write a delta" />}
        </Alert>
      ) : (
        <Alert variant="light" icon={<IconCircleCheck size={18} />} role="status">
          <Text size="sm">
            <b>No difference.</b> {since} {verb} as booked{isPosted ? '' : ', as nothing is posted yet'}, and that is what the ledger says.
          </Text>
        </Alert>
      )}
    </>
  );
}

function ToExports({ period }: { readonly period: string }): ReactElement {
  return (
    <Button component={Link} to={`/journal?period=${period}&tab=exports`} size="compact-sm" variant="default" mt="xs">
      To the exports
    </Button>
  );
}

interface WriteProps {
  readonly period: string;
  readonly family: JournalFamily;
  readonly delta: boolean;
  readonly text: string;
}

/** The way to a journal of this side; what it would hold is shown there before it is written. */
function Write({ period, family, delta, text }: WriteProps): ReactElement {
  const search = new URLSearchParams({
    period,
    ...(family === 'one-sided' ? { format: 'summary' } : {}),
    ...(delta ? { delta: 'yes' } : {}),
  });
  return (
    <Button component={Link} to={`/journal?${search.toString()}`} size="compact-sm" mt="xs">
      {text} …
    </Button>
  );
}

function Comparison({ booked }: { readonly booked: Booked | undefined }): ReactElement {
  const [onlyDifferent, setOnlyDifferent] = useState(false);
  const currency = useCurrency();
  const rows = booked?.comparison?.rows;
  const different = rows?.filter(({ difference }) => !isZero(difference)) ?? [];
  const isTwoSided = booked?.family === 'two-sided';
  return (
    <Sheet
      flush
      title="Per fund/org"
      aside={
        rows !== undefined &&
        rows.length > 0 && (
          <>
            <span className="figures">
              {different.length.toLocaleString('en')} of {rows.length.toLocaleString('en')} differ
            </span>
            {different.length > 0 && (
              <Switch
                size="xs"
                label="Only differences"
                checked={onlyDifferent}
                onChange={({ currentTarget }) => setOnlyDifferent(currentTarget.checked)}
              />
            )}
          </>
        )
      }
    >
      <DataTable
        rows={onlyDifferent && different.length > 0 ? different : rows}
        columns={COLUMNS}
        keyOf={({ party, fundOrg }) => `${party} ${fundOrg}`}
        label="Booked against the ledger"
        minWidth={620}
        rowClassName={({ difference }) => (isZero(difference) ? undefined : classes['differs'])}
        empty={
          <EmptyNote icon={IconCash} title="Nothing booked, nothing billed" compact>
            No charge of this period is billable yet.
          </EmptyNote>
        }
        foot={
          booked?.comparison != null && (
            <>
              <SumRow title={`Debits to PIs (${currency})`} sum={booked.comparison.pi} />
              {isTwoSided && <SumRow title={`Credits to sources (${currency})`} sum={booked.comparison.source} />}
            </>
          )
        }
      />
    </Sheet>
  );
}

function SumRow({ title, sum }: { readonly title: string; readonly sum: NonNullable<Booked['comparison']>['pi'] }): ReactElement {
  return (
    <Table.Tr>
      <Table.Td colSpan={2}>{title}</Table.Td>
      <Table.Td ta="right">
        <Money value={sum.booked} />
      </Table.Td>
      <Table.Td ta="right">
        <Money value={sum.ledger} />
      </Table.Td>
      <Table.Td ta="right">
        <Money value={sum.difference} quiet={isZero(sum.difference)} />
      </Table.Td>
    </Table.Tr>
  );
}

const COLUMNS: readonly Column<BookedFundOrg>[] = [
  {
    key: 'fundOrg',
    title: 'Fund/org',
    cut: true,
    render: ({ fundOrg }) =>
      fundOrg === '' ? (
        <Text span c="orange" inherit>
          none
        </Text>
      ) : (
        <span title={fundOrg}>{fundOrg}</span>
      ),
    compare: (a, b) => a.fundOrg.localeCompare(b.fundOrg),
  },
  {
    key: 'party',
    title: 'Side',
    width: 150,
    render: ({ party }) => (party === 'pi' ? 'PI, debited' : 'Source, credited'),
    compare: (a, b) => a.party.localeCompare(b.party),
  },
  {
    key: 'booked',
    title: 'Booked',
    right: true,
    width: 140,
    render: ({ booked }) => <Money value={booked} />,
    compare: (a, b) => compareDecimals(a.booked, b.booked),
  },
  {
    key: 'ledger',
    title: 'Ledger',
    right: true,
    width: 140,
    render: ({ ledger }) => <Money value={ledger} />,
    compare: (a, b) => compareDecimals(a.ledger, b.ledger),
  },
  {
    key: 'difference',
    title: 'Difference',
    right: true,
    width: 140,
    render: ({ difference }) => <Money value={difference} quiet={isZero(difference)} />,
    compare: (a, b) => compareDecimals(a.difference, b.difference),
  },
];
