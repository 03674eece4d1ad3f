import { Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { type Column, DataTable } from '../../components/data-table.js';
import { counted, periodName } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import type { AdjustmentOutcome } from './adjustment-queries.js';
import classes from './adjustments.module.css';

type Line = AdjustmentOutcome['lines'][number];

const COLUMNS: readonly Column<Line>[] = [
  { key: 'adjusts', title: 'Corrects', width: 90, render: ({ adjusts }) => adjusts },
  {
    key: 'resource',
    title: 'Resource',
    cut: true,
    render: ({ resource, serviceName }) => <span title={`${resource ?? ''} ${serviceName}`}>{resource ?? serviceName}</span>,
  },
  { key: 'fundOrg', title: 'Fund/org', width: 120, cut: true, render: ({ fundOrg }) => <span title={fundOrg}>{fundOrg || '–'}</span> },
  {
    key: 'billed',
    title: 'Billed',
    right: true,
    width: 105,
    render: ({ billed, currency }) => <Money value={billed} currency={currency} />,
  },
  {
    key: 'amount',
    title: 'Correction',
    right: true,
    width: 110,
    render: ({ amount, currency }) => <Money value={amount} currency={currency} />,
  },
  { key: 'left', title: 'Then left', right: true, width: 105, render: ({ left, currency }) => <Money value={left} currency={currency} /> },
];

/** What would be booked: the sums, and the first charges one by one. */
export function AdjustmentPreview({ outcome }: { readonly outcome: AdjustmentOutcome }): ReactElement {
  const { count, totals, lines, period } = outcome;
  return (
    <Stack gap="xs" role="status">
      <Text size="sm">
        {counted(count, 'charge')} in {periodName(period)}:{' '}
        {totals.map(({ currency, amount, listCost }, index) => (
          <span key={currency}>
            {index > 0 && ', '}
            <Text span fw={650}>
              <Money value={amount} currency={currency} />
            </Text>{' '}
            <Text span c="dimmed">
              (list <Money value={listCost} currency={currency} />)
            </Text>
          </span>
        ))}
      </Text>
      <div className={classes['lines']}>
        <DataTable
          rows={lines}
          columns={COLUMNS}
          keyOf={({ chargeId }) => chargeId}
          label="What would be booked"
          minWidth={560}
          empty="Nothing"
        />
      </div>
      {count > lines.length && (
        <Text size="xs" c="dimmed">
          The first {lines.length} of {count.toLocaleString('en')}.
        </Text>
      )}
    </Stack>
  );
}
