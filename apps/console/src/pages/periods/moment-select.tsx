import { Select } from '@mantine/core';
import type { ReactElement } from 'react';
import classes from './history.module.css';
import type { LedgerMoment } from './history-queries.js';

/** Before the first event: the ledger was empty. */
export const BEGINNING = '0';
const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

interface MomentSelectProps {
  readonly label: string;
  readonly moments: readonly LedgerMoment[];
  readonly value: string | null;
  readonly onChoose: (value: string) => void;
}

/** A choice among the moments of a period, newest first. */
export function MomentSelect({ label, moments, value, onChoose }: MomentSelectProps): ReactElement {
  const known = new Map(moments.map((moment) => [String(moment.position), moment]));
  const options = [...known].reverse().map(([position, { text }]) => ({ value: position, label: text }));
  // A link may name a moment that is none of these: a position between two, or a date.
  const foreign = value === null || value === BEGINNING || known.has(value) ? [] : [{ value, label: value }];
  const chosen = value === null ? undefined : known.get(value);
  return (
    <Select
      label={label}
      description={
        chosen === undefined ? (value === BEGINNING ? 'Nothing was in the ledger yet' : 'The ledger as it stood then') : describe(chosen)
      }
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={[...foreign, ...options, { value: BEGINNING, label: 'Before everything' }]}
      value={value}
      allowDeselect={false}
      searchable
      maxDropdownHeight={360}
      nothingFoundMessage="No such moment"
      onChange={(next) => {
        if (next !== null) onChoose(next);
      }}
      renderOption={({ option }) => {
        const moment = known.get(option.value);
        return (
          <span className={classes['option']}>
            <span>{option.label}</span>
            <span className={classes['when']}>{moment === undefined ? 'an empty ledger' : describe(moment)}</span>
          </span>
        );
      }}
    />
  );
}

function describe({ at, by, position }: LedgerMoment): string {
  return `${WHEN.format(new Date(at))}, ${by.id}, position ${position}`;
}
