import type { StatementRun } from '../../api/statement-queries.js';
import { counted } from '../../components/field-words.js';

/** The state as its badge shows it: a run that is through may have left failures. */
export function runState({ state, failures }: Pick<StatementRun, 'state' | 'failures'>): string {
  return state === 'completed' && failures.length > 0 ? 'with_failures' : state;
}

/** For whom a run is, in few words. */
export function runScope({ scope: { piEmails, projectIds, statements } }: Pick<StatementRun, 'scope'>): string {
  const named = (names: readonly string[], kind: string): string => (names.length === 1 ? (names[0] ?? '') : counted(names.length, kind));
  const parts = [
    ...(piEmails === null ? [] : [named(piEmails, 'PI')]),
    ...(projectIds === null ? [] : [named(projectIds, 'project')]),
    ...(statements === null ? [] : [counted(statements.length, 'failed statement')]),
  ];
  return parts.length === 0 ? 'All statements' : parts.join(' · ');
}
