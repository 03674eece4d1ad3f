import { Injectable } from '@nestjs/common';
import type { BillingPeriod } from '#kernel';
import { Database } from '#platform';
import type { AttributionRule } from '../domain/attribution-rule.events.js';
import type { ChargeUnderRule, PayerOfCharge } from '../domain/rule-effect.js';

/** Rows that are held at once. */
const FETCHED_ROWS = 5000;

type Row = Omit<ChargeUnderRule, 'payer'> & PayerOfCharge;

/** Reads the charges that a rule may match, page by page and as of one moment. */
@Injectable()
export class ChargesUnderRules {
  constructor(private readonly database: Database) {}

  /**
   * Charges that can be reattributed, all that the rule matches and some more: what it says exactly is held against them later. An adjustment is no
   * imported charge: it is paid by whom it was booked for; a part of a charge by whom that was divided for.
   */
  of(periods: readonly BillingPeriod[], rule: AttributionRule): AsyncGenerator<ChargeUnderRule> {
    const parameters: unknown[] = [periods];
    const conditions = conditionsOf(rule, (value) => {
      parameters.push(value);
      return `$${parameters.length}`;
    });
    return this.database.streamSnapshot(async function* (session) {
      await session.query(
        `declare under_rule no scroll cursor for
         select c.import_id || '-' || c.line_no as id, c.period, c.source, l.sub_account_id as "subAccount", c.service_name as service,
           c.resource_id as "resourceId", c.resource_name as "resourceName", ${DAY} as day, c.currency, trim_scale(c.amount)::text as amount,
           c.reattributed as "isReattributed", c.pi_email as "piEmail", c.project_id as "projectId", c.fund_org as "fundOrg",
           c.cost_center as "costCenter", c.account_code as "accountCode"
         from charges c join charge_lines l on l.import_id = c.import_id and l.line_no = c.line_no
         where c.period = any($1) and c.standing in ('clear', 'flagged', 'approved') and c.adjusts_import_id is null and c.part_of_import_id is null ${conditions}
         order by c.period, c.import_id, c.line_no`,
        parameters,
      );
      for (;;) {
        const rows = await session.query<Row>(`fetch ${FETCHED_ROWS} from under_rule`);
        for (const { piEmail, projectId, fundOrg, costCenter, accountCode, ...charge } of rows) {
          yield { ...charge, payer: { piEmail, projectId, fundOrg, costCenter, accountCode } };
        }
        if (rows.length < FETCHED_ROWS) break;
      }
    });
  }
}

const DAY = `coalesce(to_char(c.charge_date, 'YYYY-MM-DD'), c.period || '-01')`;

const COLUMNS = {
  source: 'c.source',
  subAccount: 'l.sub_account_id',
  service: 'c.service_name',
  resourceId: 'c.resource_id',
  resourceName: 'c.resource_name',
} as const;

function conditionsOf({ match, validFrom, validTo }: AttributionRule, parameter: (value: unknown) => string): string {
  const parts = (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).flatMap((field) => {
    const text = match[field];
    return text === null ? [] : [`and lower(${COLUMNS[field]} collate "C") like ${parameter(likePattern(text))}`];
  });
  if (validFrom !== null) parts.push(`and ${DAY} >= ${parameter(validFrom)}`);
  if (validTo !== null) parts.push(`and ${DAY} <= ${parameter(validTo)}`);
  return parts.join(' ');
}

/**
 * A LIKE pattern that fits whatever the rule's text matches, and some more: the database folds ASCII only here. A letter beyond it may be written in two
 * ways, and `i`, `k`, `;` and a backtick are what some letter beyond it becomes when it is folded or composed.
 */
function likePattern(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\\%_]/g, (character) => `\\${character}`)
    .replace(/(?:[^\0-\x7f]|\*)+/g, '%')
    .replace(/[ik;`]/g, '_');
}
