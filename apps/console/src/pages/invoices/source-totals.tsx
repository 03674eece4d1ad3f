import { Switch, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { type Column, DataTable } from '../../components/data-table.js';
import { Sheet } from '../../components/sheet.js';
import { useAction } from '../../components/use-action.js';
import { isZero } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import { useSession } from '../../session/session.js';
import { demandInvoices, type SourceTotal } from './invoice-queries.js';

interface SourceTotalsProps {
  readonly totals: readonly SourceTotal[];
  readonly titleOf: (source: string) => string;
}

/** What the invoices of each source come to, and whether the finalize checklist asks for them. */
export function SourceTotals({ totals, titleOf }: SourceTotalsProps): ReactElement {
  const amount = (key: 'expected' | 'recorded' | 'difference' | 'uninvoiced', title: string): Column<SourceTotal> => ({
    key,
    title,
    right: true,
    width: 132,
    render: (total) =>
      total.currency === null ? '–' : <Money value={total[key]} currency={total.currency} brief quiet={isZero(total[key])} />,
  });
  const columns: readonly Column<SourceTotal>[] = [
    {
      key: 'source',
      title: 'Source',
      cut: true,
      render: ({ source, currency }) => (
        <span title={source}>
          {titleOf(source)}
          {currency !== null && (
            <Text span inherit c="dimmed">
              {' '}
              {currency}
            </Text>
          )}
        </span>
      ),
    },
    { key: 'count', title: 'Announced', right: true, width: 100, render: ({ expectedCount }) => expectedCount.toLocaleString('en') },
    amount('expected', 'Expected'),
    amount('recorded', 'Recorded'),
    amount('difference', 'Difference'),
    amount('uninvoiced', 'Without invoice'),
    {
      key: 'open',
      title: 'Open',
      right: true,
      width: 70,
      render: ({ openCount, isChecked }) => (
        <Text span inherit fw={openCount > 0 && isChecked ? 650 : 400} {...(openCount > 0 && isChecked ? { c: 'red' } : { c: 'dimmed' })}>
          {openCount.toLocaleString('en')}
        </Text>
      ),
    },
    { key: 'demand', title: 'Before finalizing', width: 168, render: (total) => <Demand total={total} title={titleOf(total.source)} /> },
  ];
  return (
    <Sheet title="By source" flush>
      <DataTable
        rows={totals}
        columns={columns}
        keyOf={({ source, currency }) => `${source} ${currency ?? ''}`}
        label="Invoices by source"
        minWidth={860}
        empty={null}
      />
    </Sheet>
  );
}

function Demand({
  total: { source, isDemanded, isChecked },
  title,
}: {
  readonly total: SourceTotal;
  readonly title: string;
}): ReactElement {
  const { may } = useSession();
  const demand = useAction((demanded: boolean) => demandInvoices({ source, demanded }), {
    done: (_answer, demanded) =>
      demanded ? `Every period must have the invoices of ${title}` : `Periods may be finalized without the invoices of ${title}`,
  });
  const words = isDemanded ? 'Demanded' : isChecked ? 'Asked for' : 'Not asked for';
  if (!may('admin')) return <>{words}</>;
  return (
    <Switch
      size="xs"
      label={words}
      aria-label={`Every period must have the invoices of ${title}`}
      checked={isDemanded}
      disabled={demand.isPending}
      onChange={(event) => demand.mutate(event.currentTarget.checked)}
    />
  );
}
