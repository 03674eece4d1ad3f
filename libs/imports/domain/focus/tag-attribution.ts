import { foldIdentifier } from '#kernel';
import { printedCells } from '../copy-text.js';
import type { Attribution } from '../line-in-hand.js';
import { BoundedCache } from './bounded-cache.js';
import type { CellValues } from './cell-values.js';
import { isDateProblem, type ChargeInstantReader } from './charge-instant.js';
import type { AttributionField, TagMapping } from './focus-options.js';
import { MAX_TAG_BYTES, tooLong } from './text-limits.js';

/**
 * An attribution, and what is wrong with it as such: the same for every line with these tags. A class, because a million lines look at it, and looking at
 * objects of one shape takes a fraction of the time.
 */
export class FlaggedAttribution implements Attribution {
  readonly piEmail: string | null;
  readonly piEmailAsWritten: string | null;
  readonly projectId: string | null;
  readonly fundOrg: string | null;
  readonly costCenter: string | null;
  readonly accountCode: string | null;
  readonly reference1: string | null;
  readonly reference2: string | null;
  readonly endDate: string | null;
  readonly reconciliationEnd: string | null;
  /** The rule that made it of what the tags say, as it was then: `R3.2`; null where the tags alone say it. */
  readonly rule: string | null;
  /** What the tags say. */
  readonly byTags: Attribution;
  /** Its cells as a line has them, from pi_email to attribution_by_tags. */
  readonly printed: Buffer;

  /** @param ruled what a rule made of other tags; null where it is what they say */
  constructor(
    attribution: Attribution,
    readonly flags: readonly string[],
    ruled: { readonly rule: string; readonly byTags: Attribution } | null = null,
  ) {
    this.piEmail = attribution.piEmail;
    this.piEmailAsWritten = attribution.piEmailAsWritten;
    this.projectId = attribution.projectId;
    this.fundOrg = attribution.fundOrg;
    this.costCenter = attribution.costCenter;
    this.accountCode = attribution.accountCode;
    this.reference1 = attribution.reference1;
    this.reference2 = attribution.reference2;
    this.endDate = attribution.endDate;
    this.reconciliationEnd = attribution.reconciliationEnd;
    this.rule = ruled?.rule ?? null;
    this.byTags = ruled?.byTags ?? this;
    this.printed = printedCells([
      this.piEmail,
      this.piEmailAsWritten,
      this.projectId,
      this.fundOrg,
      this.costCenter,
      this.accountCode,
      this.reference1,
      this.reference2,
      this.endDate,
      this.reconciliationEnd,
      this.rule,
      ruled === null ? null : payerInJson(ruled.byTags),
    ]);
  }
}

/** Who pays, as the column attribution_by_tags keeps it. */
function payerInJson({ piEmail, piEmailAsWritten, projectId, fundOrg, costCenter, accountCode }: Attribution): string {
  return JSON.stringify([piEmail, piEmailAsWritten, projectId, fundOrg, costCenter, accountCode]);
}

export interface AttributionProblem {
  readonly column: 'Tags' | 'AllocatedTags';
  readonly value: string;
  readonly reason: string;
}

/** NUL is in no file that is read, so it separates the two texts of a cache key for certain. */
const SEPARATOR = '\0';
/** Attributions kept at hand; a group's tags differ by resource at most, and one takes about a kilobyte. */
const DISTINCT_TAGS = 16_384;
const UNSTORABLE = /[\0\p{Cs}]/u;

/** Reads tags into attributions; distinct tags are few, so the work is done once for each. */
export class TagAttribution {
  private readonly known: BoundedCache<FlaggedAttribution | AttributionProblem>;

  constructor(
    private readonly mapping: TagMapping,
    private readonly dates: ChargeInstantReader,
    private readonly flagsOf: (attribution: Attribution) => readonly string[],
    cacheSize = DISTINCT_TAGS,
  ) {
    this.known = new BoundedCache((key) => this.attribute(key), cacheSize);
  }

  /**
   * @param tagsIndex, allocatedTagsIndex of the columns; AllocatedTags win over Tags, tag by tag (domain.md §2).
   */
  of(values: CellValues, tagsIndex: number, allocatedTagsIndex: number): FlaggedAttribution | AttributionProblem {
    if (!values.has(allocatedTagsIndex)) {
      return values.has(tagsIndex) ? this.known.get(values.bytes, values.start(tagsIndex), values.end(tagsIndex)) : this.known.getByKey('');
    }
    const [tags, allocated] = [tagsIndex, allocatedTagsIndex].map((index) =>
      values.has(index) ? values.bytes.toString('latin1', values.start(index), values.end(index)) : '',
    );
    return this.known.getByKey(`${tags ?? ''}${SEPARATOR}${allocated ?? ''}`);
  }

