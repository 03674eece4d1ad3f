import { partsOfRule } from './attribution-rule.js';
import type { AttributionRule, RuleMatch } from './attribution-rule.events.js';
import { ruleReference } from './rule-reference.js';
import type { Part } from '#splits';
import { foldText, hasWildcard, WildcardText } from './wildcard-text.js';

/** What a rule can look at within a file; the source is the file's. */
export type RuleField = Exclude<keyof RuleMatch, 'source'>;
const RULE_FIELDS: readonly RuleField[] = ['subAccount', 'service', 'resourceId', 'resourceName'];

const BITS = 32;

/** The rules in their order, as they stand at one moment. */
export class RuleBook {
  private readonly rules: readonly AttributionRule[];

  /** @param rules in their order; disabled ones are passed over */
  constructor(rules: readonly AttributionRule[]) {
    this.rules = rules.filter(({ enabled }) => enabled);
  }

  /** The rules that charges of a source can meet; null if there is none. */
  of(source: string): RulesOfSource | null {
    const folded = foldText(source);
    const candidates = this.rules.filter(({ match }) => match.source === null || matchesText(match.source, folded));
    return candidates.length === 0 ? null : new RulesOfSource(candidates);
  }
}

/** A set of rules, a bit for each in their order. */
export type RuleSet = Uint32Array;

/** The rules that charges of one source can meet. What each text of a charge leaves of them can be asked, and remembered, text by text. */
export class RulesOfSource {
  /** Fields that any of the rules looks at. */
  readonly fields: readonly RuleField[];
  private readonly indexes: ReadonlyMap<RuleField, FieldIndex>;

  /** @param rules enabled ones, in their order */
  constructor(readonly rules: readonly AttributionRule[]) {
    this.fields = RULE_FIELDS.filter((field) => rules.some(({ match }) => match[field] !== null));
    this.indexes = new Map(this.fields.map((field) => [field, new FieldIndex(rules.map(({ match }) => match[field]))]));
  }

  /** The rules that a text in a field leaves possible. @param text null: the charge has none, which only rules match that don't ask */
  possible(field: RuleField, text: string | null): RuleSet {
    const index = this.indexes.get(field);
    if (index === undefined) throw new Error(`no rule looks at ${field}`);
    return index.of(text);
  }

  /** The first rule that all of `sets` leave possible and that is valid on a day, `YYYY-MM-DD`. @param sets one for each of {@link fields} */
  first(sets: readonly RuleSet[], day: string): AttributionRule | null {
    const { rules } = this;
    for (let word = 0; word * BITS < rules.length; word++) {
      let bits = 0xffffffff;
      for (const set of sets) bits &= set[word] ?? 0;
      while (bits !== 0) {
        const lowest = BITS - 1 - Math.clz32(bits & -bits);
        const rule = rules[word * BITS + lowest];
        if (rule === undefined) break;
        if ((rule.validFrom === null || rule.validFrom <= day) && (rule.validTo === null || day <= rule.validTo)) return rule;
        bits &= bits - 1;
      }
    }
    return null;
  }

  /** Those that divide charges, as lines name them, with all that each says of who pays its parts. */
  dividing(): Map<string, readonly Part[]> {
    return new Map(this.rules.filter(({ parts }) => parts.length > 0).map((rule) => [ruleReference(rule), partsOfRule(rule)]));
  }

  /** How a charge names the rule that attributed it: `R3.2`. */
  nameOf(rule: AttributionRule): string {
    return ruleReference(rule);
  }

  /** The rule that attributes a charge; null if none does. */
  find(texts: Readonly<Record<RuleField, string | null>>, day: string): AttributionRule | null {
    return this.first(
      this.fields.map((field) => this.possible(field, texts[field])),
      day,
    );
  }
}

/** What rules ask of one field: exact texts are looked up, however many rules there are; patterns are tried one after the other. */
class FieldIndex {
  /** Of rules that don't ask. */
  private readonly unasked: RuleSet;
  private readonly exact = new Map<string, number[]>();
  private readonly patterns: { readonly position: number; readonly pattern: WildcardText }[] = [];

  constructor(asked: readonly (string | null)[]) {
    this.unasked = new Uint32Array(Math.ceil(asked.length / BITS));
    for (const [position, written] of asked.entries()) {
      if (written === null) {
        put(this.unasked, position);
        continue;
      }
      const folded = foldText(written);
      if (hasWildcard(folded)) this.patterns.push({ position, pattern: new WildcardText(folded) });
      else this.exact.set(folded, [...(this.exact.get(folded) ?? []), position]);
    }
  }

  of(text: string | null): RuleSet {
    if (text === null || text === '') return this.unasked;
    const folded = foldText(text);
    const found = this.patterns.flatMap(({ position, pattern }) => (pattern.matches(folded) ? [position] : []));
    found.push(...(this.exact.get(folded) ?? []));
    if (found.length === 0) return this.unasked;
    const set = this.unasked.slice();
    for (const position of found) put(set, position);
    return set;
  }
}

function put(set: RuleSet, position: number): void {
  const word = Math.floor(position / BITS);
  set[word] = (set[word] ?? 0) | (1 << (position % BITS));
}

function matchesText(pattern: string, folded: string): boolean {
  const asked = foldText(pattern);
  return hasWildcard(asked) ? new WildcardText(asked).matches(folded) : asked === folded;
}
