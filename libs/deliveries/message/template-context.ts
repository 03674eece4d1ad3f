import { Decimal, localeOfWords, periodTitle } from '#kernel';
import type { MessageStatement, StatementMessageInput } from './statement-message.js';

/** What a template may say about the office, besides the message itself. */
export interface MessageOffice {
  readonly fromName: string;
  /** Where answers go. */
  readonly contactEmail: string;
}

/**
 * What a message template is given. The names of the older program's `email_summary.html` mean what they meant there, so that it runs
 * unchanged; the others are ours. Amounts are exact decimals.
 */
export function messageContext(input: StatementMessageInput, subject: string, office: MessageOffice): Readonly<Record<string, unknown>> {
  const { statements, period, linksExpireAt } = input;
  const list = sum(statements, (statement) => statement.list);
  const discount = sum(statements, (statement) => statement.discount);
  return {
    period,
    pi_email: input.piEmail,
    total_list_cost: list,
    total_cost: sum(statements, (statement) => statement.due),
    total_discount: discount,
    discount_percent: percent(discount, list),
    project_count: statements.length,
    projects: new Map(statements.map((statement) => [statement.projectId, projectOf(statement)])),
    organization_name: office.fromName,
    contact_email: office.contactEmail,
    // Beyond the older program:
    subject,
    recipient: input.recipient,
    period_title: periodTitle(period, localeOfWords(input.locale)),
    currency: input.currency,
    organization: { name: input.organization, contact: input.contact ?? '' },
    statements: statements.map(projectOf),
    links_expire: linksExpireAt === null ? null : linksExpireAt.toISOString().slice(0, 10),
  };
}

function projectOf(statement: MessageStatement): Readonly<Record<string, unknown>> {
  const { projectId, fundOrgs, list, discount, due, revision, fileName, link } = statement;
  return {
    project_id: projectId,
    fund_org: fundOrgs.join(', '),
    fund_orgs: fundOrgs,
    total_list_cost: list,
    total_cost: due,
    total_discount: discount,
    discount_percent: percent(discount, list),
    revision,
    file_name: fileName,
    link,
  };
}

function percent(part: Decimal, whole: Decimal): Decimal {
  return whole.isPositive() ? part.times(Decimal.parse('100')).dividedBy(whole, 6) : Decimal.ZERO;
}

function sum(statements: readonly MessageStatement[], amountOf: (statement: MessageStatement) => Decimal): Decimal {
  return Decimal.sum(statements.map(amountOf));
}
