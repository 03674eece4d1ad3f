import { Alert, Button, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { type ReactElement, type ReactNode, useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { useAction } from '../../components/use-action.js';
import { BASIS_WORDS, MODE_WORDS, SETTING_WORDS, type Setting, settingLabel, valueWords } from './setting-words.js';
import { changeSource, type Settings, type SourceChange, type SourceDetail, useCheckedChange } from './source-queries.js';
import classes from './sources.module.css';

type TextSetting = 'displayName' | 'pattern' | 'fundOrg' | 'accountCode' | 'dateFormat' | 'lineIdColumn';

interface SettingsFormProps {
  readonly source: SourceDetail;
  /** False: everything is shown, nothing can be changed. */
  readonly mayChange: boolean;
}

/** All settings of a source. What is typed is checked by the server at once, which says what would change, before anything is saved. */
export function SettingsForm({ source, mayChange }: SettingsFormProps): ReactElement {
  // Only what was edited: what others change meanwhile shows at once, and is not written back.
  const [edited, setEdited] = useState<Partial<Settings>>({});
  const changed = changedOf(source, edited);
  const { check } = useCheckedChange(source.name, changed);
  const save = useAction((settings: Partial<Settings>) => changeSource(source.name, settings, false), {
    ownErrors: true,
    done: () => `Source ${source.displayName} is changed`,
  });
  const isDirty = Object.keys(changed).length > 0;
  const problems = new Map(
    [save.error, check?.error ?? null]
      .flatMap((error) => (error === null ? [] : asProblem(error).problems))
      .map(({ where, what }) => [where, what]),
  );
  const otherError = [check?.error ?? null, save.error].find((error) => error !== null && asProblem(error).problems.length === 0) ?? null;

  const set = (setting: Setting, value: string | boolean): void => {
    save.reset();
    setEdited((before) => ({ ...before, [setting]: value }));
  };
  const field = (setting: Setting): { label: string; description: string; error: ReactNode } => ({
    label: SETTING_WORDS[setting].label,
    description: SETTING_WORDS[setting].about,
    error: problems.get(setting) ?? null,
  });
  const text = (setting: TextSetting): ReactElement => (
    <TextInput
      {...field(setting)}
      readOnly={!mayChange}
      value={edited[setting] ?? source[setting]}
      onChange={({ currentTarget }) => set(setting, currentTarget.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
  const toggle = (setting: 'enabled' | 'inclusivePeriodEnds'): ReactElement => (
    <Switch
      {...field(setting)}
      disabled={!mayChange}
      checked={edited[setting] ?? source[setting]}
      onChange={({ currentTarget }) => set(setting, currentTarget.checked)}
    />
  );

  async function submit(): Promise<void> {
    if (!isDirty || problems.size > 0) return;
    // The answer stays in `save`; a refusal is shown there.
    await save.mutateAsync(changed).then(
      () => setEdited({}),
      () => undefined,
    );
  }

  return (
    <form
      noValidate
      aria-label="Settings"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="xl">
        <InConfig settings={source.statedInConfig} />
        <Part title="How it is known">
          {text('displayName')}
          {text('pattern')}
          {toggle('enabled')}
        </Part>
        <Part title="How its files are read">
          <Select
            {...field('deliveryMode')}
            readOnly={!mayChange}
            allowDeselect={false}
            data={[...MODE_WORDS]}
            value={edited.deliveryMode ?? source.deliveryMode}
            onChange={(value) => value !== null && set('deliveryMode', value)}
          />
          <Select
            {...field('costBasis')}
            readOnly={!mayChange}
            allowDeselect={false}
            data={[...BASIS_WORDS]}
            value={edited.costBasis ?? source.costBasis}
            onChange={(value) => value !== null && set('costBasis', value)}
          />
          {text('dateFormat')}
          {text('lineIdColumn')}
          {toggle('inclusivePeriodEnds')}
        </Part>
        <Part title="How it is booked">
          {text('fundOrg')}
          {text('accountCode')}
        </Part>
        {otherError !== null && <ErrorPanel error={otherError} />}
        {mayChange ? (
          <div className={classes['save']}>
            <div aria-live="polite">
              <WhatChanges isDirty={isDirty} change={check?.data} problemCount={problems.size} />
            </div>
            <Group gap="xs" wrap="nowrap">
              <Button
                variant="default"
                disabled={!isDirty}
                onClick={() => {
                  save.reset();
                  setEdited({});
                }}
              >
                Undo
              </Button>
              <Button type="submit" loading={save.isPending} disabled={!isDirty || problems.size > 0}>
                Save
              </Button>
            </Group>
          </div>
        ) : (
          <Text size="sm" c="dimmed">
            Only administrators change settings.
          </Text>
        )}
      </Stack>
    </form>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <fieldset className={classes['part']}>
      <legend>{title}</legend>
      <div className={classes['fields']}>{children}</div>
    </fieldset>
  );
}

/** One sentence for all settings that the configuration file states: what is saved here for them does not last. */
function InConfig({ settings }: { readonly settings: readonly string[] }): ReactElement | null {
  if (settings.length === 0) return null;
  return (
    <Text size="xs" c="dimmed">
      The configuration file sets {listed(settings.map((setting) => `“${settingLabel(setting)}”`))}: a change here lasts until the next
      start.
    </Text>
  );
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

interface WhatChangesProps {
  readonly isDirty: boolean;
  readonly change: SourceChange | undefined;
  readonly problemCount: number;
}

function WhatChanges({ isDirty, change, problemCount }: WhatChangesProps): ReactElement {
  if (!isDirty) {
    return (
      <Text size="sm" c="dimmed">
        Nothing is changed. Changes hold for files that come from then on.
      </Text>
    );
  }
  if (problemCount > 0) {
    return (
      <Text size="sm" c="red" fw={550}>
        {problemCount === 1 ? 'One setting cannot be saved like this.' : `${problemCount} settings cannot be saved like this.`}
      </Text>
    );
  }
  if (change === undefined) {
    return (
      <Text size="sm" c="dimmed">
        Checking …
      </Text>
    );
  }
  if (change.changes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        That is how it is set already.
      </Text>
    );
  }
  return (
    <Alert variant="light" color="lagoon" p="xs" title={change.changes.length === 1 ? 'This would change' : 'These would change'}>
      <ul className={classes['changes']}>
        {change.changes.map(({ setting, before, after }) => (
          <li key={setting}>
            {settingLabel(setting)}: <s>{valueWords(setting, before)}</s> → <b>{valueWords(setting, after)}</b>
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function changedOf(source: SourceDetail, edited: Partial<Settings>): Partial<Settings> {
  return Object.fromEntries(Object.entries(edited).filter(([setting, value]) => source[setting as Setting] !== value));
}
