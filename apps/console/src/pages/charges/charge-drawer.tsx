import { Anchor, Button, Drawer, Group, ScrollArea, Skeleton, Stack, Table, Text, Timeline, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowsJoin2, IconArrowsSplit2, IconCheck, IconTransfer, IconX } from '@tabler/icons-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { type Charge, type ChargeStory, useChargeStory } from '../../api/queries.js';
import { FlagBadges, StateBadge } from '../../components/badges.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Fact, Facts } from '../../components/facts.js';
import { flagReason } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { Money } from '../../money/money.js';
import { useSession } from '../../session/session.js';
import { shareText } from '../splits/division.js';
import { isDividable } from './decidable.js';
import { type DecisionVerb, useRestore } from './use-decisions.js';
import classes from './charge-drawer.module.css';

interface ChargeDrawerProps {
  readonly chargeId: string | null;
  readonly onClose: () => void;
  /** Opens the dialog of a decision for this charge. */
  readonly onDecide: (verb: DecisionVerb, charge: Charge) => void;
}

/** Everything known about one charge: who pays, why it waits, what was decided, and the line as it was imported. */
export function ChargeDrawer({ chargeId, onClose, onDecide }: ChargeDrawerProps): ReactElement {
  // The last charge stays in view while the drawer slides out.
  const [shown, setShown] = useState(chargeId);
  if (chargeId !== null && chargeId !== shown) setShown(chargeId);
  const story = useChargeStory(shown);
  return (
    <Drawer
      opened={chargeId !== null}
      onClose={onClose}
      size={520}
      title={
        <Text fw={600} component="div">
          Charge {shown}
          {shown !== null && (
            <Anchor component={Link} to={`/charges/${shown}`} size="sm" ml="sm">
              Its whole story
            </Anchor>
          )}
        </Text>
      }
      scrollAreaComponent={ScrollArea.Autosize}
    >
      {story.error !== null ? (
        <ErrorPanel error={story.error} onRetry={() => void story.refetch()} />
      ) : story.data === undefined ? (
        <Stack>
          <Skeleton height={72} />
          <Skeleton height={180} />
          <Skeleton height={260} />
        </Stack>
      ) : (
        <Story story={story.data} onDecide={onDecide} />
      )}
    </Drawer>
  );
}

