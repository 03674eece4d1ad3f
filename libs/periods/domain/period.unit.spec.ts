import { describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { foldPeriod, type PeriodState } from './period.js';
import { decidePeriod, type PeriodCommand } from './period.decide.js';
import type { PeriodEvent } from './period.events.js';

const period = billingPeriod('2025-03');
const opened: PeriodEvent = { type: 'PeriodOpened', data: { period } };
const closed: PeriodEvent = { type: 'PeriodClosed', data: { period, notes: null } };
const finalized: PeriodEvent = { type: 'PeriodFinalized', data: { period, notes: null, forced: null } };

const open: PeriodCommand = { type: 'OpenPeriod', period };
const close: PeriodCommand = { type: 'ClosePeriod', period, notes: 'done' };
const reopen: PeriodCommand = { type: 'ReopenPeriod', period, reason: 'A late file.' };
const finalize: PeriodCommand = { type: 'FinalizePeriod', period, notes: null, findings: [], force: null };

const GIVEN: Record<PeriodState, PeriodEvent[]> = {
  absent: [],
  open: [opened],
  closed: [opened, closed],
  finalized: [opened, closed, finalized],
};

describe('a billing period', () => {
  it.each<[PeriodState, PeriodCommand, PeriodState]>([
    ['absent', open, 'open'],
    ['open', close, 'closed'],
    ['closed', reopen, 'open'],
    ['closed', finalize, 'finalized'],
  ])('that is %s: %o makes it %s', (before, command, after) => {
    const events = decidePeriod(foldPeriod(GIVEN[before]), command);
    expect(foldPeriod([...GIVEN[before], ...events])).toBe(after);
  });

  it.each<[PeriodState, PeriodCommand, string]>([
    ['open', open, 'period.exists'],
    ['finalized', open, 'period.exists'],
    ['absent', close, 'period.unknown'],
    ['closed', close, 'period.wrong-state'],
    ['finalized', close, 'period.wrong-state'],
    ['open', reopen, 'period.wrong-state'],
    ['finalized', reopen, 'period.wrong-state'],
    ['closed', { ...reopen, reason: '  ' }, 'period.reason-missing'],
    ['absent', finalize, 'period.unknown'],
    ['open', finalize, 'period.wrong-state'],
    ['finalized', finalize, 'period.wrong-state'],
  ])('that is %s refuses %o with %s', (before, command, code) => {
    expect(() => decidePeriod(foldPeriod(GIVEN[before]), command)).toThrow(expect.objectContaining({ code }) as Error);
  });

  const missing = { check: 'journal', missing: 'no journal of the final ledger was exported', overridable: true };
  const waiting = { check: 'review', missing: '3 charges wait for review', overridable: false };

  it('is not finalized while something is missing, and is told all of it', () => {
    expect(() => decidePeriod('closed', { ...finalize, findings: [waiting, missing] })).toThrow(
      expect.objectContaining({
        code: 'period.not-ready',
        problems: [
          { where: 'review', what: waiting.missing },
          { where: 'journal', what: missing.missing },
        ],
      }) as Error,
    );
  });

  it('can be finalized by force with a reason, and what was missing is kept', () => {
    const [event] = decidePeriod('closed', {
      ...finalize,
      findings: [missing],
      force: { reason: 'Accounting takes it from the detail file.' },
    });
    expect(event?.data).toMatchObject({ forced: { missing: [missing.missing], reason: 'Accounting takes it from the detail file.' } });
    expect(() => decidePeriod('closed', { ...finalize, findings: [missing], force: { reason: ' ' } })).toThrow(/Say why/);
  });

  it('is not finalized by any force while charges wait for review', () => {
    expect(() => decidePeriod('closed', { ...finalize, findings: [waiting], force: { reason: 'Hurry.' } })).toThrow(
      /3 charges wait for review/,
    );
  });
});