  private attribute(key: string): FlaggedAttribution | AttributionProblem {
    const [tagsText = '', allocatedText = ''] = key.split(SEPARATOR);
    const tags = parseTags(tagsText);
    if (tags === undefined) return notAnObject('Tags', tagsText);
    const allocated = parseTags(allocatedText);
    if (allocated === undefined) return notAnObject('AllocatedTags', allocatedText);
    const layers = [
      { column: 'AllocatedTags', tags: allocated },
      { column: 'Tags', tags },
    ] as const;

    const problems: AttributionProblem[] = [];
    const find = (field: AttributionField): string | null => {
      for (const name of this.mapping[field]) {
        for (const layer of layers) {
          const value = lookUp(layer.tags, name);
          if (value === null) continue;
          if (UNSTORABLE.test(value)) {
            problems.push({
              column: layer.column,
              // As JSON escapes it: the report can't hold it either.
              value: JSON.stringify(value),
              reason: `the tag ${name} holds a NUL or half a character; no text can hold that`,
            });
          }
          const length = tooLong(value, MAX_TAG_BYTES[field]);
          if (length !== undefined) problems.push({ column: layer.column, value, reason: `the tag ${name} ${length}` });
          return value;
        }
      }
      return null;
    };
    const findDay = (field: 'end_date' | 'reconciliation_end'): string | null => {
      const text = find(field);
      if (text === null) return null;
      const read = this.dates.read(text);
      if (!isDateProblem(read)) return read.dayAsWritten;
      problems.push({ column: 'Tags', value: text, reason: `the tag for ${field} ${read.reason}` });
      return null;
    };

    const piEmailAsWritten = find('pi_email');
    const attribution: Attribution = {
      piEmail: piEmailAsWritten === null ? null : foldIdentifier(piEmailAsWritten),
      piEmailAsWritten,
      projectId: find('project_id'),
      fundOrg: find('fund_org'),
      costCenter: find('cost_center'),
      accountCode: find('account_code'),
      reference1: find('reference_1'),
      reference2: find('reference_2'),
      endDate: findDay('end_date'),
      reconciliationEnd: findDay('reconciliation_end'),
    };
    return problems[0] ?? new FlaggedAttribution(attribution, this.flagsOf(attribution));
  }

  /** Attributions held in memory. */
  get cacheSize(): number {
    return this.known.size;
  }
}

function notAnObject(column: 'Tags' | 'AllocatedTags', value: string): AttributionProblem {
  return { column, value, reason: 'is not a JSON object such as {"pi_email": "a@x.edu"}' };
}

/**
 * Tag name as written → value as text, in the file's order; undefined if the cell holds no tags. A JSON object; and, as providers write them, one
 * without braces (Microsoft), a list of `{"key", "value"}` (Google), or any of these once more as a JSON string.
 */
function parseTags(text: string): ReadonlyMap<string, string> | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return new Map();
  if (!trimmed.startsWith('"')) return tagsOf(trimmed);
  const inner = parseJson(trimmed);
  return tagsOf(typeof inner === 'string' ? inner.trim() || '{}' : `{${trimmed}}`);
}

function tagsOf(json: string): ReadonlyMap<string, string> | undefined {
  const parsed = entriesOf(parseJson(json));
  if (parsed === undefined) return undefined;
  const hasNumber = parsed.some(([, value]) => typeof value === 'number');
  // A number goes through a binary float and loses digits (a 64-bit project id, 1.0): take numbers as the text they are written in.
  const entries = hasNumber ? (entriesOf(parseJson(quoteNumbers(json))) ?? parsed) : parsed;
  const tags = new Map<string, string>();
  for (const [name, value] of entries) {
    if (typeof value === 'string') tags.set(name, value);
    else if (typeof value === 'number' || typeof value === 'boolean') tags.set(name, String(value));
  }
  return tags;
}

function entriesOf(parsed: unknown): readonly (readonly [name: string, value: unknown])[] | undefined {
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  if (!Array.isArray(parsed)) return Object.entries(parsed);
  const entries: (readonly [string, unknown])[] = [];
  for (const item of parsed as readonly unknown[]) {
    const pair = new Map(
      Object.entries(typeof item === 'object' && item !== null ? item : {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const key: unknown = pair.get('key');
    if (typeof key !== 'string') return undefined;
    entries.push([key, pair.get('value')]);
  }
  return entries;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/** Puts every number of a valid JSON text into quotes. */
function quoteNumbers(json: string): string {
  const parts: string[] = [];
  let begin = 0;
  let i = 0;
  while (i < json.length) {
    const character = json.charAt(i);
    if (character === '"') {
      i = endOfString(json, i);
    } else if (isNumberStart(character)) {
      let end = i + 1;
      while (end < json.length && /[0-9.eE+-]/.test(json.charAt(end))) end += 1;
      parts.push(json.slice(begin, i), '"', json.slice(i, end), '"');
      begin = i = end;
    } else {
      i += 1;
    }
  }
  parts.push(json.slice(begin));
  return parts.join('');
}

function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (i < json.length && json.charAt(i) !== '"') i += json.charAt(i) === '\\' ? 2 : 1;
  return i + 1;
}

function isNumberStart(character: string): boolean {
  return character === '-' || (character >= '0' && character <= '9');
}

/** The value of a tag: by its exact name, else by its name without case and surrounding space; null if absent or empty. */
function lookUp(tags: ReadonlyMap<string, string>, name: string): string | null {
  const exact = clean(tags.get(name));
  if (exact !== null) return exact;
  const folded = name.trim().toLowerCase();
  for (const [written, value] of tags) {
    if (written.trim().toLowerCase() !== folded) continue;
    const cleaned = clean(value);
    if (cleaned !== null) return cleaned;
  }
  return null;
}

function clean(value: string | undefined): string | null {
  if (value === undefined) return null;
  const trimmed = value.trim().normalize('NFC');
  return trimmed === '' ? null : trimmed;
}
