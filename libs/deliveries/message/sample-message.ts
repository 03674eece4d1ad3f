import { billingPeriod, Decimal } from '#kernel';
import type { StatementMessageInput } from './statement-message.js';

type Sample = Pick<StatementMessageInput, 'period' | 'piEmail' | 'recipient' | 'statements' | 'linksExpireAt'>;

/** What a template of a message is tried with before there is a statement: a PI with two projects, one with a discount. */
export function sampleMessage(): Sample {
  return {
    period: billingPeriod('2025-01'),
    piEmail: 'ada@example.edu',
    recipient: 'ada@example.edu',
    linksExpireAt: null,
    statements: [statement('genome-atlas', '210045-CHEM', '1550.10', '310.00'), statement('plasma', '210077-PHYS', '20.25', '0')],
  };
}

function statement(projectId: string, fundOrg: string, list: string, discount: string): Sample['statements'][number] {
  return {
    projectId,
    fundOrgs: [fundOrg],
    list: Decimal.parse(list),
    discount: Decimal.parse(discount),
    due: Decimal.parse(list).minus(Decimal.parse(discount)),
    revision: 1,
    fileName: `statement_2025-01_${projectId}.pdf`,
    link: null,
  };
}
