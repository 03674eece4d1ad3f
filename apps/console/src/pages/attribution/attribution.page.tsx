import { ActionIcon, Badge, Button, Drawer, Group, ScrollArea, Text, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconRoute } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted } from '../../components/field-words.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { useAction } from '../../components/use-action.js';
import { ForRole, useSession } from '../../session/session.js';
import { moveRule, type Rule, type RuleDraft, useRules } from './attribution-queries.js';
import { RuleDrawer } from './rule-drawer.js';
import { RuleForm } from './rule-form.js';
import { dayWords, draftOf, EMPTY_DRAFT, matchWords, setWords } from './rule-words.js';
import classes from './attribution.module.css';

const COLUMNS: readonly Column<Rule>[] = [
  {
    key: 'name',
    title: 'Rule',
    width: '24%',
    cut: true,
    render: ({ place, name, enabled }) => (
      <Text span inherit fw={600} c={enabled ? 'var(--accent-text)' : 'dimmed'} title={name}>
        {place}. {name}
      </Text>
    ),
  },
  { key: 'match', title: 'A charge of', cut: true, render: (rule) => <span title={matchWords(rule)}>{matchWords(rule)}</span> },
  { key: 'set', title: 'is paid by', cut: true, render: (rule) => <span title={setWords(rule)}>{setWords(rule)}</span> },
  { key: 'days', wideOnly: true, title: 'Days', width: 190, render: dayWords },
  {
    key: 'state',
    title: 'State',
    width: 104,
    render: ({ enabled }) => <Badge color={enabled ? 'green' : 'gray'}>{enabled ? 'Enabled' : 'Disabled'}</Badge>,
  },
];

/** The attribution rules in their order. */
export function AttributionPage(): ReactElement {
  const { may } = useSession();
  const rules = useRules();
  const [search, setSearch] = useSearchParams();
  const brought = draftOf(useLocation().state);
  const navigate = useNavigate();
  const [added, setAdded] = useState<RuleDraft | null>(null);
  const draft = added ?? brought;
  const open = (ruleId: number | null): void => setSearch(ruleId === null ? {} : { rule: String(ruleId) }, { replace: true });
  const close = (): void => {
    setAdded(null);
    if (brought !== null) void navigate('/attribution-rules', { replace: true, state: null });
  };
  const { data } = rules;
  const button = (
    <ForRole role="reviewer">
      <Button leftSection={<IconPlus size={16} />} onClick={() => setAdded(EMPTY_DRAFT)}>
        Add a rule
      </Button>
    </ForRole>
  );
  const columns = may('reviewer') && (data?.length ?? 0) > 1 ? [...COLUMNS, orderColumn(data?.length ?? 0)] : COLUMNS;
  return (
    <>
      <PageHeader
        title="Attribution rules"
        lead={
          <>
            Who pays, whatever the tags say; the first rule that matches a charge counts
            {data !== undefined && data.length > 0 && <span className="figures"> · {counted(data.length, 'rule')}</span>}
          </>
        }
      >
        {data?.length !== 0 && button}
      </PageHeader>
      <Sheet flush>
        {rules.error !== null ? (
          <div className={classes['pad']}>
            <ErrorPanel error={rules.error} onRetry={() => void rules.refetch()} />
          </div>
        ) : (
          <DataTable
            rows={data}
            columns={columns}
            keyOf={(rule) => String(rule.ruleId)}
            label="Attribution rules"
            minWidth={860}
            onOpen={(rule) => open(rule.ruleId)}
            empty={
              <EmptyNote icon={IconRoute} title="There are no attribution rules" action={button}>
                The tags of a charge say who pays. A rule says so for charges of a source, account, service or resource whose tags are
                missing or wrong: at every import, instead of one charge after the other in the review.
              </EmptyNote>
            }
          />
        )}
      </Sheet>
      <RuleDrawer ruleId={numberOf(search.get('rule'))} version={numberOf(search.get('version'))} onClose={() => open(null)} />
      <Drawer
        opened={draft !== null}
        onClose={close}
        size={600}
        title={<Text fw={600}>Add a rule</Text>}
        scrollAreaComponent={ScrollArea.Autosize}
      >
        {draft !== null && (
          <RuleForm
            rule={null}
            draft={draft}
            onCancel={close}
            onDone={(ruleId) => {
              setAdded(null);
              void navigate(`/attribution-rules?rule=${ruleId}`, { replace: true, state: null });
            }}
          />
        )}
      </Drawer>
    </>
  );
}

function orderColumn(ruleCount: number): Column<Rule> {
  return { key: 'order', title: 'Order', width: 92, render: (rule) => <Order rule={rule} ruleCount={ruleCount} /> };
}

function Order({ rule: { ruleId, name, place }, ruleCount }: { readonly rule: Rule; readonly ruleCount: number }): ReactElement {
  const move = useAction((to: number) => moveRule(ruleId, to), { done: ({ rule }) => `“${rule.name}” stands at place ${rule.place}` });
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label="Earlier">
        <ActionIcon
          variant="default"
          aria-label={`Move “${name}” up`}
          disabled={place === 1 || move.isPending}
          onClick={() => move.mutate(place - 1)}
        >
          <IconArrowUp size={15} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Later">
        <ActionIcon
          variant="default"
          aria-label={`Move “${name}” down`}
          disabled={place === ruleCount || move.isPending}
          onClick={() => move.mutate(place + 1)}
        >
          <IconArrowDown size={15} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
