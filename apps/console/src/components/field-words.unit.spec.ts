import { describe, expect, it } from 'vitest';
import { bytesText, counted, flagReason, flagTitle, periodName, periodShortName } from './field-words.js';

describe('the field’s terms', () => {
  it('names flags, and patterns with what they look for', () => {
    expect(flagTitle('missing_pi_email')).toBe('No PI');
    expect(flagTitle('pattern_match:p4d[.-]')).toBe('Matches “p4d[.-]”');
    expect(flagReason('pattern_match:gpu')).toContain('“gpu”');
    expect(flagTitle('some_new_flag')).toBe('some new flag');
  });

  it('names months', () => {
    expect(periodName('2025-09')).toBe('September 2025');
    expect(periodShortName('2024-12')).toBe('Dec 24');
  });

  it('counts', () => {
    expect(counted(1, 'charge')).toBe('1 charge');
    expect(counted(1200, 'charge')).toBe('1,200 charges');
    expect(counted(0, 'entry', 'entries')).toBe('0 entries');
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [12_400, '12.4 kB'],
    [308_000_000, '308 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});
