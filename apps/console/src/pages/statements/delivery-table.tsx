import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconMailForward, IconRefresh } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link } from 'react-router';
import { useDeliveries } from '../../api/statement-queries.js';
import { DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { useSession } from '../../session/session.js';
import { deliveryName, PERIOD_COLUMNS } from '../mail/delivery-columns.js';
import { resendFailed } from '../mail/mail-queries.js';
import { MessageDrawer } from '../mail/message-drawer.js';

/** The email log of a period: every message, what the server answered, and sending again. */
export function DeliveryTable({ period, text }: { readonly period: string | null; readonly text: string }): ReactElement {
  const { may } = useSession();
  const deliveries = useDeliveries(period, null);
  const [shown, setShown] = useState<string | null>(null);
  const again = useAction(() => resendFailed(period ?? ''), {
    done: ({ queued }) => `${counted(queued.length, 'message')} queued again`,
  });
  if (deliveries.error !== null) return <ErrorPanel error={deliveries.error} onRetry={() => void deliveries.refetch()} />;
  const wanted = text.trim().toLowerCase();
  const rows = deliveries.data?.filter(({ piEmail, recipient }) => `${piEmail} ${recipient}`.toLowerCase().includes(wanted));
  const failed = deliveries.data?.filter(({ status }) => status === 'failed').length ?? 0;
  return (
    <>
      {failed > 0 && may('reviewer') && (
        <Group justify="space-between" px="md" py="xs">
          <Text size="sm">
            {counted(failed, 'message')} could not be sent.{' '}
            <Anchor component={Link} to={`/mail?period=${period ?? ''}&status=failed`} inherit>
              Why?
            </Anchor>
          </Text>
          <Button size="xs" leftSection={<IconRefresh size={14} />} loading={again.isPending} onClick={() => again.mutate(undefined)}>
            Send all failed again
          </Button>
        </Group>
      )}
      <DataTable
        rows={rows}
        columns={PERIOD_COLUMNS}
        keyOf={({ deliveryId }) => deliveryId}
        label="Emails"
        minWidth={760}
        onOpen={({ deliveryId }) => setShown(deliveryId)}
        nameOf={deliveryName}
        empty={
          <EmptyNote icon={IconMailForward} title="No email of this period" compact>
            Generate with sending, or open a statement and send it to its PI.
          </EmptyNote>
        }
      />
      <MessageDrawer deliveryId={shown} onClose={() => setShown(null)} onOther={setShown} />
    </>
  );
}
