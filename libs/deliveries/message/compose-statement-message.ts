import { localeOfWords, periodTitle } from '#kernel';
import { messageWording, oneLine } from './message-wording.js';
import { messageHtml } from './message-html.js';
import { messageText } from './message-text.js';
import type { StatementMessage, StatementMessageInput } from './statement-message.js';

/** A header folds at blanks, but a subject that is longer than this is no subject. */
const MAX_SUBJECT = 200;

/**
 * Composes the one message that brings a PI all statements of a billing period (domain.md §6). Subject, text and HTML are safe for
 * whatever the files put into names and ids.
 * @throws DomainError `delivery.nothing_to_send` when there is no statement.
 */
export function composeStatementMessage(input: StatementMessageInput): StatementMessage {
  const wording = messageWording(input);
  return { subject: messageSubject(input), text: messageText(wording), html: messageHtml(wording) };
}

export function messageSubject({
  subjectTemplate,
  period,
  locale,
}: Pick<StatementMessageInput, 'subjectTemplate' | 'period' | 'locale'>): string {
  const title = periodTitle(period, localeOfWords(locale));
  const subject = oneLine(subjectTemplate.replaceAll('{billing_period}', period).replaceAll('{period_title}', title));
  return [...subject].slice(0, MAX_SUBJECT).join('');
}
