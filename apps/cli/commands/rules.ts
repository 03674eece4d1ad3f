import {
  type AttributionRule,
  AttributionRuleQueries,
  AttributionRules,
  type PayerOfCharge,
  type RuleEffect,
  RuleEffects,
  type RuleInput,
  ruleReference,
  type RuleVersion,
  type SavedRule,
} from '#attribution-rules';
import { billingPeriod, DomainError } from '#kernel';
import type { PartInput } from '#splits';
import { instant } from '../output/instant.js';
import { divisionWords } from '../output/division-words.js';
import { grouped, printable, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import type { RuleOrVersion } from '../verbs/rule-verbs.js';

export interface RuleOptions {
  readonly name?: string;
  readonly source?: string;
  readonly subAccount?: string;
  readonly service?: string;
  readonly resourceId?: string;
  readonly resourceName?: string;
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly pi?: string;
  readonly project?: string;
  readonly fundOrg?: string;
  readonly costCenter?: string;
  readonly account?: string;
  readonly part?: readonly PartInput[];
  /** False: `--no-parts`. */
  readonly parts?: boolean;
  readonly remark?: string;
  readonly place?: number;
}

interface ScopeOptions {
  readonly period?: string;
  readonly withReattributed?: boolean;
}

export interface ApplyRuleOptions extends ScopeOptions {
  readonly note?: string;
  readonly dryRun?: boolean;
}

const NO_RULES = 'There are no attribution rules: the tags of a charge say who pays. Add one with `rules add`.';

export async function listRules(session: Session): Promise<CommandResult> {
  const program = await session.program();
  const rules = await program.get(AttributionRuleQueries).list();
  if (rules.length === 0) return { data: { rules }, text: NO_RULES };
  const titles = ['PLACE', 'RULE', 'NAME', 'MATCHES', 'SETS', 'FROM', 'TO', ''].map((title) => ({ title }));
  const rows = rules.map((rule) => [
    ...[String(rule.place), ruleReference(rule), rule.name, matchWords(rule), setWords(rule), rule.validFrom ?? '–', rule.validTo ?? '–'],
    rule.enabled ? '' : 'disabled',
  ]);
  return { data: { rules }, text: table(titles, rows) };
}

export async function showRule(session: Session, { ruleId, version }: RuleOrVersion): Promise<CommandResult> {
  const program = await session.program();
  const queries = program.get(AttributionRuleQueries);
  const rule = await queries.get(ruleId);
  const versions = await queries.versions(ruleId);
  const shown = versions.find((each) => each.version === (version ?? rule.version));
  if (shown === undefined) {
    throw new DomainError(
      'attribution-rule.unknown',
      'not-found',
      `Rule ${ruleId} has no version ${String(version)}; its versions go from 1 to ${rule.version}.`,
    );
  }
  const facts = [
    ['name', shown.name],
    ['place', String(shown.place)],
    ['matches', matchWords(shown)],
    ['sets', setWords(shown)],
    ['charges from', shown.validFrom ?? '–'],
    ['charges to', shown.validTo ?? '–'],
    ['remark', shown.note || '–'],
    ['state', shown.enabled ? 'enabled' : 'disabled'],
  ];
  const titles = ['VERSION', 'AT', '', 'BY', 'REASON'].map((title) => ({ title }));
  const text = [
    table([{ title: ruleReference(shown) }, { title: shown.version === rule.version ? '' : `now ${ruleReference(rule)}` }], facts),
    table(titles, versions.map(versionCells)),
  ].join('\n\n');
  return { data: { rule: shown, versions }, text };
}

export async function addRule(session: Session, options: RuleOptions): Promise<CommandResult> {
  const program = await session.program();
  const { rule } = await program.get(AttributionRules).add(inputOf(options), options.place, program.metadata);
  await program.settle();
  return {
    data: { rule },
    text: `Rule ${rule.ruleId} (“${rule.name}”) stands at place ${rule.place}: ${matchWords(rule)} → ${setWords(rule)}. It counts from the next import on; \`rules apply ${rule.ruleId}\` applies it to charges that are there.`,
  };
}

export async function editRule(session: Session, ruleId: number, options: RuleOptions): Promise<CommandResult> {
  const program = await session.program();
  const saved = await program.get(AttributionRules).change(ruleId, inputOf(options), program.metadata);
  await program.settle();
  const { rule, appended } = saved;
  return told(
    saved,
    appended === null
      ? `Rule ${ruleId} is so already.`
      : `Rule ${ruleId} is now ${ruleReference(rule)}: ${matchWords(rule)} → ${setWords(rule)}.`,
  );
}

export async function moveRule(session: Session, ruleId: number, place: number): Promise<CommandResult> {
  const program = await session.program();
  const saved = await program.get(AttributionRules).move(ruleId, place, program.metadata);
  await program.settle();
  return told(saved, `Rule ${ruleId} (“${saved.rule.name}”) stands at place ${saved.rule.place}.`);
}

export async function disableRule(session: Session, ruleId: number, { reason }: { readonly reason?: string }): Promise<CommandResult> {
  const program = await session.program();
  const saved = await program.get(AttributionRules).disable(ruleId, reason ?? null, program.metadata);
  await program.settle();
  return told(saved, `Rule ${ruleId} (“${saved.rule.name}”) is disabled.`);
}

export async function enableRule(session: Session, ruleId: number): Promise<CommandResult> {
  const program = await session.program();
  const saved = await program.get(AttributionRules).enable(ruleId, program.metadata);
  await program.settle();
  return told(saved, `Rule ${ruleId} (“${saved.rule.name}”) is enabled.`);
}

export async function testRule(session: Session, ruleId: number | null, options: RuleOptions & ScopeOptions): Promise<CommandResult> {
  const program = await session.program();
  // Trying out takes no name.
  const named = ruleId === null && options.name === undefined ? { ...options, name: 'a new rule' } : options;
  const effect = await program.get(RuleEffects).preview({ ruleId, input: inputOf(named), place: options.place }, scopeOf(options));
  return { data: { effect }, text: effectText(effect) };
}

export async function applyRule(session: Session, ruleId: number, options: ApplyRuleOptions): Promise<CommandResult> {
  const program = await session.program();
  const effects = program.get(RuleEffects);
  if (options.dryRun === true) {
    const effect = await effects.preview({ ruleId, input: {} }, scopeOf(options));
    return { data: { effect, dryRun: true }, text: effectText(effect) };
  }
  const applied = await effects.apply(ruleId, { ...scopeOf(options), note: options.note ?? null }, program.metadata);
  await program.settle();
  const { rule, count, amounts, periods } = applied;
  const where = periods.map((each) => `${each.period} ${each.count}`).join(', ');
  const text =
    count === 0
      ? `Rule ${ruleReference(rule)} (“${rule.name}”) attributes every charge as it is; nothing was changed.`
      : `Rule ${ruleReference(rule)} (“${rule.name}”) ${rule.parts.length === 0 ? 'reattributed' : 'divided'} ${charges(count)}: ${money(amounts)} (${where}).`;
  return { data: { count, amounts, periods }, text };
}

function told({ rule, appended }: SavedRule, text: string): CommandResult {
  return { data: { rule, changed: appended !== null }, text };
}

function inputOf(options: RuleOptions): RuleInput {
  const { name, source, subAccount, service, resourceId, resourceName, validFrom, validTo, remark } = options;
  const set = {
    ...{ piEmail: options.pi, projectId: options.project, fundOrg: options.fundOrg, costCenter: options.costCenter },
    accountCode: options.account,
  };
  return {
    name,
    match: { source, subAccount, service, resourceId, resourceName },
    validFrom,
    validTo,
    set,
    parts: partsOf(options),
    note: remark,
  };
}

function partsOf({ part, parts }: RuleOptions): RuleInput['parts'] {
  if (parts !== false) return part;
  if (part !== undefined) throw new UsageError('Say either --part or --no-parts.');
  return [];
}

function scopeOf({ period, withReattributed }: ScopeOptions): Parameters<RuleEffects['preview']>[1] {
  return { period: period === undefined ? undefined : billingPeriod(period), withReattributed };
}

function effectText(effect: RuleEffect): string {
  const { periods, matchedCount, count, amounts, reattributedCount, moves, moveCount, samples } = effect;
  if (periods.length === 0) return 'No period is open, so there are no charges to try the rule on.';
  const parts = [
    `In ${periods.join(', ')}: ${charges(matchedCount)} ${matchedCount === 1 ? 'matches' : 'match'}; ${
      count === 0 ? 'none would change.' : `${charges(count)} would change: ${money(amounts)}.`
    }`,
  ];
  if (reattributedCount > 0) {
    parts.push(`${charges(reattributedCount)} would change too, but a decision set who pays; --with-reattributed includes them.`);
  }
  if (count === 0) return parts.join('\n');
  const moveColumns = [{ title: 'PI NOW' }, { title: 'PI THEN' }, { title: 'CHARGES', align: 'right' as const }];
  parts.push(
    table(
      [...moveColumns, { title: 'AMOUNT', align: 'point' }, { title: '' }],
      moves.map(({ piBefore, piAfter, count: moved, amount, currency }) => [
        ...[piBefore || '(no PI)', piAfter || '(no PI)', String(moved), amount, currency],
      ]),
    ),
    ...(moveCount > moves.length ? [`and ${moveCount - moves.length} more`] : []),
    table(
      [
        ...['CHARGE', 'DAY', 'SERVICE', 'RESOURCE'].map((title) => ({ title })),
        { title: 'AMOUNT', align: 'point' },
        { title: '' },
        { title: 'NOW → THEN' },
      ],
      samples.map(({ charge, after, parts: divided }) => [
        ...[charge.id, charge.day, charge.service, charge.resourceName ?? charge.resourceId ?? '–', charge.amount, charge.currency],
        divided.length === 0 ? changeWords(charge.payer, after) : divided.map(dividedWords).join('; '),
      ]),
    ),
    ...(count > samples.length ? [`and ${count - samples.length} more`] : []),
  );
  return parts.join('\n');
}

function dividedWords({ amount, payer }: RuleEffect['samples'][number]['parts'][number]): string {
  return [grouped(amount), payer.piEmail || '–', payer.projectId || '–', payer.fundOrg || '–'].join(' ');
}

function changeWords(before: PayerOfCharge, after: PayerOfCharge): string {
  const changed = (Object.keys(SET_WORDS) as (keyof PayerOfCharge)[]).filter((field) => before[field] !== after[field]);
  return changed.map((field) => `${SET_WORDS[field]} ${before[field] || '–'} → ${after[field] || '–'}`).join('; ');
}

const MATCH_WORDS: Readonly<Record<keyof AttributionRule['match'], string>> = {
  source: 'source',
  subAccount: 'sub-account',
  service: 'service',
  resourceId: 'resource id',
  resourceName: 'resource name',
};
const SET_WORDS: Readonly<Record<keyof AttributionRule['set'], string>> = {
  piEmail: 'PI',
  projectId: 'project',
  fundOrg: 'fund/org',
  costCenter: 'cost centre',
  accountCode: 'account',
};

function matchWords({ match }: AttributionRule): string {
  return words(MATCH_WORDS, match);
}

function setWords({ set, parts }: AttributionRule): string {
  const said = words(SET_WORDS, set);
  if (parts.length === 0) return said;
  return `divides: ${divisionWords(parts)}${said === '' ? '' : `; else ${said}`}`;
}

function words<Field extends string>(names: Readonly<Record<Field, string>>, texts: Readonly<Record<Field, string | null>>): string {
  const fields = Object.keys(names) as Field[];
  return printable(fields.flatMap((field) => (texts[field] === null ? [] : [`${names[field]} ${texts[field]}`])).join(', '));
}

function versionCells(version: RuleVersion): string[] {
  return [ruleReference(version), instant(version.changedAt), version.action, version.changedBy, version.reason ?? ''];
}

function charges(count: number): string {
  return `${grouped(String(count))} ${count === 1 ? 'charge' : 'charges'}`;
}

function money(amounts: RuleEffect['amounts']): string {
  return amounts.map(({ amount, currency }) => `${grouped(amount)} ${currency}`).join(' and ');
}
