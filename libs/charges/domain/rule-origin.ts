import type { FieldChange, RuleOrigin } from './charge-story.js';
import type { StoredLine } from './line-as-imported.js';
import type { Attribution } from './review.events.js';

/** Who pays, as the tags of a line say it; null where they say nothing. */
export interface PayerByTags {
  readonly piEmail: string | null;
  readonly piEmailAsWritten: string | null;
  readonly projectId: string | null;
  readonly fundOrg: string | null;
  readonly costCenter: string | null;
  readonly accountCode: string | null;
}

/** What the tags said, also where a rule said something else. */
export function payerByTags(line: StoredLine): PayerByTags {
  if (line.attributionByTags === null) return line;
  const [piEmail = null, piEmailAsWritten = null, projectId = null, fundOrg = null, costCenter = null, accountCode = null] = JSON.parse(
    line.attributionByTags,
  ) as (string | null)[];
  return { piEmail, piEmailAsWritten, projectId, fundOrg, costCenter, accountCode };
}

const FIELDS = ['piEmail', 'projectId', 'fundOrg', 'costCenter', 'accountCode'] as const satisfies readonly (keyof Attribution)[];

/** The rule that attributed a line, and what it made of its tags; null where the tags alone did. @param payer of its charge now */
export function ruleOriginOf(line: StoredLine, payer: Attribution): RuleOrigin | null {
  if (line.attributionRule === null) return null;
  const tags = payerByTags(line);
  const changes = FIELDS.flatMap((field): FieldChange[] => {
    const [before, after] = [tags[field] ?? '', line[field] ?? ''];
    return before === after ? [] : [{ field, before, after }];
  });
  return { rule: line.attributionRule, changes, isInForce: FIELDS.every((field) => payer[field] === (line[field] ?? '')) };
}
