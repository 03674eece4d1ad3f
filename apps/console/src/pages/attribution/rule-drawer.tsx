import { Alert, Anchor, Badge, Button, Checkbox, Drawer, Group, ScrollArea, Skeleton, Stack, Text, Timeline } from '@mantine/core';
import { IconArrowsSort, IconHistory, IconPencil, IconPlayerPause, IconPlayerPlay, IconPlus, IconTransfer } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link } from 'react-router';
import { ActionDialog } from '../../components/action-dialog.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Fact, Facts } from '../../components/facts.js';
import { counted } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { useAction } from '../../components/use-action.js';
import { ForRole } from '../../session/session.js';
import { applyRule, disableRule, enableRule, type RuleDetail, type RuleVersion, useEffectOf, useRule } from './attribution-queries.js';
import { RuleEffectView } from './rule-effect.js';
import { RuleForm } from './rule-form.js';
import { dayWords, MATCH_FIELDS, partWords, SET_FIELDS } from './rule-words.js';

interface RuleDrawerProps {
  readonly ruleId: number | null;
  /** A version of the past; null: as it is. */
  readonly version: number | null;
  readonly onClose: () => void;
}

/** One rule, as it is or as it was then, and what became of it. */
export function RuleDrawer({ ruleId, version, onClose }: RuleDrawerProps): ReactElement {
  // The last rule stays in view while the drawer slides out.
  const [shown, setShown] = useState(ruleId);
  if (ruleId !== null && ruleId !== shown) setShown(ruleId);
  const rule = useRule(shown);
  return (
    <Drawer
      opened={ruleId !== null}
      onClose={onClose}
      size={600}
      title={<Text fw={600}>{rule.data?.name ?? `Rule ${shown ?? ''}`}</Text>}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      {rule.error !== null ? (
        <ErrorPanel error={rule.error} onRetry={() => void rule.refetch()} />
      ) : rule.data === undefined ? (
        <Stack>
          <Skeleton height={160} />
          <Skeleton height={200} />
        </Stack>
      ) : (
        <Story key={rule.data.ruleId} rule={rule.data} version={version} />
      )}
    </Drawer>
  );
}

function Story({ rule, version }: { readonly rule: RuleDetail; readonly version: number | null }): ReactElement {
  const [doing, setDoing] = useState<'edit' | 'disable' | 'apply' | null>(null);
  const enable = useAction(() => enableRule(rule.ruleId), { done: () => `“${rule.name}” is enabled` });
  if (doing === 'edit') return <RuleForm rule={rule} draft={null} onCancel={() => setDoing(null)} onDone={() => setDoing(null)} />;
  const then = rule.versions.find((each) => each.version === version);
  const isPast = then !== undefined && then.version !== rule.version;
  return (
    <Stack gap="lg">
      {isPast && (
        <Alert color="gray" variant="light" icon={<IconHistory size={18} />} title={`As it was: version ${then.version}`}>
          It has been changed since.{' '}
          <Anchor component={Link} to={`/attribution-rules?rule=${rule.ruleId}`} inherit>
            Show it as it is now
          </Anchor>
        </Alert>
      )}
      <RuleFacts rule={then ?? rule} />
      <Anchor component={Link} size="sm" to={`/charges?attributionRule=R${rule.ruleId}${isPast ? `.${then.version}` : ''}`}>
        Charges that it attributed or divided{isPast ? ' in this version' : ''}
      </Anchor>
      {!isPast && (
        <ForRole role="reviewer">
          <Group gap="xs">
            <Button size="xs" variant="default" leftSection={<IconPencil size={15} />} onClick={() => setDoing('edit')}>
              Change
            </Button>
            {rule.enabled ? (
              <>
                <Button size="xs" variant="default" leftSection={<IconTransfer size={15} />} onClick={() => setDoing('apply')}>
                  Apply to existing charges
                </Button>
                <Button size="xs" variant="default" leftSection={<IconPlayerPause size={15} />} onClick={() => setDoing('disable')}>
                  Disable
                </Button>
              </>
            ) : (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconPlayerPlay size={15} />}
                loading={enable.isPending}
                onClick={() => enable.mutate(undefined)}
              >
                Enable
              </Button>
            )}
          </Group>
        </ForRole>
      )}
      <section>
        <Text component="h3" size="xs" fw={600} c="dimmed" mb={6}>
          What became of it
        </Text>
        <History versions={rule.versions} />
      </section>
      <DisableDialog rule={rule} opened={doing === 'disable'} onClose={() => setDoing(null)} />
      {doing === 'apply' && <ApplyDialog rule={rule} onClose={() => setDoing(null)} />}
    </Stack>
  );
}

