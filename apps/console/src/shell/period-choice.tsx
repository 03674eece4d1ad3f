import { ActionIcon, Group, Select } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type ReactElement, useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { type PeriodSummary, usePeriods } from '../api/queries.js';
import { periodName } from '../components/field-words.js';

const REMEMBERED = 'openchargeback.period';

export interface PeriodChoice {
  /** The period the page is about; null while periods load, and when there are none. */
  readonly period: string | null;
  /** Newest first; undefined while they load. */
  readonly periods: readonly PeriodSummary[] | undefined;
  readonly chosen: PeriodSummary | undefined;
  readonly choose: (period: string) => void;
}

/** The period of the address (`?period=`), else the one looked at last in this tab, else the newest. */
export function usePeriodChoice(): PeriodChoice {
  const [search, setSearch] = useSearchParams();
  const periods = usePeriods().data?.periods;
  const asked = search.get('period') ?? window.sessionStorage.getItem(REMEMBERED);
  const period = periods === undefined ? asked : ((periods.find((candidate) => candidate.period === asked) ?? periods[0])?.period ?? null);
  const choose = useCallback(
    (next: string) => {
      window.sessionStorage.setItem(REMEMBERED, next);
      setSearch((current) => {
        current.set('period', next);
        current.delete('page');
        current.delete('after');
        return current;
      });
    },
    [setSearch],
  );
  return { period, periods, chosen: periods?.find((candidate) => candidate.period === period), choose };
}

/** Picks a period, or steps to the one before or after. */
export function PeriodPicker({ choice }: { readonly choice: PeriodChoice }): ReactElement {
  const { period, periods = [], choose } = choice;
  const index = periods.findIndex((candidate) => candidate.period === period);
  const [newer, older] = [periods[index - 1], periods[index + 1]];
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon
        size="lg"
        aria-label="Earlier period"
        disabled={older === undefined}
        onClick={() => older !== undefined && choose(older.period)}
      >
        <IconChevronLeft size={18} />
      </ActionIcon>
      <Select
        w={172}
        aria-label="Billing period"
        placeholder="No period yet"
        allowDeselect={false}
        searchable={periods.length > 12}
        value={index === -1 ? null : period}
        data={periods.map((candidate) => ({ value: candidate.period, label: periodName(candidate.period) }))}
        onChange={(next) => next !== null && choose(next)}
      />
      <ActionIcon
        size="lg"
        aria-label="Later period"
        disabled={index === -1 || newer === undefined}
        onClick={() => newer !== undefined && choose(newer.period)}
      >
        <IconChevronRight size={18} />
      </ActionIcon>
    </Group>
  );
}
