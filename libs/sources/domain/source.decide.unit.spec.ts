import { describe, expect, it } from 'vitest';
import { Upcasting } from '#event-store';
import { DomainError } from '#kernel';
import { decideSource, decideUndescribedSource, defaultSettings, settingChanges, type SourceInput } from './source.decide.js';
import type { SourceSettings } from './source.events.js';
import { SOURCE_UPCASTERS } from './source.upcasters.js';

const HPC: SourceSettings = { ...defaultSettings('HPC'), displayName: 'Heron cluster' };

function problemsOf(input: SourceInput, current: SourceSettings | null = null, others: readonly SourceSettings[] = []): string[] {
  try {
    decideSource(current, 'gpu', input, others);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'source.invalid-settings') return error.problems.map(({ where }) => where);
    throw error;
  }
  return [];
}

describe('decideSource', () => {
  it('registers a source with all its settings, names folded and texts trimmed', () => {
    const [event, ...others] = decideSource(null, ' GPU Lab ', { fundOrg: ' IT-9 ', inclusivePeriodEnds: true }, []);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'SourceRegistered',
      data: { name: 'gpu lab', displayName: 'GPU Lab', pattern: 'gpu lab', fundOrg: 'IT-9', inclusivePeriodEnds: true, enabled: true },
    });
  });

  it('changes what is said and leaves the rest; what would change nothing is no event', () => {
    const [event] = decideSource(HPC, 'hpc', { accountCode: '7000' }, []);
    expect(event).toEqual({ type: 'SourceChanged', data: { ...HPC, accountCode: '7000' } });
    expect(decideSource(HPC, 'hpc', { displayName: ' Heron cluster ', enabled: true }, [])).toEqual([]);
  });

  it.each<[string, SourceInput]>([
    ['dateFormat', { dateFormat: 'whenever' }],
    ['dateFormat', { dateFormat: 'M/M/YY' }],
    ['pattern', { pattern: '' }],
    ['pattern', { pattern: ' \t ' }],
    ['pattern', { pattern: '**' }],
    ['pattern', { pattern: 'x'.repeat(101) }],
    ['fundOrg', { fundOrg: 'F'.repeat(101) }],
    ['fundOrg', { fundOrg: 'IT\n9' }],
    ['accountCode', { accountCode: '70\u000000' }],
    ['accountCode', { accountCode: '7'.repeat(101) }],
    ['lineIdColumn', { lineIdColumn: 'Line\tId' }],
    ['displayName', { displayName: ' ' }],
    ['deliveryMode', { deliveryMode: 'overwrite' as 'merge' }],
    ['costBasis', { costBasis: 'list' as 'billed' }],
  ])('refuses a wrong %s when it is saved: %o', (setting, input) => {
    expect(problemsOf(input)).toEqual([setting]);
    expect(problemsOf(input, { ...HPC, name: 'gpu' })).toEqual([setting]);
  });

  it.each<SourceInput>([{ dateFormat: 'D.M.YYYY' }, { dateFormat: '' }, { fundOrg: '' }, { lineIdColumn: '' }, { pattern: 'gpu_*.csv' }])(
    'takes %o',
    (input) => {
      expect(problemsOf(input)).toEqual([]);
    },
  );

  it('names everything that is wrong at once', () => {
    expect(problemsOf({ pattern: '', dateFormat: 'x', fundOrg: 'a\nb' })).toEqual(['pattern', 'fundOrg', 'dateFormat']);
  });

  it('refuses the pattern of another source that is enabled, and names it', () => {
    const others = [HPC, { ...defaultSettings('tape'), enabled: false }];
    expect(() => decideSource(null, 'gpu', { pattern: ' Hpc ' }, others)).toThrow(/source “hpc” \(Heron cluster\) too/);
    expect(problemsOf({ pattern: 'tape' }, null, others)).toEqual([]);
    expect(problemsOf({ pattern: 'hpc', enabled: false }, null, others)).toEqual([]);
    const asleep = { ...defaultSettings('gpu'), pattern: 'hpc', enabled: false };
    expect(problemsOf({ accountCode: '7' }, asleep, others)).toEqual([]);
    expect(problemsOf({ enabled: true }, asleep, others)).toEqual(['pattern']);
  });

  it('lets what was accepted once stand, whatever the rules are now', () => {
    const older = { ...defaultSettings('gpu'), pattern: '' };
    expect(problemsOf({ fundOrg: 'IT-9' }, older)).toEqual([]);
    expect(problemsOf({ fundOrg: 'IT-9', pattern: '' }, older)).toEqual([]);
  });
});

describe('decideUndescribedSource', () => {
  it('takes the name as pattern, unless that is taken: nobody is there to choose another', () => {
    expect(decideUndescribedSource('GPU', [HPC])).toMatchObject([{ type: 'SourceRegistered', data: { name: 'gpu', pattern: 'gpu' } }]);
    expect(decideUndescribedSource('gpu', [{ ...HPC, pattern: 'GPU' }])).toMatchObject([{ data: { pattern: '' } }]);
  });
});

describe('settingChanges', () => {
  it('says before and after, in the order of the settings', () => {
    const after = { ...HPC, enabled: false, fundOrg: 'IT-9' };
    expect(settingChanges(HPC, after)).toEqual([
      { setting: 'fundOrg', before: '', after: 'IT-9' },
      { setting: 'enabled', before: true, after: false },
    ]);
  });
});

describe('SOURCE_UPCASTERS', () => {
  it.each(['SourceRegistered', 'SourceChanged'])('read a %s of older programs: its ends were taken as they are', (type) => {
    const { inclusivePeriodEnds: _unknown, ...older } = HPC;
    expect(new Upcasting(SOURCE_UPCASTERS).upcast(type, 1, older)).toEqual(HPC);
  });
});
