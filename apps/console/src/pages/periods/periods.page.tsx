import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCalendarPlus } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { type PeriodSummary, usePeriods } from '../../api/queries.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { periodName } from '../../components/field-words.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { compareDecimals, percentOf } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { ForRole } from '../../session/session.js';
import { OpenPeriodDialog } from './open-period-dialog.js';

/** All billing periods with their totals. */
export function PeriodsPage(): ReactElement {
  const periods = usePeriods();
  const navigate = useNavigate();
  const [opened, { open, close }] = useDisclosure(false);
  const openButton = (
    <ForRole role="reviewer">
      <Button variant="default" leftSection={<IconCalendarPlus size={16} />} onClick={open}>
        Open a period …
      </Button>
    </ForRole>
  );
  return (
    <>
      <PageHeader title="Periods" lead="Billing periods are calendar months: open, then closed, then finalized">
        {openButton}
      </PageHeader>
      {periods.error !== null && periods.data === undefined ? (
        <ErrorPanel error={periods.error} onRetry={() => void periods.refetch()} />
      ) : (
        <Sheet flush>
          <DataTable
            rows={periods.data?.periods}
            columns={columnsIn(periods.data?.currency ?? 'USD')}
            keyOf={({ period }) => period}
            label="Billing periods"
            onOpen={({ period }) => void navigate(`/periods/${period}`)}
            minWidth={760}
            empty={
              <EmptyNote icon={IconCalendarPlus} title="There is no billing period yet" action={openButton}>
                The first import of a month opens its period. You can also open one by hand.
              </EmptyNote>
            }
          />
        </Sheet>
      )}
      <OpenPeriodDialog opened={opened} onClose={close} />
    </>
  );
}

function columnsIn(currency: string): readonly Column<PeriodSummary>[] {
  return [
    {
      key: 'period',
      title: 'Period',
      render: ({ period }) => <b>{periodName(period)}</b>,
      compare: (a, b) => a.period.localeCompare(b.period),
    },
    { key: 'state', title: 'State', width: 110, render: ({ state }) => <StateBadge state={state} /> },
    {
      key: 'list',
      title: 'List price',
      right: true,
      render: ({ list }) => <Money value={list} currency={currency} quiet />,
      compare: (a, b) => compareDecimals(a.list, b.list),
    },
    {
      key: 'discount',
      wideOnly: true,
      title: 'Discount',
      right: true,
      render: ({ discount, list }) => (
        <>
          <Money value={discount} currency={currency} quiet />{' '}
          {percentOf(discount, list) === null ? '' : `(${percentOf(discount, list) ?? ''} %)`}
        </>
      ),
      compare: (a, b) => compareDecimals(a.discount, b.discount),
    },
    {
      key: 'billed',
      title: 'Billed',
      right: true,
      render: ({ billed }) => (
        <b>
          <Money value={billed} currency={currency} />
        </b>
      ),
      compare: (a, b) => compareDecimals(a.billed, b.billed),
    },
    {
      key: 'lines',
      title: 'Charges',
      right: true,
      width: 96,
      render: ({ lineCount }) => lineCount.toLocaleString('en'),
      compare: (a, b) => a.lineCount - b.lineCount,
    },
    { key: 'flagged', title: 'To review', right: true, width: 100, render: ({ flaggedCount }) => flaggedCount.toLocaleString('en') },
    { key: 'pis', wideOnly: true, title: 'PIs', right: true, width: 70, render: ({ piCount }) => piCount.toLocaleString('en') },
    {
      key: 'statements',
      title: 'Statements',
      right: true,
      width: 110,
      render: ({ statementCount }) => statementCount.toLocaleString('en'),
    },
  ];
}
