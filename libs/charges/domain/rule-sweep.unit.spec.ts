import { describe, expect, it } from 'vitest';
import type { Standing } from '#ledger';
import { flagChange } from './rule-sweep.js';

const GPU = 'pattern_match:gpu';
const TAPE = 'pattern_match:tape';

describe('what becomes of a charge that is flagged again', () => {
  it.each<[Standing, readonly string[], readonly string[], Standing | null]>([
    ['clear', [], [], null],
    ['clear', [], [GPU], 'flagged'],
    ['flagged', [GPU], [GPU], null],
    ['flagged', [GPU], [], 'clear'],
    ['flagged', [GPU], [TAPE], 'flagged'],
    ['flagged', ['missing_project_id', GPU], [], 'flagged'],
    ['flagged', ['missing_project_id'], [], null],
    ['flagged', ['invalid_fund_org'], [], 'clear'],
    ['approved', [GPU], [], null],
    ['approved', [GPU], [GPU], null],
    ['approved', [GPU], [GPU, TAPE], 'flagged'],
    ['approved', [], [GPU], 'flagged'],
    ['rejected', [GPU], [], null],
    ['rejected', [GPU], [TAPE], 'flagged'],
    ['rejected', ['missing_project_id'], [], null],
  ])('%s with %j, found %j: %s', (standing, flags, found, outcome) => {
    expect(flagChange({ standing, flags }, found)?.standing ?? null).toBe(outcome);
  });
});
