import type { Settings } from './source-queries.js';

export type Setting = keyof Settings;

/** Each setting as a person reads it, and what it does. */
export const SETTING_WORDS: Readonly<Record<Setting, { readonly label: string; readonly about: string }>> = {
  displayName: { label: 'Display name', about: 'How the source is called on statements, in journals and on these pages.' },
  pattern: {
    label: 'File names contain',
    about:
      'Tells which files are of this source: a part of their names, or a pattern for all of it such as aws_*.csv. The longest that fits wins.',
  },
  enabled: {
    label: 'Takes imports',
    about: 'Switched off, its files are refused and no file name is taken for one of its; what it delivered stays.',
  },
  deliveryMode: {
    label: 'Delivery mode',
    about: 'What becomes of the lines that are there already when a new file of the same month comes.',
  },
  costBasis: {
    label: 'Cost basis',
    about: 'The column that is billed: BilledCost as invoiced, or EffectiveCost with prepaid fees spread over their use.',
  },
  dateFormat: {
    label: 'Date format',
    about: 'How dates like 5/1/25 are meant, such as M/D/YY; without it they are refused as ambiguous. 2025-05-01 is always read.',
  },
  lineIdColumn: {
    label: 'Line id column',
    about:
      'A column whose value stays with a line from file to file, such as LineItemId. Without it lines are matched by everything but their amounts.',
  },
  inclusivePeriodEnds: {
    label: 'Period ends are inclusive',
    about:
      'Its files end January with 2025-01-31 instead of 2025-02-01. Ends are then kept as FOCUS writes them; no period and no amount depends on it.',
  },
  fundOrg: {
    label: 'Credit fund/org',
    about: 'Credited in the journal for what PIs are charged. Without it the journal does not balance.',
  },
  accountCode: { label: 'Account', about: 'The GL account of charges that name none themselves.' },
};

export const MODE_WORDS: readonly { readonly value: Settings['deliveryMode']; readonly label: string }[] = [
  { value: 'merge', label: 'Merge: lines that a new file lacks stay' },
  { value: 'replace', label: 'Replace: a file is all of its month, other lines go' },
  { value: 'append', label: 'Append: every line of every file is new' },
];
export const BASIS_WORDS: readonly { readonly value: Settings['costBasis']; readonly label: string }[] = [
  { value: 'billed', label: 'Billed cost' },
  { value: 'effective', label: 'Effective cost' },
];

/** A value as the API writes it in a change. */
export function valueWords(setting: string, value: string): string {
  if (value === 'true') return 'on';
  if (value === 'false') return 'off';
  if (value === '') return 'none';
  const choices: readonly { readonly value: string; readonly label: string }[] =
    setting === 'deliveryMode' ? MODE_WORDS : setting === 'costBasis' ? BASIS_WORDS : [];
  return choices.find((choice) => choice.value === value)?.label.replace(/:.*/, '') ?? value;
}

export function settingLabel(setting: string): string {
  return setting in SETTING_WORDS ? SETTING_WORDS[setting as Setting].label : setting;
}
