import { Anchor, Button, Drawer, Group, ScrollArea, Skeleton, Stack, Text, TextInput, Timeline } from '@mantine/core';
import { IconCalendarOff, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link } from 'react-router';
import { ActionDialog } from '../../components/action-dialog.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Fact, Facts } from '../../components/facts.js';
import { Moment } from '../../components/moment.js';
import { useAction } from '../../components/use-action.js';
import { ForRole } from '../../session/session.js';
import { FundForm } from './fund-form.js';
import { type FundDetail, removeFund, retireFund, useFund } from './fund-queries.js';
import { differences, FundBadge } from './fund-words.js';

interface FundDrawerProps {
  readonly fundOrg: string | null;
  readonly onClose: () => void;
}

/** Everything known about one fund, and what became of it. */
export function FundDrawer({ fundOrg, onClose }: FundDrawerProps): ReactElement {
  // The last fund stays in view while the drawer slides out.
  const [shown, setShown] = useState(fundOrg);
  if (fundOrg !== null && fundOrg !== shown) setShown(fundOrg);
  const fund = useFund(shown);
  return (
    <Drawer
      opened={fundOrg !== null}
      onClose={onClose}
      size={480}
      title={<Text fw={600}>{shown}</Text>}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      {fund.error !== null ? (
        <ErrorPanel error={fund.error} onRetry={() => void fund.refetch()} />
      ) : fund.data === undefined ? (
        <Stack>
          <Skeleton height={120} />
          <Skeleton height={200} />
        </Stack>
      ) : (
        <Story key={fund.data.fundOrg} fund={fund.data} onRemoved={onClose} />
      )}
    </Drawer>
  );
}

function Story({ fund, onRemoved }: { readonly fund: FundDetail; readonly onRemoved: () => void }): ReactElement {
  const [doing, setDoing] = useState<'edit' | 'retire' | 'remove' | null>(null);
  if (doing === 'edit') return <FundForm fund={fund} onCancel={() => setDoing(null)} onDone={() => setDoing(null)} />;
  return (
    <Stack gap="lg">
      <div>
        <Group justify="space-between" align="flex-start" wrap="nowrap" mb="sm">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {fund.title || 'No title'}
          </Text>
          <FundBadge standing={fund.standing} />
        </Group>
        <Facts>
          <Fact name="Valid from">{fund.validFrom ?? 'no beginning'}</Fact>
          <Fact name="Valid to">{fund.validTo ?? 'no end'}</Fact>
          <Fact name="Owner">{fund.owner || 'nobody named'}</Fact>
          <Fact name="Charges">
            <Anchor component={Link} to={`/charges?text=${encodeURIComponent(fund.fundOrg)}`} inherit>
              search for this fund/org
            </Anchor>
          </Fact>
        </Facts>
        <ForRole role="admin">
          <Group gap="xs" mt="md">
            <Button size="xs" variant="default" leftSection={<IconPencil size={15} />} onClick={() => setDoing('edit')}>
              Change
            </Button>
            {fund.standing !== 'ended' && (
              <Button size="xs" variant="default" leftSection={<IconCalendarOff size={15} />} onClick={() => setDoing('retire')}>
                Retire
              </Button>
            )}
            <Button size="xs" variant="subtle" color="red" leftSection={<IconTrash size={15} />} onClick={() => setDoing('remove')}>
              Remove
            </Button>
          </Group>
        </ForRole>
      </div>
      <section>
        <Text component="h3" size="xs" fw={600} c="dimmed" mb={6}>
          What became of it
        </Text>
        <History history={fund.history} />
      </section>
      <RetireDialog fundOrg={fund.fundOrg} opened={doing === 'retire'} onClose={() => setDoing(null)} />
      <RemoveDialog fundOrg={fund.fundOrg} opened={doing === 'remove'} onClose={() => setDoing(null)} onRemoved={onRemoved} />
    </Stack>
  );
}

const ACTIONS = {
  registered: { title: 'Came into the chart', icon: IconPlus },
  changed: { title: 'Changed', icon: IconPencil },
  retired: { title: 'Retired', icon: IconCalendarOff },
  removed: { title: 'Taken out of the chart', icon: IconTrash },
} as const;

function History({ history }: Pick<FundDetail, 'history'>): ReactElement {
  return (
    <Timeline bulletSize={22} lineWidth={2} active={history.length}>
      {history.map((entry, index) => {
        const { title, icon: Glyph } = ACTIONS[entry.action];
        return (
          <Timeline.Item key={entry.position} bullet={<Glyph size={13} />} title={title}>
            <Text size="sm" c="dimmed">
              {entry.changedBy}, <Moment at={entry.changedAt} />
              {entry.fileName !== null && `, by ${entry.fileName}`}
            </Text>
            {differences(history[index + 1], entry).map((line) => (
              <Text size="sm" key={line} style={{ overflowWrap: 'anywhere' }}>
                {line}
              </Text>
            ))}
            {entry.reason !== null && <Text size="sm">“{entry.reason}”</Text>}
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}

interface RetireDialogProps {
  readonly fundOrg: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

function RetireDialog({ fundOrg, opened, onClose }: RetireDialogProps): ReactElement {
  const [lastDay, setLastDay] = useState('');
  const retire = useAction(
    (reason: string) =>
      retireFund(fundOrg, { ...(lastDay === '' ? {} : { lastDay }), ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }),
    { ownErrors: true, done: ({ fund }) => `${fund.fundOrg} is valid until ${fund.validTo ?? ''}` },
  );
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={`Retire ${fundOrg}`}
      ask={{ label: 'Reason', placeholder: 'Kept in the log' }}
      confirm="Retire"
      run={(reason) => retire.mutateAsync(reason)}
    >
      <Text size="sm">It stays in the chart, because charges of the past went there. It is valid again when its last day is changed.</Text>
      <TextInput
        type="date"
        label="Last day"
        description="On which it may still be charged; empty: today (UTC)"
        value={lastDay}
        onChange={(event) => setLastDay(event.currentTarget.value)}
      />
    </ActionDialog>
  );
}

function RemoveDialog({ fundOrg, opened, onClose, onRemoved }: RetireDialogProps & { readonly onRemoved: () => void }): ReactElement {
  const remove = useAction((reason: string) => removeFund(fundOrg, reason.trim() === '' ? {} : { reason: reason.trim() }), {
    ownErrors: true,
    done: ({ fund }) => `${fund.fundOrg} is out of the chart`,
    onDone: onRemoved,
  });
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={`Remove ${fundOrg}`}
      ask={{ label: 'Reason', placeholder: 'Kept in the log' }}
      confirm="Remove"
      danger
      run={(reason) => remove.mutateAsync(reason)}
    >
      <Text size="sm">
        For a fund that should never have been in the chart. New charges to it are flagged as long as there are other funds; without any, no
        chart is in use. One that is no longer charged is retired instead.
      </Text>
    </ActionDialog>
  );
}
