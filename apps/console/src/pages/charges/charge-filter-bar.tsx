import { Button, Group, MultiSelect, Select } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import type { ReactElement, RefObject } from 'react';
import { type Standing, usePeriod, useSources } from '../../api/queries.js';
import { FLAG_CHOICES, flagTitle } from '../../components/field-words.js';
import { SearchField } from '../../components/search-field.js';
import { useRules } from '../rules/rule-queries.js';
import { MoreFilters } from './more-filters.js';
import type { ChargeFilterState } from './use-charge-filter.js';

const STANDING_CHOICES: readonly { readonly value: Standing; readonly label: string }[] = [
  { value: 'clear', label: 'Clear' },
  { value: 'flagged', label: 'Flagged' },
  { value: 'approved', label: 'Approved' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'split', label: 'Divided' },
  { value: 'superseded', label: 'Superseded' },
  { value: 'withdrawn', label: 'Withdrawn' },
];

interface ChargeFilterBarProps {
  readonly state: ChargeFilterState;
  /** Offers its PIs; null for all periods. */
  readonly period: string | null;
  /** The queue of flagged charges has no use for it. */
  readonly withStanding?: boolean;
  readonly searchField?: RefObject<HTMLInputElement | null>;
}

/** Filters over charges; everything set must hold. */
export function ChargeFilterBar({ state, period, withStanding = false, searchField }: ChargeFilterBarProps): ReactElement {
  const { filter, set, isSet, reset } = state;
  const { data: sources } = useSources();
  const { data: detail } = usePeriod(period);
  const patterns = (useRules().data?.flagPatterns ?? []).map((pattern) => `pattern_match:${pattern}`);
  const reasons = [...FLAG_CHOICES, ...patterns.map((value) => ({ value, label: flagTitle(value) }))];
  const people = (detail?.byPi ?? []).map(({ name }) => ({ value: name, label: name }));
  return (
    <Group gap="xs" p="sm" align="center">
      <SearchField
        label="Search charges"
        placeholder="Resource, service, PI, fund/org"
        width={236}
        value={filter.text ?? ''}
        onChange={(text) => set({ text })}
        field={searchField}
      />
      <Select
        w={150}
        aria-label="Source"
        placeholder="Any source"
        clearable
        value={filter.source ?? null}
        data={withCurrent(
          (sources ?? []).map(({ name, displayName }) => ({ value: name, label: displayName })),
          filter.source,
        )}
        onChange={(source) => set({ source: source ?? undefined })}
      />
      <Select
        w={190}
        aria-label="PI"
        placeholder="Any PI"
        clearable
        searchable
        nothingFoundMessage="Not among those billed; search for the text instead"
        value={filter.piEmail ?? null}
        data={withCurrent(people, filter.piEmail)}
        onChange={(piEmail) => set({ piEmail: piEmail ?? undefined })}
      />
      {withStanding && (
        <MultiSelect
          miw={150}
          maw={320}
          size="sm"
          styles={{ pillsList: { minHeight: 22, alignItems: 'center' } }}
          aria-label="Standing"
          placeholder={filter.standing === undefined ? 'Any standing' : ''}
          clearable
          value={[...(filter.standing ?? [])]}
          data={[...STANDING_CHOICES]}
          onChange={(standing) => set({ standing })}
        />
      )}
      <Select
        w={164}
        aria-label="Reason for review"
        placeholder="Any reason"
        clearable
        value={filter.flag ?? null}
        data={withCurrent(reasons, filter.flag, flagTitle)}
        onChange={(flag) => set({ flag: flag ?? undefined })}
      />
      <MoreFilters state={state} />
      {isSet && (
        <Button variant="subtle" size="sm" color="gray" leftSection={<IconFilterOff size={15} />} onClick={reset}>
          Clear
        </Button>
      )}
    </Group>
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What is in force is always among the choices, even what the list doesn't offer: a single pattern, a PI of an old link. */
function withCurrent(choices: readonly Choice[], current: string | undefined, titleOf: (value: string) => string = String): Choice[] {
  if (current === undefined || choices.some(({ value }) => value === current)) return [...choices];
  return [{ value: current, label: titleOf(current) }, ...choices];
}
