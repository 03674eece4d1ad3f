import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconFlask, IconInbox } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { periodName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { useAction } from '../../components/use-action.js';
import { useSession } from '../../session/session.js';
import { type PeriodChoice, PeriodPicker, usePeriodChoice } from '../../shell/period-choice.js';
import { EffectTable, Outcome } from './effect-table.js';
import { PatternEditor } from './pattern-editor.js';
import { ReflagSection } from './reflag-section.js';
import { type PatternList, type Patterns, type Rules, type RulesEffect, saveRules, testRules, useRules } from './rule-queries.js';
import classes from './rules.module.css';

/** The patterns of the review: what they are, what they would do, and flagging a period again by them. */
export function RulesPage(): ReactElement {
  const rules = useRules();
  const choice = usePeriodChoice();
  return (
    <>
      <PageHeader title="Review rules" lead="Which charges wait for a person, by patterns that the office writes">
        <PeriodPicker choice={choice} />
      </PageHeader>
      {rules.data !== undefined ? (
        // What another person saved is taken up as soon as nothing of one's own is unsaved; until then saving says that it is there.
        <Workbench rules={rules.data} choice={choice} />
      ) : rules.error !== null ? (
        <ErrorPanel error={rules.error} onRetry={() => void rules.refetch()} />
      ) : (
        <Skeleton height={420} radius="lg" />
      )}
    </>
  );
}

interface Edited {
  readonly patterns: Patterns;
  /** Of the rules that were edited. */
  readonly version: number;
}

function Workbench({ rules, choice }: { readonly rules: Rules; readonly choice: PeriodChoice }): ReactElement {
  const { may } = useSession();
  const { period, periods, chosen } = choice;
  const [edited, setEdited] = useState<Edited | null>(null);
  const [tested, setTested] = useState<{ readonly of: string; readonly effect: RulesEffect } | null>(null);
  const patterns: Patterns = edited?.patterns ?? rules;
  const isDirty = edited !== null && writtenOf(edited.patterns) !== writtenOf(rules);
  const test = useAction((asked: Patterns) => testRules(period ?? '', asked), {
    ownErrors: true,
    onDone: ({ effect }, asked) => setTested({ of: `${period ?? ''} ${writtenOf(asked)}`, effect }),
  });
  const save = useAction(({ patterns: all, version }: Edited) => saveRules(all, version), {
    ownErrors: true,
    done: () => 'The rules are saved',
    onDone: () => setEdited(null),
  });
  const error = save.error ?? test.error;

  function set(list: PatternList, changed: readonly string[]): void {
    save.reset();
    test.reset();
    setEdited({ version: edited?.version ?? rules.version, patterns: { ...patterns, [list]: changed } });
  }
  function undo(): void {
    save.reset();
    test.reset();
    setEdited(null);
  }

  const editor = (list: PatternList) => ({
    patterns: patterns[list],
    onChange: may('reviewer') ? (changed: readonly string[]) => set(list, changed) : null,
    problems: problemsOf(list, error),
  });
  const isCurrent = tested?.of === `${period ?? ''} ${writtenOf(patterns)}`;
  return (
    <Stack gap="lg">
      <Sheet title="Patterns" aside={<LastChange rules={rules} />}>
        <Stack gap="md">
          <div className={classes['columns']}>
            <PatternEditor
              title="Flag patterns"
              about="A charge that has one of them anywhere in its service, resource id or resource name waits for review."
              none="None: no charge waits for its service or resource."
              placeholder="gpu|p4d\."
              {...editor('flagPatterns')}
            />
            <PatternEditor
              title="Fund/org patterns"
              about="A fund/org must match one of them from its start; a charge to any other waits for review."
              none="None: any fund/org will do, as far as the chart of funds lets it."
              placeholder="\d{6}-\d{4}$"
              {...editor('fundOrgPatterns')}
            />
          </div>
          <Text size="xs" c="dimmed">
            Regular expressions (RE2), in any case of letters. A change in the configuration file (<code>review</code>) counts when the
            program starts.
          </Text>
          {error !== null && !isOfPatterns(error) && <ErrorPanel error={error} />}
          {may('reviewer') && (
            <Group gap="xs">
              <Button
                variant="default"
                leftSection={<IconFlask size={16} />}
                disabled={period === null}
                loading={test.isPending}
                onClick={() => test.mutate(patterns)}
              >
                Test on {period === null ? 'a period' : periodName(period)}
              </Button>
              {may('admin') ? (
                <>
                  <Button disabled={!isDirty} loading={save.isPending} onClick={() => edited !== null && save.mutate(edited)}>
                    Save
                  </Button>
                  <Button variant="subtle" disabled={!isDirty} onClick={undo}>
                    Undo
                  </Button>
                </>
              ) : (
                <Text size="sm" c="dimmed">
                  Try what you like; an admin saves it.
                </Text>
              )}
            </Group>
          )}
        </Stack>
      </Sheet>
      {tested !== null && (
        <Sheet title={`What they would do in ${periodName(tested.of.slice(0, 7))}`}>
          <div role="status">
            <Stack gap="sm">
              {!isCurrent && <Alert color="yellow">The patterns or the period are others by now: test again.</Alert>}
              <EffectTable effect={tested.effect} label="What the patterns would do" />
              <Text size="sm">
                <Outcome effect={tested.effect} />
              </Text>
            </Stack>
          </div>
        </Sheet>
      )}
      {may('reviewer') && (
        <Sheet title="Flag a period again">
          {period === null || chosen === undefined ? (
            periods === undefined ? (
              <Skeleton height={90} />
            ) : (
              <EmptyNote icon={IconInbox} title="There is no period yet" compact>
                The first import opens one.
              </EmptyNote>
            )
          ) : isDirty ? (
            <Text size="sm">The patterns above are not saved. Save or undo them first: a period is flagged by the rules in force.</Text>
          ) : (
            <ReflagSection key={period} rules={rules} period={period} state={chosen.state} onDone={() => setTested(null)} />
          )}
        </Sheet>
      )}
    </Stack>
  );
}

function LastChange({ rules: { changedBy, changedAt } }: { readonly rules: Rules }): ReactElement | null {
  if (changedBy === null || changedAt === null) return null;
  return (
    <Text size="xs" c="dimmed">
      Changed by {changedBy === 'config' ? 'the configuration file' : changedBy}, <Moment at={changedAt} />
    </Text>
  );
}

function writtenOf({ flagPatterns, fundOrgPatterns }: Patterns): string {
  return JSON.stringify([flagPatterns, fundOrgPatterns]);
}

const PLACE = /^(\w+)\[(\d+)\]$/;

function problemsOf(list: PatternList, error: Error | null): ReadonlyMap<number, string> {
  const problems = error === null ? [] : asProblem(error).problems;
  return new Map(
    problems.flatMap(({ where, what }) => {
      const [, name, place] = PLACE.exec(where) ?? [];
      return name === list ? [[Number(place), what] as const] : [];
    }),
  );
}

function isOfPatterns(error: Error): boolean {
  const { problems } = asProblem(error);
  return problems.length > 0 && problems.every(({ where }) => PLACE.test(where));
}
