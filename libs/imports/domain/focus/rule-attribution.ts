import type { AttributionRule, RuleField, RuleSet, RulesOfSource } from '#attribution-rules';
import type { Attribution } from '../line-in-hand.js';
import { BoundedCache } from './bounded-cache.js';
import type { CellValues } from './cell-values.js';
import { FlaggedAttribution } from './tag-attribution.js';

/** Where a rule's fields lie in the file, -1 for those that it lacks; the service of a line may lie in one of two columns. */
export type RuleColumns = Readonly<Record<Exclude<RuleField, 'service'>, number>>;

/** What a rule looks at in one field. */
interface Lookup {
  readonly field: RuleField;
  readonly known: BoundedCache<RuleSet>;
  /** Of lines that have nothing there. */
  readonly none: RuleSet;
}

/** Applies attribution rules to lines, after their tags. What a text leaves of the rules is worked out once for each text, from its bytes. */
export class RuleAttribution {
  private readonly lookups: readonly Lookup[];
  private readonly sets: RuleSet[] = [];
  /** By what the tags say; as long as that is at hand. */
  private readonly made = new WeakMap<FlaggedAttribution, Map<AttributionRule, FlaggedAttribution>>();

  /** @param serviceless the service of a line that names none */
  constructor(
    private readonly rules: RulesOfSource,
    private readonly columns: RuleColumns,
    private readonly flagsOf: (attribution: Attribution) => readonly string[],
    serviceless: string,
  ) {
    this.lookups = rules.fields.map((field) => ({
      field,
      known: new BoundedCache((text) => rules.possible(field, text)),
      none: rules.possible(field, field === 'service' ? serviceless : null),
    }));
  }

  /**
   * @param tagged what the tags say
   * @param service the column that names the line's service, -1 for none
   * @param day of the charge, `YYYY-MM-DD`
   * @returns what the first rule that matches makes of it, or `tagged` itself
   */
  of(tagged: FlaggedAttribution, values: CellValues, service: number, day: string): FlaggedAttribution {
    const { lookups, sets, columns } = this;
    for (let i = 0; i < lookups.length; i++) {
      const lookup = lookups[i];
      if (lookup === undefined) continue;
      const index = lookup.field === 'service' ? service : columns[lookup.field];
      sets[i] = values.has(index) ? lookup.known.get(values.bytes, values.start(index), values.end(index)) : lookup.none;
    }
    const rule = this.rules.first(sets, day);
    return rule === null ? tagged : this.ruled(tagged, rule);
  }

  private ruled(tagged: FlaggedAttribution, rule: AttributionRule): FlaggedAttribution {
    let byRule = this.made.get(tagged);
    if (byRule === undefined) this.made.set(tagged, (byRule = new Map<AttributionRule, FlaggedAttribution>()));
    let ruled = byRule.get(rule);
    if (ruled === undefined) byRule.set(rule, (ruled = this.make(tagged, rule)));
    return ruled;
  }

  private make(tagged: FlaggedAttribution, rule: AttributionRule): FlaggedAttribution {
    const { set } = rule;
    const attribution: Attribution = {
      piEmail: set.piEmail ?? tagged.piEmail,
      piEmailAsWritten: set.piEmail ?? tagged.piEmailAsWritten,
      projectId: set.projectId ?? tagged.projectId,
      fundOrg: set.fundOrg ?? tagged.fundOrg,
      costCenter: set.costCenter ?? tagged.costCenter,
      accountCode: set.accountCode ?? tagged.accountCode,
      reference1: tagged.reference1,
      reference2: tagged.reference2,
      endDate: tagged.endDate,
      reconciliationEnd: tagged.reconciliationEnd,
    };
    return new FlaggedAttribution(attribution, this.flagsOf(attribution), { rule: this.rules.nameOf(rule), byTags: tagged });
  }
}
