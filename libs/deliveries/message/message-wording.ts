import {
  type Counted,
  counted,
  dateTimeFormat,
  Decimal,
  DomainError,
  formatMoney,
  formatPercent,
  localeOfWords,
  periodTitle,
  withMinusSign,
} from '#kernel';
import type { MessageStatement, StatementMessageInput } from './statement-message.js';
import type { MessageWords } from './words/message-words.js';
import { wordsOf } from './words/words-of.js';

export interface AmountsWording {
  readonly list: string;
  /** With its sign, because it is taken off. */
  readonly discount: string;
  /** `Amount due`, or `Credit balance` with the amount turned positive. */
  readonly dueLabel: string;
  readonly isCredit: boolean;
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
  /** BCP 47. */
  readonly language: string;
  /** Labels of facts, columns and rows. */
  readonly labels: Pick<MessageWords, 'project' | 'fundOrg' | 'listPrice' | 'discount' | 'amount' | 'total'>;
  readonly heading: string;
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
  const language = localeOfWords(locale);
  const words = wordsOf(locale);
  const period = periodTitle(input.period, language);
  const count = counted(statements.length, locale);
  const list = sum(statements, (statement) => statement.list);
  const discount = sum(statements, (statement) => statement.discount);
  const due = sum(statements, (statement) => statement.due);
  const contactLines = (input.contact ?? '')
    .split(/\r?\n/)
    .map(oneLine)
    .filter((line) => line !== '');
  return {
    language,
    labels: words,
    heading: words.chargesFor(period),
    organization: oneLine(input.organization),
    period,
    greeting: words.greeting,
    opening: opening(input, words, period, count),
    projects: statements.map((statement) => ({
      projectId: oneLine(statement.projectId),
      fundOrgs: statement.fundOrgs.map(oneLine).join(', '),
      amounts: amountsWording(input, words, statement),
      fileName: oneLine(statement.fileName),
      revision: words.revision(String(statement.revision)),
      link: statement.link,
    })),
    total: amountsWording(input, words, { list, discount, due }),
    discounted: statements.some((statement) => !statement.discount.isZero()),
    savings: savingsLine(input, words, list, discount),
    attached: attachedLine(input, words, count),
    questions: contactLines.length > 0 ? words.questionsTo : words.questionsReply,
    contactLines,
  };
}

function opening({ piEmail, recipient }: StatementMessageInput, words: MessageWords, period: string, count: Counted): string {
  if (recipient === piEmail) return count.value > 1 ? words.yourChargesOfProjects(period, count) : words.yourCharges(period);
  const whose = oneLine(piEmail);
  return count.value > 1 ? words.chargesOfProjects(whose, period, count) : words.chargesOf(whose, period);
}

function attachedLine({ linksExpireAt, locale }: StatementMessageInput, words: MessageWords, count: Counted): string {
  if (linksExpireAt === null) return words.attached(count);
  return words.linked(count, dateTimeFormat(localeOfWords(locale), { dateStyle: 'long', timeZone: 'UTC' }).format(linksExpireAt));
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
  words: MessageWords,
  { list, discount, due }: Pick<MessageStatement, 'list' | 'discount' | 'due'>,
): AmountsWording {
  const money = (amount: Decimal): string => withMinusSign(formatMoney(amount, currency, locale));
  const credit = due.isNegative();
  return {
    list: money(list),
    discount: money(discount.negated()),
    dueLabel: credit ? words.creditBalance : words.amountDue,
    isCredit: credit,
    due: money(credit ? due.negated() : due),
  };
}

function savingsLine({ currency, locale }: StatementMessageInput, words: MessageWords, list: Decimal, discount: Decimal): string | null {
  if (!discount.isPositive()) return null;
  return words.savings(formatMoney(discount, currency, locale), formatPercent(discount, list, locale));
}
