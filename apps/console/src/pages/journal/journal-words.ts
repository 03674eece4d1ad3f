import { counted } from '../../components/field-words.js';
import { formatTitle } from './journal-choice.js';
import type { Journal, JournalReference } from './journal-queries.js';

/** `Journal 3 (GL, posted)`, `Journals 3 (GL) and 4 (GL, delta)`. */
export function namedJournals(journals: readonly JournalReference[]): string {
  const each = journals.map(({ number, format, status, deltaFrom }) => {
    const about = [formatTitle(format), ...(deltaFrom === null ? [] : ['delta']), ...(status === 'written' ? [] : [status])];
    return `${number} (${about.join(', ')})`;
  });
  const last = each.at(-1) ?? '';
  return each.length === 1 ? `Journal ${last}` : `Journals ${each.slice(0, -1).join(', ')} and ${last}`;
}

/** `delta to 1 and 2`; empty for a full journal. */
function deltaWords(deltaFrom: readonly number[] | null): string {
  if (deltaFrom === null) return '';
  if (deltaFrom.length === 0) return 'delta to nothing: it is a full one';
  return deltaFrom.length > 4 ? `delta to ${counted(deltaFrom.length, 'journal')}` : `delta to ${listed(deltaFrom)}`;
}

/** `delta to 1, with flagged charges`; empty for a full journal of what stands. */
export function aboutJournal({ deltaFrom, includeFlagged, includeZero }: Journal): string {
  return [deltaWords(deltaFrom), includeFlagged ? 'with flagged charges' : '', includeZero ? 'with rows of zero' : '']
    .filter((text) => text !== '')
    .join(', ');
}

function listed(numbers: readonly number[]): string {
  return numbers.length === 1 ? String(numbers[0]) : `${numbers.slice(0, -1).join(', ')} and ${String(numbers.at(-1))}`;
}
