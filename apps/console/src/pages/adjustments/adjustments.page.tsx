import { Anchor, Button, Group, Select, Text } from '@mantine/core';
import { IconReceiptRefund } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { usePeriods } from '../../api/queries.js';
import { ActionDialog } from '../../components/action-dialog.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { useAction } from '../../components/use-action.js';
import { Money } from '../../money/money.js';
import { useSession } from '../../session/session.js';
import { type Adjustment, useAdjustments, withdrawAdjustment } from './adjustment-queries.js';
import classes from './adjustments.module.css';

const PAGE_SIZE = 100;

const COLUMNS: readonly Column<Adjustment>[] = [
  {
    key: 'id',
    title: 'Adjustment',
    width: 112,
    render: ({ adjustmentId, firstLine, lineCount }) => (
      <>
        <Anchor component={Link} to={`/charges/${adjustmentId}-${firstLine}`} inherit fw={600}>
          {adjustmentId}
        </Anchor>
        <Text size="xs" c="dimmed">
          {counted(lineCount, 'charge')}
        </Text>
      </>
    ),
  },
  {
    key: 'corrects',
    title: 'Corrects',
    width: 160,
    render: ({ adjustmentId, chargeId, adjustedPeriod, revision, fileName }) => (
      <>
        {fileName !== null ? (
          <Anchor component={Link} to={`/imports/${adjustmentId}`} inherit title={fileName}>
            By a file
          </Anchor>
        ) : chargeId === null ? (
          `A statement${revision === null ? '' : `, revision ${revision}`}`
        ) : (
          <Anchor component={Link} to={`/charges/${chargeId}`} inherit>
            Charge {chargeId}
          </Anchor>
        )}
        <Text size="xs" c="dimmed">
          {periodName(adjustedPeriod)}
        </Text>
      </>
    ),
  },
  {
    key: 'pi',
    title: 'PI and project',
    width: '20%',
    cut: true,
    render: ({ piEmail, projectId, fileName }) => (
      <span title={piEmail === null ? (fileName ?? '') : `${piEmail}, ${projectId ?? ''}`}>
        {piEmail ?? 'Any'}
        <Text size="xs" c="dimmed" truncate>
          {projectId ?? fileName}
        </Text>
      </span>
    ),
  },
  { key: 'reason', title: 'Reason', cut: true, render: ({ reason }) => <span title={reason}>{reason}</span> },
  {
    key: 'period',
    title: 'Billed in',
    width: 140,
    render: ({ period, state }) => (
      <>
        {periodName(period)} {state === 'withdrawn' && <StateBadge state="withdrawn" />}
      </>
    ),
  },
  {
    key: 'amount',
    title: 'Amount',
    right: true,
    width: 104,
    render: ({ totals }) => totals.map(({ currency, amount }) => <Money key={currency} value={amount} currency={currency} brief />),
  },
  {
    key: 'booked',
    wideOnly: true,
    title: 'Booked',
    width: 110,
    render: ({ bookedAt, bookedBy }) => (
      <span title={bookedBy}>
        <Moment at={bookedAt} />
      </span>
    ),
  },
];

/** The corrections of finalized periods. */
export function AdjustmentsPage(): ReactElement {
  const [search, setSearch] = useSearchParams();
  const [page, setPage] = useState(0);
  const [withdrawing, setWithdrawing] = useState<Adjustment | null>(null);
  const filter = { period: search.get('period') ?? '', adjustedPeriod: search.get('corrects') ?? '' };
  const adjustments = useAdjustments(filter, page, PAGE_SIZE);
  const periods = usePeriods().data?.periods ?? [];
  const { may } = useSession();
  const { data } = adjustments;
  const isFiltered = filter.period !== '' || filter.adjustedPeriod !== '';

  function change(name: 'period' | 'corrects', value: string | null): void {
    setPage(0);
    setSearch((current) => {
      if (value === null) current.delete(name);
      else current.set(name, value);
      return current;
    });
  }

  const isOpen = (period: string): boolean => periods.find((each) => each.period === period)?.state === 'open';
  const columns: readonly Column<Adjustment>[] = may('reviewer')
    ? [
        ...COLUMNS,
        {
          key: 'actions',
          title: '',
          width: 110,
          right: true,
          render: (adjustment) =>
            adjustment.state === 'booked' && isOpen(adjustment.period) ? (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Withdraw adjustment ${adjustment.adjustmentId}`}
                onClick={() => setWithdrawing(adjustment)}
              >
                Withdraw …
              </Button>
            ) : null,
        },
      ]
    : COLUMNS;
  const choices = periods.map(({ period }) => ({ value: period, label: periodName(period) }));
  return (
    <>
      <PageHeader title="Adjustments" lead="What was put right after a period was finalized" />
      <Sheet flush>
        <Group gap="xs" p="sm">
          <Select
            w={190}
            aria-label="Billed in"
            placeholder="Billed in any period"
            clearable
            data={choices}
            value={filter.period === '' ? null : filter.period}
            onChange={(value) => change('period', value)}
          />
          <Select
            w={200}
            aria-label="Correcting"
            placeholder="Correcting any period"
            clearable
            data={choices}
            value={filter.adjustedPeriod === '' ? null : filter.adjustedPeriod}
            onChange={(value) => change('corrects', value)}
          />
        </Group>
        {adjustments.error !== null ? (
          <div className={classes['pad']}>
            <ErrorPanel error={adjustments.error} onRetry={() => void adjustments.refetch()} />
          </div>
        ) : (
          <DataTable
            rows={data?.adjustments}
            columns={columns}
            keyOf={({ adjustmentId }) => String(adjustmentId)}
            label="Adjustments"
            minWidth={980}
            paging={data === undefined ? undefined : { page, pageSize: PAGE_SIZE, rowCount: data.count, onPage: setPage }}
            empty={
              <EmptyNote icon={IconReceiptRefund} title={isFiltered ? 'No adjustment fits' : 'Nothing was adjusted'}>
                {isFiltered
                  ? 'No adjustment is billed in, or corrects, the period that you look for.'
                  : 'What is wrong in a finalized period is corrected in an open one: open the charge, or the statement, and choose “Adjust”. A file of a finalized period offers it on Imports.'}
              </EmptyNote>
            }
          />
        )}
      </Sheet>
      <Withdrawal adjustment={withdrawing} onClose={() => setWithdrawing(null)} />
    </>
  );
}

function Withdrawal({ adjustment, onClose }: { readonly adjustment: Adjustment | null; readonly onClose: () => void }): ReactElement {
  const withdraw = useAction(({ id, reason }: { readonly id: number; readonly reason: string }) => withdrawAdjustment(id, reason), {
    ownErrors: true,
    done: ({ adjustmentId }) => `Adjustment ${adjustmentId} is withdrawn`,
  });
  return (
    <ActionDialog
      opened={adjustment !== null}
      onClose={onClose}
      title={`Withdraw adjustment ${adjustment?.adjustmentId ?? ''}?`}
      confirm="Withdraw"
      danger
      ask={{ label: 'Reason', required: true }}
      run={(reason) => withdraw.mutateAsync({ id: adjustment?.adjustmentId ?? 0, reason })}
    >
      <Text size="sm">
        Its charges are no longer billed; they stay on record. What it took back of the corrected charges is left again.
      </Text>
    </ActionDialog>
  );
}
