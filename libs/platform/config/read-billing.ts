import { type Currency, DomainError, LinearPattern, currency, foldIdentifier } from '#kernel';
import { type AppConfig, type JournalConfig, type KnownSourceConfig, TAG_MAPPING_FIELDS, type TagMappingConfig } from './app-config.js';
import type { PlacedText, YamlSection } from './yaml-section.js';

/** The older program wrote the sign that it printed. */
const CURRENCY_SIGNS: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY' };

const DEFAULT_DESCRIPTION = '{source} {period} Research Computing Charges';
const DEFAULT_FUND_ORG_REGEX = '^(?P<orgn>[^-]+)-(?P<fund>.+)$';
const DEFAULT_MAX_UNPACKED_BYTES = 2 * 1024 ** 3;

export function readCurrency(section: YamlSection): Currency {
  const text = section.text('currency') ?? 'USD';
  try {
    return currency(CURRENCY_SIGNS[text.trim()] ?? text);
  } catch (error) {
    section.report('currency', detailOf(error));
    return currency('USD');
  }
}

export function readTagMapping(section: YamlSection): TagMappingConfig {
  const entries = TAG_MAPPING_FIELDS.map((field) => {
    const tag = section.text(field);
    if (tag !== undefined) return [field, tag.trim() === '' ? [] : [tag]] as const;
    // The older program's example maps `project_id`, its code looked for `project` (domain.md §12).
    return [field, field === 'project_id' ? ['project_id', 'project'] : [field]] as const;
  });
  return Object.fromEntries(entries) as unknown as TagMappingConfig;
}

export function readReview(section: YamlSection): AppConfig['review'] {
  return { flagPatterns: readPatterns(section.texts('flag_patterns')), fundOrgPatterns: readPatterns(section.texts('fund_org_patterns')) };
}

export function readImports(section: YamlSection): AppConfig['imports'] {
  const sources = section.sections('known_sources').map(readKnownSource);
  reportDuplicates(section, sources);
  return {
    knownSources: section.has('known_sources') ? sources : ['AWS', 'Azure', 'GCP', 'HPC', 'Storage'].map(defaultSource),
    maxUnpackedBytes: section.whole('max_unpacked_bytes', 1, Number.MAX_SAFE_INTEGER) ?? DEFAULT_MAX_UNPACKED_BYTES,
  };
}

export function readJournal(section: YamlSection): JournalConfig {
  return {
    fundOrgRegex: readExpression(section, 'fund_org_regex') || DEFAULT_FUND_ORG_REGEX,
    accountCodeRegex: readExpression(section, 'account_code_regex'),
    template: section.text('template') || 'journal_gl.csv',
    defaultAccount: section.text('default_account') ?? '',
    debitDescription: section.text('debit_description') ?? DEFAULT_DESCRIPTION,
    creditDescription: section.text('credit_description') ?? DEFAULT_DESCRIPTION,
  };
}

function readKnownSource(section: YamlSection): KnownSourceConfig {
  const name = section.text('name')?.trim() ?? '';
  if (name === '') section.report('name', 'A source needs a name.');
  return {
    name,
    displayName: section.text('display_name') || name,
    pattern: section.text('pattern') ?? '',
    fundOrg: section.text('fund_org') ?? '',
    accountCode: section.text('account_code') ?? '',
    deliveryMode: section.choice('delivery_mode', ['merge', 'replace', 'append']) ?? 'merge',
    costBasis: section.choice('cost_basis', ['billed', 'effective']) ?? 'billed',
    dateFormat: section.text('date_format') || undefined,
    lineIdColumn: section.text('line_id_column') || undefined,
  };
}

function defaultSource(name: string): KnownSourceConfig {
  return {
    name,
    displayName: name,
    pattern: name.toLowerCase(),
    fundOrg: '',
    accountCode: '',
    deliveryMode: 'merge',
    costBasis: 'billed',
    dateFormat: undefined,
    lineIdColumn: undefined,
  };
}

/** `aws` and `AWS` are one source (domain.md §12). */
function reportDuplicates(section: YamlSection, sources: readonly KnownSourceConfig[]): void {
  const seen = new Set<string>();
  for (const { name } of sources) {
    const folded = foldIdentifier(name);
    if (folded !== '' && seen.has(folded)) {
      section.report('known_sources', `The source “${name}” is listed twice (upper and lower case are one).`);
    }
    seen.add(folded);
  }
}

function readPatterns(texts: readonly PlacedText[]): readonly string[] {
  return texts.map((text) => {
    reportUnlessPattern(text.value, (what) => text.report(what));
    return text.value;
  });
}

function readExpression(section: YamlSection, key: string): string {
  const text = section.text(key) ?? '';
  reportUnlessPattern(text, (what) => section.report(key, what));
  return text;
}

function reportUnlessPattern(pattern: string, report: (what: string) => void): void {
  try {
    LinearPattern.compile(pattern);
  } catch (error) {
    report(detailOf(error));
  }
}

function detailOf(error: unknown): string {
  if (error instanceof DomainError) return error.detail;
  throw error;
}
