import { dateTimeFormat, Decimal, DomainError, formatMoney, formatPercent, languageOfWords, periodTitle, withMinusSign } from '#kernel';
import type { MessageStatement, StatementMessageInput } from './statement-message.js';

export interface AmountsWording {
  readonly list: string;
  /** With its sign, because it is taken off. */
  readonly discount: string;
  /** `Amount due`, or `Credit balance` with the amount turned positive. */
  readonly dueLabel: string;
  readonly due: string;
}

export interface ProjectWording {
  readonly projectId: string;
  readonly fundOrgs: string;
  readonly amounts: AmountsWording;
  readonly fileName: string;
  readonly revision: string;
  /** Where the PDF is; null if it is attached. */
  readonly link: string | null;
}

/** Every word and amount of a message, made once, so that its text and its HTML can't differ. */
export interface MessageWording {
  readonly language: string;
  readonly organization: string;
  readonly period: string;
  readonly greeting: string;
  readonly opening: string;
  readonly projects: readonly ProjectWording[];
  readonly total: AmountsWording;
  readonly discounted: boolean;
  /** Null where nothing is saved. */
  readonly savings: string | null;
  readonly attached: string;
  readonly questions: string;
  readonly contactLines: readonly string[];
}

/** @throws DomainError `delivery.nothing_to_send` when there is no statement. */
export function messageWording(input: StatementMessageInput): MessageWording {
  const { statements, locale } = input;
  if (statements.length === 0) {
    throw new DomainError(
      'delivery.nothing_to_send',
      'invalid',
      `There is no statement of ${input.period} for ${input.piEmail}; generate the statements of the period first.`,
    );
  }
  const language = languageOfWords(locale);
  const period = periodTitle(input.period, language);
  const several = statements.length > 1;
  const whose =
    input.recipient === input.piEmail
      ? 'Here are your research computing charges'
      : `Here are the research computing charges of ${oneLine(input.piEmail)}`;
  const list = sum(statements, (statement) => statement.list);
  const discount = sum(statements, (statement) => statement.discount);
  const due = sum(statements, (statement) => statement.due);
  const contactLines = (input.contact ?? '')
    .split(/\r?\n/)
    .map(oneLine)
    .filter((line) => line !== '');
  return {
    language,
    organization: oneLine(input.organization),
    period,
    greeting: 'Hello,',
    opening: several ? `${whose} for ${period}: ${statements.length} projects, with a statement for each.` : `${whose} for ${period}.`,
    projects: statements.map((statement) => ({
      projectId: oneLine(statement.projectId),
      fundOrgs: statement.fundOrgs.map(oneLine).join(', '),
      amounts: amountsWording(input, statement),
      fileName: oneLine(statement.fileName),
      revision: `revision ${statement.revision}`,
      link: statement.link,
    })),
    total: amountsWording(input, { list, discount, due }),
    discounted: statements.some((statement) => !statement.discount.isZero()),
    savings: savingsLine(input, list, discount),
    attached: attachedLine(input, language),
    questions: contactLines.length > 0 ? 'Questions? Please write to us:' : 'Questions? Please reply to this message.',
    contactLines,
  };
}

function attachedLine({ statements, linksExpireAt }: StatementMessageInput, language: string): string {
  const several = statements.length > 1;
  if (linksExpireAt === null) {
    return several
      ? `Attached are ${statements.length} PDF statements that list every charge:`
      : 'Attached is a PDF statement that lists every charge:';
  }
  const until = dateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(linksExpireAt);
  return several
    ? `The ${statements.length} PDF statements list every charge. They are too large for a message; you find them here until ${until}:`
    : `The PDF statement lists every charge. It is too large for a message; you find it here until ${until}:`;
}

/** A text without line breaks and control characters. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function sum(statements: readonly MessageStatement[], amountOf: (statement: MessageStatement) => Decimal): Decimal {
  return Decimal.sum(statements.map(amountOf));
}

function amountsWording(
  { currency, locale }: StatementMessageInput,
  { list, discount, due }: Pick<MessageStatement, 'list' | 'discount' | 'due'>,
): AmountsWording {
  const money = (amount: Decimal): string => withMinusSign(formatMoney(amount, currency, locale));
  const credit = due.isNegative();
  return {
    list: money(list),
    discount: money(discount.negated()),
    dueLabel: credit ? 'Credit balance' : 'Amount due',
    due: money(credit ? due.negated() : due),
  };
}

function savingsLine({ currency, locale }: StatementMessageInput, list: Decimal, discount: Decimal): string | null {
  if (!discount.isPositive()) return null;
  const saved = formatMoney(discount, currency, locale);
  const share = formatPercent(discount, list, locale);
  return `You save ${saved}${share === null ? '' : ` (${share})`} against list price.`;
}
