import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { answerOf, sdk } from '../../api/sdk-client.js';
import { isMaking, type StatementRunDetail } from '../../api/statement-queries.js';
import { ActionDialog } from '../../components/action-dialog.js';
import { counted } from '../../components/field-words.js';
import { useAction } from '../../components/use-action.js';
import { ForRole } from '../../session/session.js';

/** What can be done about a run: end it while it makes statements, try again what failed. */
export function RunActions({ run }: { readonly run: StatementRunDetail }): ReactElement {
  return (
    <ForRole role="reviewer">
      <RetryRun run={run} />
      {isMaking(run) && <CancelRun run={run} />}
    </ForRole>
  );
}

function RetryRun({ run }: { readonly run: StatementRunDetail }): ReactElement | null {
  const navigate = useNavigate();
  const { runId } = run;
  const count = isMaking(run) ? run.failedJobs.length : run.failures.length;
  const retry = useAction(() => answerOf(sdk.POST('/api/v1/statement-runs/{id}/retry', { params: { path: { id: runId } } })), {
    done: (answer) => (answer.runId === runId ? `Run ${runId} goes on` : `Run ${answer.runId} tries again what failed`),
    onDone: (answer) => void navigate(`/statements/runs/${answer.runId}`),
  });
  if (count === 0 || run.retriedBy !== null) return null;
  return (
    <Button leftSection={<IconRefresh size={15} />} loading={retry.isPending} onClick={() => retry.mutate(undefined)}>
      {isMaking(run) ? `Retry ${counted(count, 'step')}` : `Retry ${counted(count, 'statement')}`}
    </Button>
  );
}

function CancelRun({ run }: { readonly run: StatementRunDetail }): ReactElement {
  const [opened, { open, close }] = useDisclosure(false);
  const { runId } = run;
  const cancel = useAction(
    (reason: string) =>
      answerOf(sdk.POST('/api/v1/statement-runs/{id}/cancel', { params: { path: { id: runId } }, body: reason === '' ? {} : { reason } })),
    { ownErrors: true, done: () => `Run ${runId} is cancelled` },
  );
  return (
    <>
      <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={open}>
        Cancel run …
      </Button>
      <ActionDialog
        opened={opened}
        onClose={close}
        title={`Cancel run ${runId}`}
        ask={{ label: 'Reason', placeholder: 'A file is still missing' }}
        confirm="Cancel run"
        danger
        run={cancel.mutateAsync}
      >
        <Text size="sm">
          {run.issued === 0 ? 'Nothing has been made yet.' : `${counted(run.issued, 'statement')} made so far stay as they are.`} Nothing
          more is made, and nothing is sent. Generating again makes what is left.
        </Text>
      </ActionDialog>
    </>
  );
}
