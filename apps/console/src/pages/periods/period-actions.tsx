import { Alert, Button, Checkbox, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLock } from '@tabler/icons-react';
import { type SyntheticEvent, type ReactElement, useState } from 'react';
import { given } from '../../api/given.js';
import type { PeriodDetail } from '../../api/queries.js';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { ActionDialog } from '../../components/action-dialog.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { sentence } from '../../components/next-step.js';
import { useAction } from '../../components/use-action.js';
import { ForRole } from '../../session/session.js';

/** Close, reopen, finalize: what the period's state and the person's role allow. */
export function PeriodActions({ detail }: { readonly detail: PeriodDetail }): ReactElement | null {
  if (detail.state === 'open') {
    return (
      <ForRole role="reviewer">
        <Close detail={detail} />
      </ForRole>
    );
  }
  if (detail.state === 'finalized') return null;
  return (
    <>
      <ForRole role="reviewer">
        <Reopen detail={detail} />
      </ForRole>
      <ForRole role="admin">
        <Finalize detail={detail} />
      </ForRole>
    </>
  );
}

function Close({ detail }: { readonly detail: PeriodDetail }): ReactElement {
  const [opened, { open, close }] = useDisclosure(false);
  const run = useAction(
    (notes: string) =>
      answerOf(sdk.POST('/api/v1/periods/{period}/close', { params: { path: { period: detail.period } }, body: given({ notes }) })),
    { ownErrors: true, done: () => `${periodName(detail.period)} is closed` },
  );
  return (
    <>
      <Button onClick={open}>Close …</Button>
      <ActionDialog
        opened={opened}
        onClose={close}
        title={`Close ${periodName(detail.period)}`}
        ask={{ label: 'Notes', placeholder: 'All files are in' }}
        confirm="Close the period"
        run={run.mutateAsync}
      >
        <Text size="sm">
          No more files can be imported into it.
          {detail.flaggedCount > 0 && ` ${counted(detail.flaggedCount, 'charge')} can still be reviewed.`} It can be reopened with a reason.
        </Text>
      </ActionDialog>
    </>
  );
}

function Reopen({ detail }: { readonly detail: PeriodDetail }): ReactElement {
  const [opened, { open, close }] = useDisclosure(false);
  const run = useAction(
    (reason: string) =>
      answerOf(sdk.POST('/api/v1/periods/{period}/reopen', { params: { path: { period: detail.period } }, body: { reason } })),
    { ownErrors: true, done: () => `${periodName(detail.period)} is open again` },
  );
  return (
    <>
      <Button variant="default" onClick={open}>
        Reopen …
      </Button>
      <ActionDialog
        opened={opened}
        onClose={close}
        title={`Reopen ${periodName(detail.period)}`}
        ask={{ label: 'Reason', placeholder: 'A late file of the storage service', required: true }}
        confirm="Reopen"
        run={run.mutateAsync}
      >
        <Text size="sm">Files can be imported into it again. What changes makes statements and journals out of date.</Text>
      </ActionDialog>
    </>
  );
}

function Finalize({ detail }: { readonly detail: PeriodDetail }): ReactElement {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<IconLock size={15} />} onClick={open}>
        Finalize …
      </Button>
      <Modal opened={opened} onClose={close} title={<Text fw={600}>Finalize {periodName(detail.period)}</Text>}>
        {opened && <FinalizeForm detail={detail} onClose={close} />}
      </Modal>
    </>
  );
}

function FinalizeForm({ detail, onClose }: { readonly detail: PeriodDetail; readonly onClose: () => void }): ReactElement {
  const [notes, setNotes] = useState('');
  const [isForced, setForced] = useState(false);
  const [reason, setReason] = useState('');
  const { checklist } = detail;
  const isBlocked = checklist.some(({ overridable }) => !overridable);
  const needsForce = checklist.length > 0;
  const isReady = !isBlocked && (!needsForce || (isForced && reason.trim() !== ''));
  const finalize = useAction(
    () => {
      const force = needsForce ? { force: { reason: reason.trim() } } : {};
      const body = { ...given({ notes: notes.trim() }), ...force };
      return answerOf(sdk.POST('/api/v1/periods/{period}/finalize', { params: { path: { period: detail.period } }, body }));
    },
    { ownErrors: true, done: () => `${periodName(detail.period)} is final`, onDone: onClose },
  );

  function submit(event: SyntheticEvent): void {
    event.preventDefault();
    if (isReady) finalize.mutate(undefined);
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          Finalizing is <b>permanent</b>: nothing that this period’s ledger depends on can be changed afterwards. Corrections go into a
          later period.
        </Text>
        {needsForce && (
          <Alert color={isBlocked ? 'red' : 'yellow'} variant="light" title={isBlocked ? 'Not yet' : 'Something is missing'}>
            <List size="sm">
              {checklist.map(({ check, missing }) => (
                <List.Item key={check}>{sentence(missing)}</List.Item>
              ))}
            </List>
          </Alert>
        )}
        {needsForce && !isBlocked && (
          <Checkbox label="Finalize all the same" checked={isForced} onChange={(event) => setForced(event.currentTarget.checked)} />
        )}
        {isForced && !isBlocked && (
          <Textarea
            label="Reason"
            withAsterisk
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {!isBlocked && (
          <Textarea
            label="Notes"
            placeholder="Booked as voucher …"
            autosize
            minRows={2}
            value={notes}
            onChange={(event) => setNotes(event.currentTarget.value)}
          />
        )}
        {finalize.error !== null && <ErrorPanel error={finalize.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!isReady} loading={finalize.isPending} {...(needsForce ? { color: 'red' } : {})}>
            Finalize for good
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
