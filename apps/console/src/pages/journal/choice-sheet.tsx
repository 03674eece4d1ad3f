import { Checkbox, Radio, Select, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { counted } from '../../components/field-words.js';
import { Sheet } from '../../components/sheet.js';
import { familyOf, FORMATS, formatTitle, type JournalChoice, zeroRowsOf } from './journal-choice.js';
import { type Booked, type Template, useBooked, useJournalTemplates } from './journal-queries.js';
import { namedJournals } from './journal-words.js';
import classes from './journal.module.css';

interface ChoiceSheetProps {
  readonly period: string | null;
  readonly choice: JournalChoice;
  readonly onChange: (change: Partial<JournalChoice>) => void;
  readonly flaggedCount: number;
}

/** What journal to write: its format, its template, all of the month or what changed. */
export function ChoiceSheet({ period, choice, onChange, flaggedCount }: ChoiceSheetProps): ReactElement {
  const booked = useBooked(period, familyOf(choice.format)).data;
  return (
    <Sheet title="What to write">
      <Stack gap="lg">
        <Radio.Group
          label="Format"
          value={choice.format}
          onChange={(value) => {
            const format = FORMATS.find((each) => each.format === value)?.format;
            if (format !== undefined) onChange({ format, ...(format === 'detail' ? { delta: false } : {}) });
          }}
        >
          <Stack gap={10} mt={8}>
            {FORMATS.map(({ format, title, what, whose }) => (
              <Radio
                key={format}
                value={format}
                label={title}
                description={
                  <>
                    {what}{' '}
                    <Text span inherit c="dimmed" className={classes['whose'] ?? ''}>
                      {whose}
                    </Text>
                  </>
                }
              />
            ))}
          </Stack>
        </Radio.Group>
        {choice.format === 'template' && <TemplateSelect value={choice.template} onChange={(template) => onChange({ template })} />}
        <Radio.Group label="How much" value={choice.delta ? 'delta' : 'full'} onChange={(value) => onChange({ delta: value === 'delta' })}>
          <Stack gap={10} mt={8}>
            <Radio value="full" label="The whole month" description={fullWords(booked)} />
            <DeltaRadio choice={choice} booked={booked} />
          </Stack>
        </Radio.Group>
        <ZeroRows choice={choice} onChange={(includeZero) => onChange({ includeZero })} />
        {(flaggedCount > 0 || choice.includeFlagged) && (
          <Checkbox
            label={`Include ${counted(flaggedCount, 'charge')} that ${flaggedCount === 1 ? 'waits' : 'wait'} for review`}
            description="The file’s name says so. Not for booking."
            checked={choice.includeFlagged}
            onChange={({ currentTarget }) => onChange({ includeFlagged: currentTarget.checked })}
          />
        )}
      </Stack>
    </Sheet>
  );
}

function fullWords(booked: Booked | undefined): string {
  if (booked === undefined || booked.counted.length === 0) return 'Everything that is billed.';
  return `${namedJournals(booked.counted)} ${booked.counted.length === 1 ? 'counts' : 'count'} as booked: all of it once more.`;
}

/** A delta, or why there can be none now. */
function DeltaRadio({ choice, booked }: { readonly choice: JournalChoice; readonly booked: Booked | undefined }): ReactElement {
  const reason =
    choice.format === 'detail'
      ? 'Not as Detail: it has a row per charge, and charges have no differences. Take Summary or By service.'
      : (booked?.obstacle?.text ?? null);
  const start =
    booked === undefined
      ? 'Only what changed since the last journal.'
      : booked.counted.length === 0
        ? 'Nothing is booked yet, so it would be the whole month.'
        : `Reversals and additions since ${namedJournals(booked.counted).replace(/^J/, 'j')}.`;
  return <Radio value="delta" label="Only what changed (delta)" disabled={reason !== null} description={reason ?? start} />;
}

interface ZeroRowsProps {
  readonly choice: JournalChoice;
  readonly onChange: (includeZero: boolean) => void;
}

/** Whether what comes to nothing has a row, or why that can't be chosen. */
function ZeroRows({ choice, onChange }: ZeroRowsProps): ReactElement {
  const rows = zeroRowsOf(choice);
  const words = {
    'if asked': 'A row of zero for each fund/org and source whose charges cancel out or round to nothing. It changes no total.',
    always: `${formatTitle(choice.format)} has it anyway.`,
    never: 'Not in a delta: it has only what changed.',
  };
  return (
    <Checkbox
      label="Also what comes to nothing"
      description={words[rows]}
      disabled={rows !== 'if asked'}
      checked={rows === 'always' || (rows === 'if asked' && choice.includeZero)}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
  );
}

const ORIGINS: Readonly<Record<NonNullable<Template['origin']>, string>> = {
  saved: 'Saved in the program',
  folder: 'In ./templates',
  shipped: 'Shipped',
};
const SETTING = 'journal.template';

interface TemplateSelectProps {
  readonly value: string | null;
  readonly onChange: (template: string | null) => void;
}

function TemplateSelect({ value, onChange }: TemplateSelectProps): ReactElement {
  const { data, error } = useJournalTemplates();
  const configured = data?.find(({ configuredAs }) => configuredAs.includes(SETTING))?.name;
  const groups = (['saved', 'folder', 'shipped'] as const).map((origin) => ({
    group: ORIGINS[origin],
    items: (data ?? [])
      .filter((template) => template.origin === origin)
      .map(({ name }) => ({ value: name, label: name === configured ? `${name} (configured)` : name })),
  }));
  return (
    <Select
      label="Template"
      placeholder={data === undefined ? 'As configured' : 'None'}
      allowDeselect={false}
      searchable
      nothingFoundMessage="No such template"
      value={value ?? configured ?? null}
      data={groups.filter(({ items }) => items.length > 0)}
      onChange={(name) => onChange(name === configured ? null : name)}
      error={error === null ? null : 'The list of templates can’t be read now; the configured one is used.'}
    />
  );
}
