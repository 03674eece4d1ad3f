import { Alert, Button, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconDownload, IconMailForward, IconMailOff } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { ActionDialog } from '../../components/action-dialog.js';
import { StateBadge } from '../../components/badges.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Fact, Facts } from '../../components/facts.js';
import { Moment } from '../../components/moment.js';
import { useAction } from '../../components/use-action.js';
import { useSession } from '../../session/session.js';
import { type Delivery, emlAddress, resend, suppress, useDelivery, useDeliveryMessage } from './mail-queries.js';
import { MessageSheet } from './message-sheet.js';

interface MessageDrawerProps {
  readonly deliveryId: string | null;
  readonly onClose: () => void;
  /** Opens another message: the one that was sent again. */
  readonly onOther: (deliveryId: string) => void;
}

/** One message of the log: what became of it, what it says, and sending it again. */
export function MessageDrawer({ deliveryId, onClose, onOther }: MessageDrawerProps): ReactElement {
  // The last message stays in view while the drawer slides out.
  const [shown, setShown] = useState(deliveryId);
  if (deliveryId !== null && deliveryId !== shown) setShown(deliveryId);
  const delivery = useDelivery(shown);
  return (
    <Drawer
      opened={deliveryId !== null}
      onClose={onClose}
      size={680}
      title={<Text fw={600}>Message to {delivery.data?.recipient ?? '…'}</Text>}
      closeButtonProps={{ 'aria-label': 'Close the message' }}
    >
      {delivery.error !== null ? (
        <ErrorPanel error={delivery.error} onRetry={() => void delivery.refetch()} />
      ) : delivery.data === undefined ? (
        <Stack>
          <Skeleton height={120} />
          <Skeleton height={420} />
        </Stack>
      ) : (
        <Stack gap="lg">
          <Outcome delivery={delivery.data} onOther={onOther} />
          <Body key={delivery.data.deliveryId} delivery={delivery.data} />
        </Stack>
      )}
    </Drawer>
  );
}

function Outcome({ delivery, onOther }: { readonly delivery: Delivery; readonly onOther: (deliveryId: string) => void }): ReactElement {
  const { deliveryId, status, response, attempts, queuedAt, queuedBy, endedAt, copies, messageId } = delivery;
  return (
    <div>
      <Facts>
        <Fact name="State">
          <StateBadge state={status} /> {endedAt !== null && <Moment at={endedAt} />}
        </Fact>
        <Fact name="Answer">{response ?? 'none yet'}</Fact>
        {attempts > 1 || (status === 'queued' && attempts > 0) ? (
          <Fact name="Attempts">
            {attempts}
            {status === 'queued' && ', and another follows by itself'}
          </Fact>
        ) : null}
        {copies.map((copy) => (
          <CopyFact key={copy.address} copy={copy} />
        ))}
        <Fact name="Queued">
          <Moment at={queuedAt} /> by {queuedBy}
        </Fact>
        <Fact name="Message-ID">
          <span className="figures">{messageId}</span>
        </Fact>
      </Facts>
      {/* Another message brings its own buttons. */}
      <Actions key={deliveryId} delivery={delivery} onOther={onOther} />
    </div>
  );
}

function CopyFact({ copy: { address, taken, response } }: { readonly copy: Delivery['copies'][number] }): ReactElement {
  return (
    <Fact name="Copy">
      {address}: {taken ? 'taken' : 'not taken'}
      {!taken && `, ${response}`}
    </Fact>
  );
}

function Actions({
  delivery,
  onOther,
}: {
  readonly delivery: Delivery;
  readonly onOther: (deliveryId: string) => void;
}): ReactElement | null {
  const { deliveryId, recipient, status, response } = delivery;
  const { may } = useSession();
  const [asking, setAsking] = useState<'again' | 'suppress' | null>(null);
  const again = useAction(() => resend(deliveryId), {
    ownErrors: true,
    done: () => 'The message is queued again',
    onDone: ({ queued }) => {
      const [next] = queued;
      if (next !== undefined) onOther(next);
    },
  });
  const stop = useAction((reason: string) => suppress(recipient, reason), {
    ownErrors: true,
    done: ({ address }) => `${address} gets no mail any more`,
  });
  const wasWritten = status === 'dev_mode';
  if (!may('reviewer') && !wasWritten) return null;
  return (
    <Group gap="xs" mt="md">
      {may('reviewer') && status !== 'queued' && (
        <Button variant="default" leftSection={<IconMailForward size={15} />} onClick={() => setAsking('again')}>
          Send again …
        </Button>
      )}
      {may('reviewer') && status !== 'suppressed' && (
        <Button variant="default" leftSection={<IconMailOff size={15} />} onClick={() => setAsking('suppress')}>
          Send no more …
        </Button>
      )}
      {wasWritten && (
        <Button component="a" href={emlAddress(deliveryId)} download variant="default" leftSection={<IconDownload size={15} />}>
          Message for a mail program
        </Button>
      )}
      <ActionDialog
        opened={asking === 'again'}
        onClose={() => setAsking(null)}
        title="Send this message again?"
        confirm="Send again"
        run={() => again.mutateAsync(undefined)}
      >
        <Text size="sm">{recipient} gets the statements of now once more. The log keeps both messages.</Text>
      </ActionDialog>
      <ActionDialog
        opened={asking === 'suppress'}
        onClose={() => setAsking(null)}
        title={`Send no more mail to ${recipient}?`}
        confirm="Send no more"
        danger
        ask={{ label: 'Reason', placeholder: status === 'failed' ? (response ?? '') : 'left the university', required: true }}
        run={(reason) => stop.mutateAsync(reason)}
      >
        <Text size="sm">The address comes on the suppression list, and links in messages to it end. It can be released again.</Text>
      </ActionDialog>
    </Group>
  );
}

function Body({ delivery: { deliveryId, status } }: { readonly delivery: Delivery }): ReactElement {
  const message = useDeliveryMessage(deliveryId, status);
  if (message.error !== null) return <ErrorPanel error={message.error} onRetry={() => void message.refetch()} />;
  if (message.data === undefined) return <Skeleton height={560} />;
  return (
    <Stack gap="xs">
      <MessageSheet message={message.data} />
      {!message.data.asWritten && status !== 'queued' && (
        <Alert variant="light" color="gray" p="xs">
          <Text size="xs">
            Composed again of the same statements, by the settings and templates of now. Links in it are made anew as well.
          </Text>
        </Alert>
      )}
    </Stack>
  );
}
