import {
  type Currency,
  DomainError,
  LinearPattern,
  type SourceText,
  currency,
  foldIdentifier,
  foldPattern,
  sourceTextProblem,
} from '#kernel';
import { type AppConfig, type JournalConfig, type KnownSourceConfig, TAG_MAPPING_FIELDS, type TagMappingConfig } from './app-config.js';
import type { PlacedText, YamlSection } from './yaml-section.js';

/** The older program wrote the sign that it printed. */
const CURRENCY_SIGNS: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY' };

const DEFAULT_DESCRIPTION = '{source} {period} Research Computing Charges';
/** Splits `CHEM-4410` into the orgn CHEM and the fund 4410. */
export const DEFAULT_FUND_ORG_REGEX = '^(?P<orgn>[^-]+)-(?P<fund>.+)$';
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
  const patterns = (key: string): readonly string[] | null => (section.has(key) ? readPatterns(section.texts(key)) : null);
  return { flagPatterns: patterns('flag_patterns'), fundOrgPatterns: patterns('fund_org_patterns') };
}

export function readImports(section: YamlSection): AppConfig['imports'] {
  const sources = section.sections('known_sources').map(readKnownSource);
  reportDuplicates(section, sources);
  return {
    knownSources: section.has('known_sources') ? sources : ['AWS', 'Azure', 'GCP', 'HPC', 'Storage'].map(undescribedSource),
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

const SOURCE_TEXT_KEYS = {
  displayName: 'display_name',
  pattern: 'pattern',
  fundOrg: 'fund_org',
  accountCode: 'account_code',
  dateFormat: 'date_format',
  lineIdColumn: 'line_id_column',
} as const satisfies Record<SourceText, string>;

function readKnownSource(section: YamlSection): KnownSourceConfig {
  const name = section.text('name')?.trim() ?? '';
  if (name === '') section.report('name', 'A source needs a name.');
  return {
    ...undescribedSource(name),
    ...Object.fromEntries(
      Object.entries(SOURCE_TEXT_KEYS).map(([setting, key]) => [setting, readSourceText(section, setting as SourceText, key)]),
    ),
    deliveryMode: section.choice('delivery_mode', ['merge', 'replace', 'append']),
    costBasis: section.choice('cost_basis', ['billed', 'effective']),
    inclusivePeriodEnds: section.flag('inclusive_period_ends'),
    enabled: section.flag('enabled'),
  };
}

/** A setting that is written but wrong is reported, and read as not written. */
function readSourceText(section: YamlSection, setting: SourceText, key: string): string | undefined {
  const text = section.text(key);
  if (text === undefined) return undefined;
  // An older file may hold the key without a value; it loads as if the key weren't there (domain.md §11).
  if ((setting === 'displayName' || setting === 'pattern') && text.trim() === '') return undefined;
  const problem = sourceTextProblem(setting, text);
  if (problem !== undefined) section.report(key, problem);
  return problem === undefined ? text : undefined;
}

/** A source of which only the name is known: it is registered, and no setting of it is touched. */
function undescribedSource(name: string): KnownSourceConfig {
  return {
    name,
    displayName: undefined,
    pattern: undefined,
    fundOrg: undefined,
    accountCode: undefined,
    deliveryMode: undefined,
    costBasis: undefined,
    dateFormat: undefined,
    lineIdColumn: undefined,
    inclusivePeriodEnds: undefined,
    enabled: undefined,
  };
}

/** `aws` and `AWS` are one source (domain.md §12), and one pattern can't tell two sources apart. */
function reportDuplicates(section: YamlSection, sources: readonly KnownSourceConfig[]): void {
  const names = new Set<string>();
  const patterns = new Map<string, string>();
  for (const { name, pattern, enabled } of sources) {
    const folded = foldIdentifier(name);
    if (folded !== '' && names.has(folded)) {
      section.report('known_sources', `The source “${name}” is listed twice (upper and lower case are one).`);
    } else if (folded !== '' && enabled !== false) {
      const key = foldPattern(pattern ?? name);
      const twin = patterns.get(key);
      if (twin !== undefined) {
        const what = `“${pattern ?? name}” is the pattern of both “${twin}” and “${name}”, so a file name could not tell which of them it is of. Give one of them another.`;
        section.report('known_sources', what);
      }
      patterns.set(key, name);
    }
    names.add(folded);
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
