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
import { useAction } from '../../components/use-action.js';
import { Money } from '../../money/money.js';
import { ForRole } from '../../session/session.js';
import { ChecklistText } from './period-checklist.js';
import classes from './period.module.css';

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
  const missing = detail.checklist.filter(({ done }) => !done);
  const isBlocked = missing.some(({ overridable }) => !overridable);
  const needsForce = missing.length > 0;
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
        <dl className={classes['facts']}>
          <dt>Billed</dt>
          <dd>
            <Money value={detail.billed} currency={detail.currency} /> to {counted(detail.piCount, 'PI')}
          </dd>
          <dt>Statements</dt>
          <dd className="figures">{detail.statementCount.toLocaleString('en')}</dd>
        </dl>
        {needsForce && (
          <Alert color={isBlocked ? 'red' : 'yellow'} variant="light" title={isBlocked ? 'Not yet' : 'Something is missing'}>
            <List size="sm">
              {missing.map((item) => (
                <List.Item key={item.check}>
                  <ChecklistText item={item} period={detail.period} />
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        {needsForce && !isBlocked && (
          <Checkbox
            label="Finalize all the same"
            description="What is missing, and the reason you give, are kept in the log."
            checked={isForced}
            onChange={(event) => setForced(event.currentTarget.checked)}
          />
        )}
        {isForced && !isBlocked && (
          <Textarea
            label="Reason"
            placeholder="Accounting takes the figures from …"
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
