import { DomainError, foldIdentifier, foldPattern, type Problem, SOURCE_TEXT_LIMITS, type SourceText, sourceTextProblem } from '#kernel';
import { COST_BASES, DELIVERY_MODES, type SourceEvent, type SourceSettings } from './source.events.js';

const NAME_PATTERN = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u;
const TEXTS = Object.keys(SOURCE_TEXT_LIMITS) as readonly SourceText[];

export type SourceInput = Partial<Omit<SourceSettings, 'name'>>;
export type SourceSetting = keyof SourceInput;
/** What tells the files of a source from those of others. */
export type PatternOfSource = Pick<SourceSettings, 'name' | 'displayName' | 'pattern' | 'enabled'>;

/** Everything that can be set, in the order in which it is shown. */
const SOURCE_SETTINGS: readonly SourceSetting[] = [
  'displayName',
  'pattern',
  'fundOrg',
  'accountCode',
  'deliveryMode',
  'costBasis',
  'dateFormat',
  'lineIdColumn',
  'inclusivePeriodEnds',
  'enabled',
];

/** One setting as it was and as it is to be. */
export interface SettingChange {
  readonly setting: SourceSetting;
  readonly before: string | boolean;
  readonly after: string | boolean;
}

/** @throws DomainError `source.malformed-name`. */
export function sourceName(text: string): string {
  const name = foldIdentifier(text);
  if (!NAME_PATTERN.test(name)) {
    throw new DomainError(
      'source.malformed-name',
      'invalid',
      `“${text}” is no name for a source; use letters, digits, blanks, dots, dashes and underscores.`,
    );
  }
  return name;
}

/** What a source is that nobody has said anything about. */
export function defaultSettings(writtenName: string): SourceSettings {
  const name = sourceName(writtenName);
  return {
    name,
    displayName: writtenName.trim(),
    pattern: name,
    fundOrg: '',
    accountCode: '',
    deliveryMode: 'merge',
    costBasis: 'billed',
    dateFormat: '',
    lineIdColumn: '',
    inclusivePeriodEnds: false,
    enabled: true,
  };
}

/**
 * Registers a source, or changes what `input` says about a known one; no event when nothing would change.
 * @param others all other sources: no two that are enabled may have the same pattern
 * @throws DomainError `source.invalid-settings` with every setting that can't be as wanted.
 */
export function decideSource(
  current: SourceSettings | null,
  writtenName: string,
  input: SourceInput,
  others: readonly PatternOfSource[],
): SourceEvent[] {
  const before = current ?? defaultSettings(writtenName);
  const after = { ...before, ...trimmed(input) };
  const changes = settingChanges(before, after);
  const checked = new Set(current === null ? SOURCE_SETTINGS : changes.map(({ setting }) => setting));
  const problems = problemsOf(after, checked, others);
  if (problems.length > 0) {
    const said = problems.map(({ where, what }) => `${where}: ${what}`).join(' ');
    throw new DomainError('source.invalid-settings', 'invalid', `The source “${before.name}” can't be set so. ${said}`, problems);
  }
  if (current === null) return [{ type: 'SourceRegistered', data: after }];
  return changes.length > 0 ? [{ type: 'SourceChanged', data: after }] : [];
}

/**
 * Registers a source that nobody has described: its first file, or a bare name in the configuration, makes it known. Nobody is there to
 * choose another pattern if the name is one already; then names of files do not tell this source.
 */
export function decideUndescribedSource(writtenName: string, others: readonly PatternOfSource[]): SourceEvent[] {
  const settings = defaultSettings(writtenName);
  const pattern = twinOf(settings, others) === undefined ? settings.pattern : '';
  return [{ type: 'SourceRegistered', data: { ...settings, pattern } }];
}

/** What differs, in the order of the settings. */
export function settingChanges(before: SourceSettings, after: SourceSettings): SettingChange[] {
  return SOURCE_SETTINGS.filter((setting) => before[setting] !== after[setting]).map((setting) => ({
    setting,
    before: before[setting],
    after: after[setting],
  }));
}

function trimmed(input: SourceInput): SourceInput {
  const texts = TEXTS.flatMap((setting) => {
    const text = input[setting];
    return text === undefined ? [] : [[setting, text.trim()] as const];
  });
  return { ...input, ...Object.fromEntries(texts) };
}

/** A setting that stays as it is was accepted once, and keeps no other from being changed. */
function problemsOf(after: SourceSettings, checked: ReadonlySet<SourceSetting>, others: readonly PatternOfSource[]): Problem[] {
  const problems: Problem[] = TEXTS.filter((setting) => checked.has(setting)).flatMap((setting) => {
    const what = sourceTextProblem(setting, after[setting]);
    return what === undefined ? [] : [{ where: setting, what }];
  });
  problems.push(...choiceProblem('deliveryMode', after.deliveryMode, DELIVERY_MODES));
  problems.push(...choiceProblem('costBasis', after.costBasis, COST_BASES));
  const twin = checked.has('pattern') || checked.has('enabled') ? twinOf(after, others) : undefined;
  if (twin !== undefined) problems.push({ where: 'pattern', what: twinProblem(after.pattern, twin) });
  return problems;
}

function choiceProblem(where: SourceSetting, value: string, choices: readonly string[]): Problem[] {
  return choices.includes(value) ? [] : [{ where, what: `“${value}” is none of ${choices.join(', ')}.` }];
}

/** The enabled source whose files could not be told from those of this one. */
function twinOf(source: PatternOfSource, others: readonly PatternOfSource[]): PatternOfSource | undefined {
  const pattern = foldPattern(source.pattern);
  if (!source.enabled || pattern === '') return undefined;
  return others.find((other) => other.name !== source.name && other.enabled && foldPattern(other.pattern) === pattern);
}

function twinProblem(pattern: string, twin: PatternOfSource): string {
  const named = twin.displayName === twin.name ? `“${twin.name}”` : `“${twin.name}” (${twin.displayName})`;
  return `“${pattern}” is the pattern of the source ${named} too, so a file name could not tell which of them it is of. Give one of them another pattern, or disable one.`;
}
