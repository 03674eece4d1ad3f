import { type ChargeTally, type ReasonEffect, type RulesEffect, RuleSweeps } from '#charges';
import { billingPeriod } from '#kernel';
import { type RulePatterns, ReviewRules, type RulesInput } from '#review-rules';
import { flagMeaning } from '../output/flag-words.js';
import { instant } from '../output/instant.js';
import { grouped, printable, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';

interface PatternOptions {
  readonly flagPattern?: readonly string[];
  readonly fundOrgPattern?: readonly string[];
}

interface ReflagOptions {
  readonly period: string;
  readonly note?: string;
  readonly dryRun?: boolean;
  readonly expect?: number;
}

export async function showRules(session: Session): Promise<CommandResult> {
  const program = await session.program();
  const rules = await program.get(ReviewRules).current();
  const { changedBy, changedAt, version } = rules;
  const last =
    changedBy === null || changedAt === null ? 'They were never set.' : `Version ${version}, of ${instant(changedAt)} by ${changedBy}.`;
  return { data: rules, text: `${patternLines(rules)}\n${last}` };
}

export async function setRules(session: Session, options: PatternOptions): Promise<CommandResult> {
  const input = inputOf(options);
  if (Object.keys(input).length === 0) throw new UsageError("Say what to set: --flag-pattern or --fund-org-pattern; '' for none.");
  const program = await session.program();
  const { rules, appended } = await program.get(ReviewRules).change(input, null, program.metadata);
  const text =
    appended === null
      ? 'The patterns are set so already.'
      : `${patternLines(rules)}\nThey count for what is imported from now on; \`review re-flag\` flags charges that are there.`;
  return { data: { rules, changed: appended !== null }, text };
}

export async function testRules(session: Session, options: PatternOptions & { readonly period: string }): Promise<CommandResult> {
  const program = await session.program();
  const trial = await program.get(RuleSweeps).try(billingPeriod(options.period), inputOf(options));
  return { data: trial, text: `${effectLines(trial.effect, 'would')}\nNothing was changed.` };
}

export async function reflag(session: Session, { period, note, dryRun, expect }: ReflagOptions): Promise<CommandResult> {
  const program = await session.program();
  const sweeps = program.get(RuleSweeps);
  if (dryRun === true) {
    const { rules, effect } = await sweeps.preview(billingPeriod(period));
    return { data: { rules, effect, recorded: false }, text: `${effectLines(effect, 'would')}\nNothing was changed.` };
  }
  const seen = expect === undefined ? undefined : { count: expect };
  const { rules, effect, appended } = await sweeps.reflag(billingPeriod(period), { note: note ?? null, seen }, program.metadata);
  await program.settle();
  return { data: { rules, effect, recorded: appended !== null }, text: effectLines(effect, 'did') };
}

/** An empty text is no pattern: that is how the last one is taken away. */
function inputOf({ flagPattern, fundOrgPattern }: PatternOptions): RulesInput {
  const given = (patterns: readonly string[]): readonly string[] => patterns.filter((pattern) => pattern !== '');
  return {
    ...(flagPattern === undefined ? {} : { flagPatterns: given(flagPattern) }),
    ...(fundOrgPattern === undefined ? {} : { fundOrgPatterns: given(fundOrgPattern) }),
  };
}

function patternLines({ flagPatterns, fundOrgPatterns }: RulePatterns): string {
  const list = (title: string, patterns: readonly string[], none: string): string =>
    patterns.length === 0 ? `${title}: ${none}` : [`${title}:`, ...patterns.map((pattern) => `  ${printable(pattern)}`)].join('\n');
  return [
    list('Flag patterns', flagPatterns, 'none; no charge is flagged for its service or resource.'),
    list('Fund/org patterns', fundOrgPatterns, 'none; any fund/org will do.'),
  ].join('\n');
}

function effectLines(effect: RulesEffect, mood: 'would' | 'did'): string {
  const { lookedAt, changed, toReview, toClear, reasons, fundOrgPatterns } = effect;
  const rows = reasons.map(({ flag, matching, added, removed }: ReasonEffect) => [
    flag,
    ...[matching, added, removed].flatMap((tally) => [tally.count.toLocaleString('en'), money(tally)]),
    exampleOf(added.count > 0 ? added : matching),
  ]);
  const columns = ['REASON', 'FOUND ON', '', 'NEW', '', 'NO LONGER', '', 'SUCH AS'].map((title, index) => ({
    title,
    ...(index > 0 && index < 7 ? { align: 'right' as const } : {}),
  }));
  const taken = fundOrgPatterns.map(({ pattern, taken: { count } }) => `Fund/org pattern ${printable(pattern)} takes ${counted(count)}.`);
  const [wait, clear] = mood === 'would' ? ['would wait for review', 'would be clear'] : ['wait for review now', 'are clear now'];
  const outcome =
    changed.count === 0
      ? `${counted(lookedAt)} looked at; all of them are flagged so already.`
      : `${counted(lookedAt)} looked at; the reasons of ${counted(changed.count)} change: ${said(toReview)} ${wait}, ${said(toClear)} ${clear}.`;
  const meaning = reasons.some(({ flag, matching }) => flag === 'invalid_fund_org' && matching.count > 0)
    ? [`invalid_fund_org: ${flagMeaning('invalid_fund_org')}.`]
    : [];
  return [table(columns, rows), ...taken, ...meaning, outcome].join('\n');
}

function exampleOf({ samples: [first] }: ChargeTally): string {
  if (first === undefined) return '';
  const { importId, lineNumber, serviceName, resourceName, resourceId } = first;
  return `${importId}-${lineNumber} ${serviceName}, ${resourceName ?? resourceId ?? '–'}`;
}

function said(tally: ChargeTally): string {
  return tally.count === 0 ? 'none' : `${counted(tally.count)} (${money(tally)})`;
}

function counted(count: number): string {
  return count === 1 ? '1 charge' : `${count.toLocaleString('en')} charges`;
}

/** Amounts of two currencies are never summed. */
function money({ amounts }: ChargeTally): string {
  return amounts.map(({ amount, currency }) => `${grouped(amount)} ${currency}`).join(', ');
}
