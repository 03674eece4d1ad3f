import { describe, expect, it } from 'vitest';
import { askedMoment } from './asked-moment.js';

describe('a moment as people name it', () => {
  it.each([
    ['118', { kind: 'position', position: 118 }],
    ['0', { kind: 'position', position: 0 }],
    [' now ', { kind: 'now' }],
    ['close', { kind: 'close' }],
    ['finalize', { kind: 'finalize' }],
    ['statements', { kind: 'statements', runId: null }],
    ['statements:3', { kind: 'statements', runId: 3 }],
    ['2025-10-03', { kind: 'time', until: new Date('2025-10-03T23:59:59.999Z') }],
    ['2024-02-29', { kind: 'time', until: new Date('2024-02-29T23:59:59.999Z') }],
    ['2025-10-03T16:30:00Z', { kind: 'time', until: new Date('2025-10-03T16:30:00Z') }],
    ['2025-10-03T16:30Z', { kind: 'time', until: new Date('2025-10-03T16:30:00Z') }],
    ['2025-10-03T16:30:00.125+02:00', { kind: 'time', until: new Date('2025-10-03T14:30:00.125Z') }],
    ['2025-10-03T16:30:00.1259-0530', { kind: 'time', until: new Date('2025-10-03T22:00:00.125Z') }],
  ])('%j is %j', (text, moment) => {
    expect(askedMoment(text)).toEqual(moment);
  });

  it.each([
    '',
    'yesterday',
    '2026-02-30',
    '2025-02-29T00:00:00Z',
    '2025-13-01',
    '2025-10',
    '2025-10-03T16:30:00',
    '2025-10-03T24:00:00Z',
    '2025-10-03T16:60Z',
    '2025-10-03T16:30:00+99:00',
    '-1',
    '1.5',
    '1e3',
    '1234567890123456',
    'statements:',
    'statements:x',
    'Close',
  ])('%j is none, and says what is', (text) => {
    expect(() => askedMoment(text)).toThrow(expect.objectContaining({ code: 'moment.malformed', kind: 'invalid' }));
  });
});
