import { parse } from 'yaml';

/** What the oracle needs of `config.yaml`. */
export interface SampleSettings {
  readonly currency: string;
  readonly flagPatterns: readonly string[];
  readonly fundOrgPatterns: readonly string[];
  readonly sources: ReadonlyMap<string, { readonly fundOrg: string; readonly accountCode: string }>;
  readonly defaultAccount: string;
}

/** One step of `review.yaml`; a filter that is undefined matches everything. */
export interface ReviewDecision {
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  readonly source: string | undefined;
  readonly pi: string | undefined;
  readonly project: string | undefined;
  readonly note: string;
}

function field(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined;
}

function text(node: unknown, name: string): string {
  const value = field(node, name);
  if (typeof value !== 'string') throw new Error(`“${name}” has to be a text.`);
  return value;
}

function optionalText(node: unknown, name: string): string | undefined {
  return field(node, name) === undefined ? undefined : text(node, name);
}

function list(node: unknown, name: string): readonly unknown[] {
  const value = field(node, name);
  if (!Array.isArray(value)) throw new Error(`“${name}” has to be a list.`);
  return value;
}

export function readSettings(yaml: string): SampleSettings {
  const config: unknown = parse(yaml);
  const review = field(config, 'review');
  return {
    currency: text(config, 'currency'),
    flagPatterns: list(review, 'flag_patterns').map(String),
    fundOrgPatterns: list(review, 'fund_org_patterns').map(String),
    sources: new Map(
      list(field(config, 'imports'), 'known_sources').map((source) => [
        text(source, 'name'),
        { fundOrg: text(source, 'fund_org'), accountCode: text(source, 'account_code') },
      ]),
    ),
    defaultAccount: text(field(config, 'journal'), 'default_account'),
  };
}

export function readDecisions(yaml: string, period: string): readonly ReviewDecision[] {
  return list(parse(yaml), period).map((step) => {
    const decision = text(step, 'decision');
    if (decision !== 'approve' && decision !== 'reject') throw new Error(`A decision is approve or reject, not “${decision}”.`);
    return {
      decision,
      reason: text(step, 'reason'),
      source: optionalText(step, 'source'),
      pi: optionalText(step, 'pi'),
      project: optionalText(step, 'project'),
      note: text(step, 'note'),
    };
  });
}
