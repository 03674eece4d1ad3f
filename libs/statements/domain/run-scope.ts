import type { RunScope, StatementScope } from './statement.events.js';

/** Every PI's every project. */
export const WHOLE_PERIOD: RunScope = { piEmails: null, projectIds: null, statements: null };

/** Whether the statement is one of those that the run is for. */
export function covers({ piEmails, projectIds, statements }: RunScope, { piEmail, projectId }: StatementScope): boolean {
  if (piEmails !== null && !piEmails.includes(piEmail)) return false;
  if (projectIds !== null && !projectIds.includes(projectId)) return false;
  return statements === null || statements.some((each) => each.piEmail === piEmail && each.projectId === projectId);
}

export function isWholePeriod({ piEmails, projectIds, statements }: RunScope): boolean {
  return piEmails === null && projectIds === null && statements === null;
}

/** Whether both are for the same statements, in whatever order they were named. */
export function isSameScope(a: RunScope, b: RunScope): boolean {
  return writtenScope(a) === writtenScope(b);
}

/** A few words for people: `ada@example.edu, reef`; empty for the whole period. */
export function describeScope({ piEmails, projectIds, statements }: RunScope): string {
  const parts = [
    ...(piEmails === null ? [] : [named(piEmails, 'PIs')]),
    ...(projectIds === null ? [] : [named(projectIds, 'projects')]),
    ...(statements === null ? [] : [`${statements.length} ${statements.length === 1 ? 'statement' : 'statements'}`]),
  ];
  return parts.join(', ');
}

function named(names: readonly string[], kind: string): string {
  const [only] = names;
  return names.length === 1 && only !== undefined ? only : `${names.length} ${kind}`;
}

function writtenScope({ piEmails, projectIds, statements }: RunScope): string {
  const pairs = statements?.map(({ piEmail, projectId }) => JSON.stringify([piEmail, projectId])) ?? null;
  return JSON.stringify([piEmails, projectIds, pairs].map((names) => (names === null ? null : [...new Set(names)].sort())));
}
