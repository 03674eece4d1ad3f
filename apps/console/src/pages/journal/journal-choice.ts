import { useCallback, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Schema } from '../../api/sdk-client.js';

export type JournalFormat = Schema<'JournalPreviewInfo'>['format'];
export type JournalFamily = Schema<'JournalPreviewInfo'>['family'];

/** What journal is to be written. */
export interface JournalChoice {
  readonly format: JournalFormat;
  /** Of format template; null: the configured one. */
  readonly template: string | null;
  /** Only what changed since what is booked. */
  readonly delta: boolean;
  readonly includeFlagged: boolean;
  /** Also what comes to nothing, where {@link zeroRowsOf} leaves a choice. */
  readonly includeZero: boolean;
}

export interface FormatWords {
  readonly format: JournalFormat;
  readonly title: string;
  readonly what: string;
  /** Who wants it. */
  readonly whose: string;
}

export const FORMATS: readonly FormatWords[] = [
  {
    format: 'template',
    title: 'Template',
    what: 'Debits and credits in the layout of your accounting system.',
    whose: 'For the upload into Banner, Kuali, PeopleSoft, Oracle, Workday …',
  },
  {
    format: 'gl',
    title: 'GL',
    what: 'A debit per fund/org, one credit to the clearing account.',
    whose: 'For ledger staff who book by hand',
  },
  { format: 'summary', title: 'Summary', what: 'A row per PI, project and fund/org.', whose: 'For departments and their administrators' },
  {
    format: 'default',
    title: 'By service',
    what: 'A row per PI, project and service.',
    whose: 'For whoever read the older program’s file',
  },
  { format: 'detail', title: 'Detail', what: 'A row per charge.', whose: 'For auditors, and questions of PIs' },
];

/** Formats of one family say the same of the books: a delta of one follows a journal of the other. */
export function familyOf(format: JournalFormat): JournalFamily {
  return format === 'template' || format === 'gl' ? 'two-sided' : 'one-sided';
}

/** Whether a journal has rows of zero: a delta never, a list of what is billed always, and one that is booked row by row if asked. */
export function zeroRowsOf({ format, delta }: JournalChoice): 'if asked' | 'always' | 'never' {
  if (delta) return 'never';
  return familyOf(format) === 'two-sided' ? 'if asked' : 'always';
}

export function formatTitle(format: JournalFormat): string {
  return FORMATS.find((each) => each.format === format)?.title ?? format;
}

interface ChoiceState {
  readonly choice: JournalChoice;
  readonly set: (change: Partial<JournalChoice>) => void;
}

/** The choice as it stands in the address, so that it can be sent to a colleague. */
export function useJournalChoice(): ChoiceState {
  const [search, setSearch] = useSearchParams();
  const address = search.toString();
  // The address follows a little later; what was pressed shows at once.
  const [pressed, setPressed] = useState<{ readonly at: string; readonly choice: JournalChoice } | null>(null);
  const choice = useMemo<JournalChoice>(() => {
    if (pressed?.at === address) return pressed.choice;
    const asked = new URLSearchParams(address);
    const format = FORMATS.find((each) => each.format === asked.get('format'))?.format ?? 'template';
    return {
      format,
      template: asked.get('template'),
      // Charges have no differences.
      delta: asked.has('delta') && format !== 'detail',
      includeFlagged: asked.has('flagged'),
      includeZero: asked.has('zero'),
    };
  }, [address, pressed]);
  const set = useCallback<ChoiceState['set']>(
    (change) => {
      const asked = { ...choice, ...change };
      setPressed({ at: address, choice: asked });
      setSearch(
        (current) => {
          put(current, 'format', asked.format === 'template' ? null : asked.format);
          put(current, 'template', asked.template);
          put(current, 'delta', asked.delta ? 'yes' : null);
          put(current, 'flagged', asked.includeFlagged ? 'yes' : null);
          put(current, 'zero', asked.includeZero ? 'yes' : null);
          return current;
        },
        { replace: true },
      );
    },
    [address, choice, setSearch],
  );
  return { choice, set };
}

function put(search: URLSearchParams, name: string, value: string | null): void {
  if (value === null) search.delete(name);
  else search.set(name, value);
}