function RuleFacts({ rule }: { readonly rule: RuleDetail | RuleVersion }): ReactElement {
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['Name', rule.name],
    ['Place', String(rule.place)],
    ...MATCH_FIELDS.flatMap(({ field, title }) => textRow(title, rule.match[field])),
    ['Charges of', dayWords(rule)],
    ...rule.parts.map((part, index): [string, string] => [`→ Part ${index + 1}`, partWords(part)]),
    ...SET_FIELDS.flatMap(({ field, title }) => textRow(`→ ${title}${rule.parts.length === 0 ? '' : ' else'}`, rule.set[field])),
    ...textRow('Remark', rule.note),
  ];
  return (
    <div>
      <Group justify="space-between" mb="xs">
        <Text size="sm" c="dimmed">
          R{rule.ruleId}.{rule.version}
        </Text>
        <Badge color={rule.enabled ? 'green' : 'gray'}>{rule.enabled ? 'Enabled' : 'Disabled'}</Badge>
      </Group>
      <Facts wide>
        {rows.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </Facts>
    </div>
  );
}

function textRow(name: string, value: string | null): [name: string, value: string][] {
  return value === null || value === '' ? [] : [[name, value]];
}

const ACTIONS = {
  added: { title: 'Added', icon: IconPlus },
  changed: { title: 'Changed', icon: IconPencil },
  moved: { title: 'Moved', icon: IconArrowsSort },
  disabled: { title: 'Disabled', icon: IconPlayerPause },
  enabled: { title: 'Enabled', icon: IconPlayerPlay },
} as const;

function History({ versions }: { readonly versions: readonly RuleVersion[] }): ReactElement {
  return (
    <Timeline bulletSize={22} lineWidth={2} active={versions.length}>
      {versions.map(({ ruleId, version, action, place, changedBy, changedAt, reason }) => {
        const { title, icon: Glyph } = ACTIONS[action];
        return (
          <Timeline.Item key={version} bullet={<Glyph size={13} />} title={action === 'moved' ? `Moved to place ${place}` : title}>
            <Text size="sm" c="dimmed">
              {changedBy}, <Moment at={changedAt} />
              {' · '}
              <Anchor component={Link} to={`/attribution-rules?rule=${ruleId}&version=${version}`} inherit>
                version {version}
              </Anchor>
            </Text>
            {reason !== null && <Text size="sm">“{reason}”</Text>}
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}

function DisableDialog(props: { readonly rule: RuleDetail; readonly opened: boolean; readonly onClose: () => void }): ReactElement {
  const { rule, opened, onClose } = props;
  const disable = useAction((reason: string) => disableRule(rule.ruleId, reason), {
    ownErrors: true,
    done: () => `“${rule.name}” is disabled`,
  });
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={`Disable “${rule.name}”`}
      ask={{ label: 'Reason', placeholder: 'Kept in the log' }}
      confirm="Disable"
      run={(reason) => disable.mutateAsync(reason)}
    >
      <Text size="sm">It attributes no charge any more. What it attributed stays as it is, and it can be enabled again.</Text>
    </ActionDialog>
  );
}

function ApplyDialog({ rule, onClose }: { readonly rule: RuleDetail; readonly onClose: () => void }): ReactElement {
  const [withReattributed, setWithReattributed] = useState(false);
  const effect = useEffectOf({ ruleId: rule.ruleId, withReattributed });
  const { data } = effect;
  const apply = useAction(
    (note: string) =>
      data === undefined ? Promise.reject(new Error('nothing is shown yet')) : applyRule(rule.ruleId, data, { withReattributed, note }),
    { ownErrors: true, done: ({ count }) => `${counted(count, 'charge')} ${rule.parts.length === 0 ? 'reattributed' : 'divided'}` },
  );
  return (
    <ActionDialog
      opened
      onClose={onClose}
      title={`Apply “${rule.name}” to existing charges`}
      ask={{ label: 'Note', placeholder: 'Kept in the review log, behind the name of the rule' }}
      confirm={`${rule.parts.length === 0 ? 'Reattribute' : 'Divide'} ${data === undefined || data.count === 0 ? '' : data.count.toLocaleString('en')}`}
      blocked={data === undefined || data.count === 0 || effect.isFetching}
      run={(note) => apply.mutateAsync(note)}
    >
      {effect.error === null ? <RuleEffectView effect={data} /> : <ErrorPanel error={effect.error} onRetry={() => void effect.refetch()} />}
      <Checkbox
        label="Also charges for which a decision set who pays"
        checked={withReattributed}
        onChange={(event) => setWithReattributed(event.currentTarget.checked)}
      />
    </ActionDialog>
  );
}
