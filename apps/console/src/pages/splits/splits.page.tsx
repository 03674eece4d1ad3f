import { Button, Group, Select, Text } from '@mantine/core';
import { IconArrowsSplit2 } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { usePeriods } from '../../api/queries.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { Money } from '../../money/money.js';
import { divisionWords } from './division.js';
import { SplitDrawer } from './split-drawer.js';
import { type Split, useSplits } from './split-queries.js';
import classes from './splits.module.css';

const PAGE_SIZE = 100;

const COLUMNS: readonly Column<Split>[] = [
  {
    key: 'id',
    title: 'Split',
    width: 76,
    render: ({ splitId }) => (
      <Text span inherit fw={600} c="var(--accent-text)">
        {splitId}
      </Text>
    ),
  },
  { key: 'period', title: 'Period', width: 140, render: ({ period }) => periodName(period) },
  {
    key: 'parts',
    title: 'Divided into',
    cut: true,
    render: ({ parts, note }) => (
      <span title={divisionWords(parts)}>
        {divisionWords(parts)}
        {note !== null && (
          <Text size="xs" c="dimmed" truncate>
            {note}
          </Text>
        )}
      </span>
    ),
  },
  {
    key: 'by',
    title: 'By',
    width: '17%',
    cut: true,
    render: ({ rule, splitBy }) => (
      <span title={splitBy}>
        {rule === null ? 'By hand' : `Rule ${rule}`}
        <Text size="xs" c="dimmed" truncate>
          {splitBy}
        </Text>
      </span>
    ),
  },
  { key: 'at', title: 'When', width: 112, wideOnly: true, render: ({ splitAt }) => <Moment at={splitAt} /> },
  {
    key: 'count',
    title: 'Charges',
    right: true,
    width: 124,
    render: ({ count, undoneCount }) => (
      <>
        {count.toLocaleString('en')}
        {undoneCount > 0 && (
          <Text size="xs" c="dimmed">
            {undoneText({ count, undoneCount })}
          </Text>
        )}
      </>
    ),
  },
  { key: 'lineCount', title: 'Parts', right: true, width: 72, render: ({ lineCount }) => lineCount.toLocaleString('en') },
  {
    key: 'amount',
    title: 'Amount',
    right: true,
    width: 118,
    render: ({ amounts }) => amounts.map(({ currency, amount }) => <Money key={currency} value={amount} currency={currency} brief />),
  },
];

/** How charges were divided over several payers, by hand and by rules. */
export function SplitsPage(): ReactElement {
  const [search, setSearch] = useSearchParams();
  const [page, setPage] = useState(0);
  const period = search.get('period') ?? '';
  const splits = useSplits(period, page, PAGE_SIZE);
  const periods = usePeriods().data?.periods ?? [];
  const { data } = splits;

  function change(name: 'period' | 'split', value: string | null): void {
    setSearch(
      (current) => {
        if (value === null) current.delete(name);
        else current.set(name, value);
        return current;
      },
      { replace: true },
    );
  }

  const chosen = search.get('split');
  return (
    <>
      <PageHeader
        title="Splits"
        lead={
          <>
            Charges that several payers share
            {data !== undefined && data.count > 0 && <span className="figures"> · {counted(data.count, 'split')}</span>}
          </>
        }
      />
      <Sheet flush>
        <Group gap="xs" p="sm">
          <Select
            w={190}
            aria-label="Billing period"
            placeholder="All periods"
            clearable
            data={periods.map((each) => ({ value: each.period, label: periodName(each.period) }))}
            value={period === '' ? null : period}
            onChange={(value) => {
              setPage(0);
              change('period', value);
            }}
          />
        </Group>
        {splits.error !== null ? (
          <div className={classes['pad']}>
            <ErrorPanel error={splits.error} onRetry={() => void splits.refetch()} />
          </div>
        ) : (
          <DataTable
            rows={data?.splits}
            columns={COLUMNS}
            keyOf={({ splitId }) => String(splitId)}
            nameOf={(split) => `Split ${split.splitId}: ${divisionWords(split.parts)}`}
            label="Splits"
            minWidth={980}
            onOpen={({ splitId }) => change('split', String(splitId))}
            paging={data === undefined ? undefined : { page, pageSize: PAGE_SIZE, rowCount: data.count, onPage: setPage }}
            empty={
              <EmptyNote
                icon={IconArrowsSplit2}
                title={period === '' ? 'No charge is divided' : `No charge of ${periodName(period)} was divided`}
                action={
                  <Button component={Link} to={period === '' ? '/charges' : `/charges?period=${period}`} variant="default">
                    To the charges
                  </Button>
                }
              >
                A node that two labs share, or a licence of which one fund pays 300 a month: choose such charges and “Divide” them by per
                cent or by amounts. An attribution rule divides them at every import.
              </EmptyNote>
            }
          />
        )}
      </Sheet>
      <SplitDrawer splitId={chosen !== null && /^\d{1,9}$/.test(chosen) ? Number(chosen) : null} onClose={() => change('split', null)} />
    </>
  );
}

/** `all undone`, `3 of 12 undone`. */
function undoneText({ count, undoneCount }: Pick<Split, 'count' | 'undoneCount'>): string {
  return undoneCount === count ? 'all undone' : `${undoneCount.toLocaleString('en')} of ${count.toLocaleString('en')} undone`;
}
