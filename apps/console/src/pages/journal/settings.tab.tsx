import { ActionIcon, Alert, Group, Skeleton, Stack, Text, Textarea, TextInput, Tooltip } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { asProblem } from '../../api/problem.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { Sheet } from '../../components/sheet.js';
import classes from './journal.module.css';
import { BookedAccount } from './booked-account.js';
import { ConfigLines } from './config-lines.js';
import { type SettingName, type SettingsDraft, type TestedSettings, useSettingsTrial } from './settings-queries.js';
import { TriedAccounts, TriedFundOrgs } from './tried-codes.js';

interface SettingsTabProps {
  readonly draft: SettingsDraft;
  readonly onChange: (draft: SettingsDraft) => void;
}

/** Tries how the journal splits fund/orgs and checks accounts. Nothing is saved here: the configuration file says what counts. */
export function SettingsTab({ draft, onChange }: SettingsTabProps): ReactElement {
  const { data, error, isCurrent, retry } = useSettingsTrial(draft);
  const problems = error === null ? [] : asProblem(error).problems;
  const isOfFields = problems.length > 0 && problems.every(({ where }) => FIELDS.some(({ name }) => name === where));
  const set = (name: SettingName, value: string | undefined): void => {
    const { [name]: _before, ...others } = draft.settings;
    onChange({ ...draft, settings: value === undefined || value === data?.configured[name] ? others : { ...others, [name]: value } });
  };

  if (data === undefined && error !== null && !isOfFields) return <ErrorPanel error={error} onRetry={retry} />;
  return (
    <Stack gap="md">
      <Sheet title="How the journal reads fund/orgs and accounts">
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            Try what you like: it is shown at once below, and nothing is saved. What counts stands in the configuration file.
          </Text>
          <div className={classes['trial']}>
            {FIELDS.map((field) => (
              <SettingField
                key={field.name}
                {...field}
                value={draft.settings[field.name] ?? data?.configured[field.name]}
                isChanged={draft.settings[field.name] !== undefined}
                problem={problems.find(({ where }) => where === field.name)?.what ?? null}
                onChange={(value) => set(field.name, value)}
              />
            ))}
          </div>
          <div className={classes['samples']}>
            <Samples
              label="Fund/orgs to try"
              placeholder="One a line. Empty: those in use"
              value={draft.fundOrgs}
              onChange={(fundOrgs) => onChange({ ...draft, fundOrgs })}
            />
            <Samples
              label="Accounts to try"
              placeholder="One a line. Empty: those in use"
              value={draft.accountCodes}
              onChange={(accountCodes) => onChange({ ...draft, accountCodes })}
            />
          </div>
          {error !== null && !isOfFields && <ErrorPanel error={error} />}
        </Stack>
      </Sheet>
      {isOfFields && data !== undefined && (
        <Alert color="yellow" variant="light" py="xs">
          <Text size="sm">Below is still what the last expressions that compiled make of them.</Text>
        </Alert>
      )}
      {data === undefined ? error === null && <Skeleton height={320} radius="lg" /> : <Results {...{ data, draft, onChange, isCurrent }} />}
    </Stack>
  );
}

interface ResultsProps extends SettingsTabProps {
  readonly data: TestedSettings;
  readonly isCurrent: boolean;
}

function Results({ data, draft, onChange, isCurrent }: ResultsProps): ReactElement {
  return (
    <div className={classes['results']} data-stale={!isCurrent || undefined} aria-busy={!isCurrent}>
      <Stack gap="md">
        <TriedFundOrgs tested={data} />
        <div className={classes['halves']}>
          <TriedAccounts tested={data} />
          <BookedAccount
            booking={data.booking}
            source={draft.source}
            chargeAccount={draft.chargeAccount}
            onSource={(source) => onChange({ ...draft, source })}
            onChargeAccount={(chargeAccount) => onChange({ ...draft, chargeAccount })}
          />
        </div>
        <ConfigLines tested={data} />
      </Stack>
    </div>
  );
}

interface FieldWords {
  readonly name: SettingName;
  readonly label: string;
  readonly about: string;
  readonly placeholder: string;
}

const FIELDS: readonly FieldWords[] = [
  {
    name: 'fundOrgRegex',
    label: 'Fund/org expression',
    about: 'Named groups become fields of an entry: (?P<fund>…), (?P<orgn>…), program, activity, location, and any other name.',
    placeholder: '^(?P<orgn>[^-]+)-(?P<fund>.+)$',
  },
  {
    name: 'accountCodeRegex',
    label: 'Account expression',
    about: 'What every account must match from its start. Empty: any will do.',
    placeholder: '^\\d{4}$',
  },
  { name: 'defaultAccount', label: 'Default account', about: 'Where neither the charge nor its source has one.', placeholder: 'None' },
];

interface SettingFieldProps extends FieldWords {
  readonly value: string | undefined;
  readonly isChanged: boolean;
  readonly problem: string | null;
  /** Undefined: back to the configured one. */
  readonly onChange: (value: string | undefined) => void;
}

function SettingField({ name, label, about, placeholder, value, isChanged, problem, onChange }: SettingFieldProps): ReactElement {
  return (
    <TextInput
      className={[classes['code'] ?? '', name === 'fundOrgRegex' ? (classes['whole'] ?? '') : ''].join(' ')}
      label={label}
      description={about}
      placeholder={placeholder}
      value={value ?? ''}
      disabled={value === undefined}
      error={problem}
      maxLength={500}
      autoComplete="off"
      spellCheck={false}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      rightSection={
        isChanged && (
          <Tooltip label="Back to the configured one">
            <ActionIcon aria-label={`${label}: back to the configured one`} onClick={() => onChange(undefined)}>
              <IconArrowBackUp size={16} />
            </ActionIcon>
          </Tooltip>
        )
      }
    />
  );
}

interface SamplesProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Samples({ label, placeholder, value, onChange }: SamplesProps): ReactElement {
  return (
    <Group align="flex-start">
      <Textarea
        className={classes['code'] ?? ''}
        w="100%"
        label={label}
        placeholder={placeholder}
        autosize
        minRows={2}
        maxRows={8}
        value={value}
        spellCheck={false}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </Group>
  );
}
