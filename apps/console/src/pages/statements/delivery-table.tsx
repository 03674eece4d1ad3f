import { Button, Group, Text } from '@mantine/core';
import { IconMailForward, IconRefresh } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { type Delivery, useDeliveries } from '../../api/statement-queries.js';
import { ActionDialog } from '../../components/action-dialog.js';
import { StateBadge } from '../../components/badges.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { useAction } from '../../components/use-action.js';
import { useSession } from '../../session/session.js';

/** The email log of a period: every message, what the server answered, and sending again. */
export function DeliveryTable({ period, text }: { readonly period: string | null; readonly text: string }): ReactElement {
  const { may } = useSession();
  const deliveries = useDeliveries(period, null);
  const [again, setAgain] = useState<Delivery | null>(null);
  const resend = useAction(
    (deliveryId: string) => answerOf(sdk.POST('/api/v1/deliveries/{id}/resend', { params: { path: { id: deliveryId } } })),
    {
      ownErrors: true,
      done: () => 'The message is queued again',
    },
  );
  const resendFailed = useAction(
    () => answerOf(sdk.POST('/api/v1/periods/{period}/deliveries/resend-failed', { params: { path: { period: period ?? '' } } })),
    { done: ({ queued }) => `${counted(queued.length, 'message')} queued again` },
  );
  if (deliveries.error !== null) return <ErrorPanel error={deliveries.error} onRetry={() => void deliveries.refetch()} />;
  const wanted = text.trim().toLowerCase();
  const rows = deliveries.data?.filter(({ piEmail, recipient }) => `${piEmail} ${recipient}`.toLowerCase().includes(wanted));
  const failed = deliveries.data?.filter(({ status }) => status === 'failed').length ?? 0;
  return (
    <>
      {failed > 0 && may('reviewer') && (
        <Group justify="space-between" px="md" py="xs">
          <Text size="sm">{counted(failed, 'message')} could not be sent.</Text>
          <Button
            size="xs"
            leftSection={<IconRefresh size={14} />}
            loading={resendFailed.isPending}
            onClick={() => resendFailed.mutate(undefined)}
          >
            Send all failed again
          </Button>
        </Group>
      )}
      <DataTable
        rows={rows}
        columns={columnsWith(may('reviewer') ? setAgain : null)}
        keyOf={({ deliveryId }) => deliveryId}
        label="Emails"
        minWidth={760}
        empty={
          <EmptyNote icon={IconMailForward} title="No email of this period" compact>
            Generate with sending, or open a statement and send it to its PI.
          </EmptyNote>
        }
      />
      <ActionDialog
        opened={again !== null}
        onClose={() => setAgain(null)}
        title="Send this message again?"
        confirm="Send again"
        run={() => resend.mutateAsync(again?.deliveryId ?? '')}
      >
        <Text size="sm">{again?.recipient} gets the same statements once more. The log keeps both messages.</Text>
      </ActionDialog>
    </>
  );
}

function columnsWith(onResend: ((delivery: Delivery) => void) | null): readonly Column<Delivery>[] {
  const columns: readonly Column<Delivery>[] = [
    {
      key: 'recipient',
      title: 'Recipient',
      cut: true,
      width: '22%',
      render: ({ recipient }) => <span title={recipient}>{recipient}</span>,
    },
    { key: 'subject', wideOnly: true, title: 'Subject', cut: true, render: ({ subject }) => <span title={subject}>{subject}</span> },
    { key: 'statements', title: 'PDFs', right: true, width: 60, render: ({ statements }) => statements.length },
    { key: 'status', title: 'State', width: 140, render: ({ status }) => <StateBadge state={status} /> },
    {
      key: 'response',
      title: 'Answer',
      cut: true,
      width: '20%',
      render: ({ response }) => <span title={response ?? ''}>{response ?? '–'}</span>,
    },
    { key: 'at', title: 'When', width: 110, right: true, render: ({ endedAt, queuedAt }) => <Moment at={endedAt ?? queuedAt} /> },
  ];
  if (onResend === null) return columns;
  return [
    ...columns,
    {
      key: 'resend',
      title: '',
      width: 110,
      right: true,
      render: (delivery) =>
        delivery.status === 'queued' ? null : (
          <Button size="compact-xs" variant="subtle" onClick={() => onResend(delivery)}>
            Send again
          </Button>
        ),
    },
  ];
}
