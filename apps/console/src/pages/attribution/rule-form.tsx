import { Button, Fieldset, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconFlask } from '@tabler/icons-react';
import { type ReactElement, useRef, useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { useAction } from '../../components/use-action.js';
import { type DivisionDraft, draftOfParts, EMPTY_DIVISION, partsInput } from '../splits/division.js';
import { PartsEditor } from '../splits/parts-editor.js';
import { type Rule, type RuleDraft, type RuleInput, type RulePreview, saveRule, useEffectOf } from './attribution-queries.js';
import { RuleEffectView } from './rule-effect.js';
import { EMPTY_DRAFT, MATCH_FIELDS, SET_FIELDS } from './rule-words.js';
import classes from './attribution.module.css';

interface RuleFormProps {
  /** Null for a rule that is added. */
  readonly rule: Rule | null;
  readonly draft: RuleDraft | null;
  readonly onCancel: () => void;
  readonly onDone: (ruleId: number) => void;
}

type Values = RuleDraft & { readonly validFrom: string; readonly validTo: string; readonly note: string };

/** Everything that can be said about a rule, and what it would make of the charges that are there. */
export function RuleForm({ rule, draft, onCancel, onDone }: RuleFormProps): ReactElement {
  const form = useForm<Values>({ initialValues: rule === null ? { ...(draft ?? EMPTY_DRAFT), ...NO_DAYS } : valuesOf(rule) });
  const [asked, setAsked] = useState<RulePreview | null>(null);
  const effect = useEffectOf(asked);
  const save = useAction((values: Values) => saveRule(rule?.ruleId ?? null, inputOf(values)), {
    ownErrors: true,
    done: ({ rule: { name }, changed }) => (changed ? `“${name}” is saved` : `“${name}” is so already`),
    onDone: (answer) => onDone(answer.rule.ruleId),
  });
  const wanted: RulePreview = {
    ...inputOf(form.values),
    ...(form.values.name.trim() === '' ? { name: 'new' } : {}),
    ...(rule === null ? {} : { ruleId: rule.ruleId }),
  };
  const isShown = asked !== null && JSON.stringify(asked) === JSON.stringify(wanted);
  const { division } = form.values;
  // What was typed of a division comes back when somebody looks at the other choice.
  const lastDivision = useRef<DivisionDraft>(division ?? EMPTY_DIVISION);
  const [isBeside, setBeside] = useState(() => isAnySet(form.values));
  const isSetShown = division === null || isBeside;
  const error = save.error ?? effect.error;
  const problemOf = (where: string): string | undefined =>
    error === null ? undefined : asProblem(error).problems.find((problem) => problem.where === where)?.what;
  const input = (path: string) => ({ ...form.getInputProps(path), error: problemOf(path) });

  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="By which people know the rule"
          placeholder="GPU nodes of the vision lab"
          withAsterisk
          {...input('name')}
          data-autofocus
        />
        <Fieldset legend="A charge matches if it has">
          <Text size="xs" c="dimmed" mb="xs">
            All that is written here, whole and in any case; * stands for any characters. Empty: whatever it has.
          </Text>
          <div className={classes['pairs']}>
            {MATCH_FIELDS.map(({ field, title }) => (
              <TextInput key={field} label={title} {...input(`match.${field}`)} />
            ))}
          </div>
          {problemOf('match') !== undefined && (
            <Text size="xs" c="red" mt={4}>
              {problemOf('match')}
            </Text>
          )}
          <div className={classes['pairs']}>
            <TextInput type="date" label="From" description="First day of charges" mt="xs" {...input('validFrom')} />
            <TextInput type="date" label="To" description="Last day, included" mt="xs" {...input('validTo')} />
          </div>
        </Fieldset>
        <Fieldset legend="Then it is paid by">
          <SegmentedControl
            size="xs"
            mb="xs"
            aria-label="Who pays"
            value={division === null ? 'one' : 'divided'}
            onChange={(who) => {
              setBeside(isAnySet(form.values));
              form.setFieldValue('division', who === 'one' ? null : lastDivision.current);
              if (division !== null) lastDivision.current = division;
            }}
            data={[
              { value: 'one', label: 'One payer' },
              { value: 'divided', label: 'Several: it is divided' },
            ]}
          />
          {division !== null && (
            <PartsEditor
              value={division}
              onChange={(next) => {
                save.reset();
                form.setFieldValue('division', next);
              }}
              problemOf={problemOf}
              emptyMeans={`What a part leaves empty is paid by whom ${isSetShown ? 'stands below, or else ' : ''}the tags say.`}
            />
          )}
          {isSetShown && (
            <>
              <Text size="xs" c="dimmed" mb="xs" mt={division === null ? 0 : 'md'}>
                {division === null
                  ? 'Whatever its tags say. Empty: what the tags say stays.'
                  : 'For what a part leaves empty, whatever the tags say:'}
              </Text>
              <div className={classes['pairs']}>
                {SET_FIELDS.map(({ field, title }) => (
                  <TextInput key={field} label={title} {...input(`set.${field}`)} />
                ))}
              </div>
            </>
          )}
          {problemOf('set') !== undefined && (
            <Text size="xs" c="red" mt={4}>
              {problemOf('set')}
            </Text>
          )}
        </Fieldset>
        <Textarea label="Remark" placeholder="Why there is the rule" autosize minRows={1} maxRows={6} {...input('note')} />
        <Group justify="space-between">
          <Button variant="default" leftSection={<IconFlask size={16} />} onClick={() => setAsked(wanted)} loading={effect.isFetching}>
            Try it on existing charges
          </Button>
        </Group>
        {isShown && effect.error === null && <RuleEffectView effect={effect.data} />}
        {error !== null && <ErrorPanel error={error} title={save.error === null ? 'It can’t be tried so' : 'It is not saved'} />}
        <Text size="xs" c="dimmed">
          The rule counts from the next import on. Charges that are there stay as they are until you apply it to them.
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {rule === null ? 'Add the rule' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Nothing that is sent stays out of sight. */
function isAnySet({ set }: Values): boolean {
  return Object.values(set).some((text) => text !== '');
}

const NO_DAYS = { validFrom: '', validTo: '', note: '' };

function valuesOf({ name, match, set, parts, validFrom, validTo, note }: Rule): Values {
  const { source, subAccount, service, resourceId, resourceName } = match;
  const { piEmail, projectId, fundOrg, costCenter, accountCode } = set;
  return {
    name,
    match: {
      ...{ source: source ?? '', subAccount: subAccount ?? '', service: service ?? '' },
      ...{ resourceId: resourceId ?? '', resourceName: resourceName ?? '' },
    },
    set: {
      ...{ piEmail: piEmail ?? '', projectId: projectId ?? '', fundOrg: fundOrg ?? '' },
      ...{ costCenter: costCenter ?? '', accountCode: accountCode ?? '' },
    },
    division: parts.length === 0 ? null : draftOfParts(parts),
    ...{ validFrom: validFrom ?? '', validTo: validTo ?? '', note },
  };
}

function inputOf({ name, match, set, division, validFrom, validTo, note }: Values): RuleInput {
  const parts = division === null ? [] : partsInput(division);
  return { name: name.trim(), match, set, parts, validFrom, validTo, note };
}
