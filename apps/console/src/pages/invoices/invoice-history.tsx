import { Text, Timeline } from '@mantine/core';
import { IconCheck, IconPencil, IconPlus, IconRotate, IconTrash } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Moment } from '../../components/moment.js';
import { moneyText } from '../../money/money.js';
import type { InvoiceDetail } from './invoice-queries.js';
import { invoiceWords } from './invoice-words.js';

const ACTIONS = {
  expected: { title: 'Announced', icon: IconPlus },
  changed: { title: 'Changed', icon: IconPencil },
  withdrawn: { title: 'Expected no longer', icon: IconTrash },
  accepted: { title: 'Difference accepted', icon: IconCheck },
  reopened: { title: 'Acceptance taken back', icon: IconRotate },
} as const;

export function InvoiceHistory({ history }: Pick<InvoiceDetail, 'history'>): ReactElement {
  return (
    <Timeline bulletSize={22} lineWidth={2} active={history.length}>
      {history.map(({ position, action, invoice, difference, reason, fileName, by, at }) => {
        const { title, icon: Glyph } = ACTIONS[action];
        return (
          <Timeline.Item key={position} bullet={<Glyph size={13} />} title={title}>
            <Text size="sm" c="dimmed">
              {by}, <Moment at={at} />
              {fileName !== null && `, by ${fileName}`}
            </Text>
            {invoice !== null && <Text size="sm">{invoiceWords(invoice)}</Text>}
            {difference !== null && (
              <Text size="sm">
                {difference.expected === null ? 'not announced' : `${moneyText(difference.expected, difference.currency)} expected`},{' '}
                {difference.recorded === null ? 'no lines' : `${moneyText(difference.recorded, difference.currency)} recorded`}
              </Text>
            )}
            {reason !== null && <Text size="sm">“{reason}”</Text>}
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}
