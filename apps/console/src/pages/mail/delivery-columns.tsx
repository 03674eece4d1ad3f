import { Text, Tooltip } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { StateBadge } from '../../components/badges.js';
import type { Column } from '../../components/data-table.js';
import { counted, periodName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import type { Delivery, DeliveryStatus } from './mail-queries.js';

export const STATUS_CHOICES: readonly { readonly value: DeliveryStatus; readonly label: string }[] = [
  { value: 'queued', label: 'Queued' },
  { value: 'sent', label: 'Sent' },
  { value: 'failed', label: 'Failed' },
  { value: 'suppressed', label: 'Suppressed' },
  { value: 'dev_mode', label: 'Written to folder' },
];

const PERIOD: Column<Delivery> = { key: 'period', title: 'Period', width: 120, render: ({ period }) => periodName(period) };

const WITHOUT_PERIOD: readonly Column<Delivery>[] = [
  { key: 'recipient', title: 'To', cut: true, width: '24%', render: (delivery) => <Addressee delivery={delivery} /> },
  {
    key: 'statements',
    title: 'PDFs',
    right: true,
    width: 72,
    render: ({ statements, byLink }) =>
      byLink ? (
        <Tooltip label="As links, because they are too large to be attached">
          <span>
            {statements.length} <IconLink size={13} aria-label="as links" />
          </span>
        </Tooltip>
      ) : (
        statements.length
      ),
  },
  { key: 'status', title: 'State', width: 150, render: ({ status }) => <StateBadge state={status} /> },
  { key: 'response', title: 'Answer', cut: true, render: (delivery) => <Answer delivery={delivery} /> },
  { key: 'at', title: 'When', width: 116, right: true, render: ({ endedAt, queuedAt }) => <Moment at={endedAt ?? queuedAt} /> },
];

/** Columns of the email log of one period. */
export const PERIOD_COLUMNS = WITHOUT_PERIOD;
/** Columns of the email log of all periods. */
export const DELIVERY_COLUMNS: readonly Column<Delivery>[] = [...WITHOUT_PERIOD.slice(0, 1), PERIOD, ...WITHOUT_PERIOD.slice(1)];

/** What opens a row, for screen readers. */
export function deliveryName({ recipient, period }: Delivery): string {
  return `Message to ${recipient}, ${periodName(period)}`;
}

function Addressee({ delivery: { recipient, piEmail, cc } }: { readonly delivery: Delivery }): ReactElement {
  const below = recipient === piEmail ? (cc.length === 0 ? '' : `copy to ${cc.join(', ')}`) : `delegate of ${piEmail}`;
  return (
    <span title={[recipient, below].filter((text) => text !== '').join(', ')}>
      {recipient}
      {below !== '' && (
        <Text size="xs" c="dimmed" truncate>
          {below}
        </Text>
      )}
    </span>
  );
}

function Answer({ delivery: { status, response, attempts, copies } }: { readonly delivery: Delivery }): ReactElement {
  const refused = copies.filter(({ taken }) => !taken);
  const notes = [
    ...(status === 'queued' && attempts > 0 ? [`${counted(attempts, 'attempt')}, is tried again`] : []),
    ...(refused.length > 0 ? [`${counted(refused.length, 'copy', 'copies')} not taken`] : []),
  ];
  return (
    <span title={response ?? ''}>
      {response ?? '–'}
      {notes.length > 0 && (
        <Text size="xs" c="dimmed" truncate>
          {notes.join(' · ')}
        </Text>
      )}
    </span>
  );
}