function Story({ story, onDecide }: { readonly story: ChargeStory; readonly onDecide: ChargeDrawerProps['onDecide'] }): ReactElement {
  const { charge, decisions, line } = story;
  return (
    <Stack gap="lg">
      <div>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div style={{ minWidth: 0 }}>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {charge.resourceName ?? charge.resourceId ?? charge.serviceName}
            </Text>
            <Text size="sm" c="dimmed">
              {charge.serviceName}
            </Text>
          </div>
          <Stack gap={2} align="flex-end">
            <Text fz="xl" fw={650} lh={1.2}>
              <Money value={charge.amount} currency={charge.currency} />
            </Text>
            <Text size="xs" c="dimmed">
              list <Money value={charge.listCost} currency={charge.currency} />
            </Text>
          </Stack>
        </Group>
        <Group gap={6} mt="sm">
          <StateBadge state={charge.standing} />
          <FlagBadges flags={charge.flags} />
        </Group>
        {charge.standing === 'flagged' &&
          charge.flags.map((flag) => (
            <Text key={flag} size="sm" c="dimmed" mt={6}>
              {flagReason(flag)}
            </Text>
          ))}
        <Decide charge={charge} onDecide={onDecide} />
      </div>

      <Block title="Who pays">
        <Facts>
          <Fact name="PI">{charge.piEmail}</Fact>
          <Fact name="Project">{charge.projectId}</Fact>
          <Fact name="Fund/org">{charge.fundOrg}</Fact>
          <Fact name="Cost centre">{charge.costCenter}</Fact>
          <Fact name="Account">{charge.accountCode}</Fact>
          <Fact name="Date">{charge.chargeDate}</Fact>
          <Fact name="From">
            <Origin charge={charge} />
          </Fact>
        </Facts>
      </Block>

      <Block title="Decisions">
        {decisions.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nobody has decided on this charge.
          </Text>
        ) : (
          <Timeline bulletSize={22} lineWidth={2} active={decisions.length}>
            {decisions.map((decision) => (
              <Timeline.Item
                key={decision.position}
                bullet={<DecisionIcon action={decision.action} />}
                title={ACTION_TITLES[decision.action] ?? decision.action}
              >
                <Text size="sm" c="dimmed">
                  {decision.actor}, <Moment at={decision.recordedAt} />
                </Text>
                {decision.note !== null && <Text size="sm">{decision.note}</Text>}
              </Timeline.Item>
            ))}
          </Timeline>
        )}
      </Block>

      <Block title={charge.partOf === null ? 'The line as imported' : 'The line as divided'}>
        <Table withRowBorders={false} verticalSpacing={3} horizontalSpacing={0} fz="xs" className={classes['line'] ?? ''}>
          <Table.Tbody>
            {line.columns.map(({ name, value }) => (
              <Table.Tr key={name}>
                <Table.Td className={classes['name']}>{name}</Table.Td>
                <Table.Td className={classes['value']}>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Block>
    </Stack>
  );
}

function Decide({ charge, onDecide }: { readonly charge: Charge; readonly onDecide: ChargeDrawerProps['onDecide'] }): ReactElement | null {
  const { may } = useSession();
  const restore = useRestore();
  if (!may('reviewer')) return null;
  if (charge.standing === 'flagged') {
    const hasPi = charge.piEmail !== '' && !charge.flags.includes('invalid_pi_email');
    return (
      <Group gap="xs" mt="md">
        <Tooltip label="Not before it is reattributed to a PI" disabled={hasPi}>
          <Button
            size="xs"
            leftSection={<IconCheck size={15} />}
            data-disabled={!hasPi}
            onClick={() => hasPi && onDecide('approve', charge)}
          >
            Approve
          </Button>
        </Tooltip>
        <Button size="xs" variant="default" leftSection={<IconX size={15} />} onClick={() => onDecide('reject', charge)}>
          Reject
        </Button>
        <Button size="xs" variant="default" leftSection={<IconTransfer size={15} />} onClick={() => onDecide('reattribute', charge)}>
          Reattribute
        </Button>
        <Divide charge={charge} onDecide={onDecide} />
      </Group>
    );
  }
  if (charge.standing === 'rejected') {
    return (
      <Button
        size="xs"
        mt="md"
        variant="default"
        leftSection={<IconArrowBackUp size={15} />}
        loading={restore.isPending}
        onClick={() => restore.mutate([charge.id])}
      >
        Restore to the queue
      </Button>
    );
  }
  if (charge.standing === 'clear' || charge.standing === 'approved') {
    return (
      <Group gap="xs" mt="md">
        <Button size="xs" variant="default" leftSection={<IconTransfer size={15} />} onClick={() => onDecide('reattribute', charge)}>
          Reattribute
        </Button>
        <Divide charge={charge} onDecide={onDecide} />
      </Group>
    );
  }
  return null;
}

function Divide({ charge, onDecide }: { readonly charge: Charge; readonly onDecide: ChargeDrawerProps['onDecide'] }): ReactElement | null {
  if (!isDividable(charge)) return null;
  return (
    <Button size="xs" variant="default" leftSection={<IconArrowsSplit2 size={15} />} onClick={() => onDecide('split', charge)}>
      Divide
    </Button>
  );
}

/** The file that brought it, or the charge that it is a part of. */
function Origin({ charge }: { readonly charge: Charge }): ReactElement {
  const { importId, lineNumber, source, partOf, partShare } = charge;
  if (partOf !== null) {
    return (
      <>
        {shareText(partShare ?? '')} of{' '}
        <Anchor component={Link} to={`/charges/${partOf}`} inherit>
          charge {partOf}
        </Anchor>{' '}
        ({source})
      </>
    );
  }
  return (
    <>
      <Anchor component={Link} to={`/imports/${importId}`} inherit>
        import {importId}
      </Anchor>
      , line {lineNumber} ({source})
    </>
  );
}

function Block({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section>
      <Text component="h3" size="xs" fw={600} c="dimmed" mb={6}>
        {title}
      </Text>
      {children}
    </section>
  );
}

const ACTION_TITLES: Readonly<Record<string, string>> = {
  approve: 'Approved',
  reject: 'Rejected',
  restore: 'Restored',
  reattribute: 'Reattributed',
  split: 'Divided',
  unsplit: 'Put together again',
  adjust: 'Booked as an adjustment',
  withdraw: 'Withdrawn',
  reflag: 'Flagged again by changed rules',
};

const ACTION_ICONS: Readonly<Record<string, typeof IconCheck>> = {
  approve: IconCheck,
  reject: IconX,
  restore: IconArrowBackUp,
  split: IconArrowsSplit2,
  unsplit: IconArrowsJoin2,
};

function DecisionIcon({ action }: { readonly action: string }): ReactElement {
  const Glyph = ACTION_ICONS[action] ?? IconTransfer;
  return <Glyph size={13} />;
}
