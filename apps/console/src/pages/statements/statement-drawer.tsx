import { Anchor, Badge, Button, Drawer, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconExternalLink, IconMail, IconReceiptRefund, IconRefresh } from '@tabler/icons-react';
import { type ReactElement, useId, useState } from 'react';
import { Link } from 'react-router';
import { usePeriods } from '../../api/queries.js';
import { answerOf, type Schema, sdk } from '../../api/sdk-client.js';
import { type Statement, pdfAddress, useMessagePreview, useRevisions } from '../../api/statement-queries.js';
import { ActionDialog } from '../../components/action-dialog.js';
import { StateBadge } from '../../components/badges.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { toastDone } from '../../components/toast.js';
import { useAction } from '../../components/use-action.js';
import { Money } from '../../money/money.js';
import { ForRole } from '../../session/session.js';
import { AdjustDialog } from '../adjustments/adjust-dialog.js';
import { RevisionChanges } from './revision-changes.js';
import classes from './statements.module.css';

interface StatementDrawerProps {
  readonly statement: Statement | null;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** One statement: its revisions, the message to its PI, and sending. */
export function StatementDrawer({ statement, isOpen, onClose }: StatementDrawerProps): ReactElement {
  // The last statement stays in view while the drawer slides out.
  const [shown, setShown] = useState(statement);
  if (statement !== null && statement !== shown) setShown(statement);
  return (
    <Drawer opened={isOpen} onClose={onClose} size={620} title={<Text fw={600}>Statement of {shown?.projectId}</Text>}>
      {shown !== null && <Content statement={shown} />}
    </Drawer>
  );
}

function Content({ statement }: { readonly statement: Statement }): ReactElement {
  const { piEmail, projectId, period, currency, due, list, discount, delivery, fundOrgs } = statement;
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Text fw={600}>{piEmail}</Text>
          <Text size="sm" c="dimmed">
            {fundOrgs.join(', ')} ·{' '}
            <Anchor
              component={Link}
              inherit
              to={`/charges?period=${period}&piEmail=${encodeURIComponent(piEmail)}&projectId=${encodeURIComponent(projectId)}&standing=clear&standing=approved`}
            >
              {counted(statement.lineCount, 'charge')}
            </Anchor>
          </Text>
        </div>
        <Stack gap={2} align="flex-end">
          <Text fz="xl" fw={650} lh={1.2}>
            <Money value={due} currency={currency} />
          </Text>
          <Text size="xs" c="dimmed">
            list <Money value={list} currency={currency} struck />, discount <Money value={discount} currency={currency} />
          </Text>
        </Stack>
      </Group>
      <Group gap="xs">
        <Button component="a" href={pdfAddress(statement)} target="_blank" rel="noopener" leftSection={<IconExternalLink size={15} />}>
          Open PDF
        </Button>
        <ForRole role="reviewer">
          {statement.outOfDate && <GenerateOne statement={statement} />}
          <SendButton statement={statement} />
          <AdjustStatement statement={statement} />
        </ForRole>
        {delivery !== null && (
          <Text size="sm" c="dimmed">
            <StateBadge state={delivery.status} /> <Moment at={delivery.endedAt ?? delivery.queuedAt} />
          </Text>
        )}
      </Group>
      <Tabs defaultValue="message" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="message">Message to the PI</Tabs.Tab>
          <Tabs.Tab value="revisions">Revisions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="message" pt="md">
          <Message period={period} piEmail={piEmail} />
        </Tabs.Panel>
        <Tabs.Panel value="revisions" pt="xs">
          <Revisions statement={statement} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** A new revision of this statement alone. */
function GenerateOne({ statement: { period, piEmail, projectId } }: { readonly statement: Statement }): ReactElement {
  const run = useAction(
    () =>
      answerOf(
        sdk.POST('/api/v1/periods/{period}/statement-runs', {
          params: { path: { period } },
          body: { piEmails: [piEmail], projectIds: [projectId] },
        }),
      ),
    { done: () => `A new revision for ${projectId} is being made` },
  );
  return (
    <Button variant="default" leftSection={<IconRefresh size={15} />} loading={run.isPending} onClick={() => run.mutate(undefined)}>
      Generate this one
    </Button>
  );
}

/** What is finalized is corrected in an open period; before, the charges themselves are put right. */
function AdjustStatement({ statement }: { readonly statement: Statement }): ReactElement | null {
  const { period, piEmail, projectId } = statement;
  const [opened, { open, close }] = useDisclosure(false);
  const state = usePeriods().data?.periods.find((each) => each.period === period)?.state;
  if (state !== 'finalized') return null;
  return (
    <>
      <Button variant="default" leftSection={<IconReceiptRefund size={15} />} onClick={open}>
        Adjust …
      </Button>
      <AdjustDialog
        opened={opened}
        onClose={close}
        title={`Adjust the statement of ${projectId}, ${periodName(period)}`}
        target={{ statement: { period, piEmail, projectId } }}
        adjustedPeriod={period}
      />
    </>
  );
}

function SendButton({ statement }: { readonly statement: Statement }): ReactElement {
  const { period, piEmail, delivery } = statement;
  const [opened, { open, close }] = useDisclosure(false);
  const wasSent = delivery?.coversRevision === true && delivery.status !== 'failed';
  const send = useAction(
    async () => {
      if (wasSent) {
        await answerOf(sdk.POST('/api/v1/deliveries/{id}/resend', { params: { path: { id: delivery.deliveryId } } }));
        return 1;
      }
      const answer = await answerOf(sdk.POST('/api/v1/periods/{period}/deliveries', { params: { path: { period } }, body: { piEmail } }));
      return answer.queued.length;
    },
    {
      ownErrors: true,
      onDone: (count) => toastDone(count === 0 ? 'Nothing to send: all of it was sent before' : `The message to ${piEmail} is queued`),
    },
  );
  return (
    <>
      <Button variant="default" leftSection={<IconMail size={15} />} onClick={open}>
        {wasSent ? 'Send again …' : 'Send …'}
      </Button>
      <ActionDialog
        opened={opened}
        onClose={close}
        title={wasSent ? 'Send again?' : 'Send the statements?'}
        confirm={wasSent ? 'Send again' : 'Send'}
        run={() => send.mutateAsync(undefined)}
      >
        <Text size="sm">
          {wasSent ? (
            <>{piEmail} has got this revision already and gets the same message once more.</>
          ) : (
            <>{piEmail} gets one message with the PDFs of all projects of the period.</>
          )}
        </Text>
      </ActionDialog>
    </>
  );
}

function Message({ period, piEmail }: { readonly period: string; readonly piEmail: string }): ReactElement {
  const preview = useMessagePreview(period, piEmail);
  if (preview.error !== null) return <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} />;
  if (preview.data === undefined) return <Skeleton height={560} />;
  return (
    <Stack gap="xs">
      <Text size="sm">
        <Text span c="dimmed">
          Subject
        </Text>{' '}
        {preview.data.subject}
      </Text>
      {/* Without any permission: no script of a message ever runs in the console. */}
      <iframe title={`Message to ${piEmail}`} sandbox="" srcDoc={preview.data.html} className={classes['frame']} />
    </Stack>
  );
}

function Revisions({ statement }: { readonly statement: Statement }): ReactElement {
  const revisions = useRevisions(statement);
  if (revisions.error !== null) return <ErrorPanel error={revisions.error} onRetry={() => void revisions.refetch()} />;
  if (revisions.data === undefined) return <Skeleton height={120} />;
  return (
    <div>
      {revisions.data.revisions.map((revision) => (
        <Revision
          key={revision.revision}
          revision={revision}
          isCurrent={revision.revision === statement.revision && !statement.outOfDate}
        />
      ))}
    </div>
  );
}

interface RevisionProps {
  readonly revision: Schema<'StatementRevision'>;
  readonly isCurrent: boolean;
}

function Revision({ revision, isCurrent }: RevisionProps): ReactElement {
  const [opened, { toggle }] = useDisclosure(false);
  const panel = useId();
  return (
    <div className={classes['revisionBox']}>
      <div className={classes['revision']}>
        <span>
          <Anchor href={pdfAddress(revision, revision.revision)} target="_blank" rel="noopener" size="sm">
            Revision {revision.revision}
          </Anchor>{' '}
          {isCurrent && <Badge size="xs">current</Badge>}{' '}
          {revision.revision > 1 && (
            <Anchor component="button" type="button" size="xs" onClick={toggle} aria-expanded={opened} aria-controls={panel}>
              What changed in revision {revision.revision}
            </Anchor>
          )}
          <Text size="xs" c="dimmed" className="figures">
            verification code {revision.ledgerDigest.slice(0, 16)}
          </Text>
        </span>
        <Money value={revision.due} currency={revision.currency} />
        <Text size="xs" c="dimmed" w={90} ta="right">
          <Moment at={revision.issuedAt} />
        </Text>
      </div>
      <div id={panel}>{opened && <RevisionChanges statement={revision} revision={revision.revision} />}</div>
    </div>
  );
}
