import { describe, expect, it } from 'vitest';
import { Upcasting } from '#event-store';
import { STATEMENT_UPCASTERS } from './statement.upcasters.js';

describe('STATEMENT_UPCASTERS', () => {
  const upcasting = new Upcasting(STATEMENT_UPCASTERS);

  it('take a run without a scope for one of the whole period', () => {
    const data = { runId: 4, period: '2025-03', send: true };
    expect(upcasting.upcast('StatementRunRequested', 1, data)).toEqual({
      ...data,
      scope: { piEmails: null, projectIds: null, statements: null },
      retryOf: null,
    });
  });

  it('say of an older statement that nobody knows which charges it held', () => {
    expect(upcasting.upcast('StatementIssued', 1, { revision: 1 })).toEqual({ revision: 1, contents: null });
  });
});
