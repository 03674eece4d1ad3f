import { type BillingPeriod, composedText, DomainError, isUnstorable, lineTextProblems, type Problem, tooLong } from '#kernel';
import type { JournalMarkWithdrawn, JournalPosted, JournalVoided } from './journal.events.js';
import { type JournalMark, type JournalState, statusOf } from './journal.js';

export interface Posting {
  readonly period: BillingPeriod;
  readonly number: number;
  readonly documentNumber: string;
  /** `YYYY-MM-DD`. */
  readonly postedOn: string;
  readonly note: string | null;
}

export interface Voiding {
  readonly period: BillingPeriod;
  readonly number: number;
  readonly reason: string;
}

export interface MarkWithdrawal extends Voiding {
  /** The mark that the caller saw; another one is a conflict. Whatever it is, if undefined. */
  readonly mark?: JournalMark | undefined;
}

const MAX_DOCUMENT_NUMBER = 100;
const MAX_TEXT_BYTES = 2_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Records that accounting has booked a journal.
 * @param latestDay the last day that has begun anywhere: nobody's posting lies after it
 * @throws DomainError `journal.unknown`, `journal.already-posted`, `journal.is-void`, `journal.invalid-mark`
 */
export function decidePosting(journals: readonly JournalState[], posting: Posting, latestDay: string): JournalPosted[] {
  const { period, number } = posting;
  const status = statusOf(knownJournal(journals, period, number));
  if (status === 'posted') {
    throw conflict(
      'journal.already-posted',
      `Journal ${number} of ${period} is posted already. To correct what was recorded, take the mark back first.`,
    );
  }
  if (status === 'void') {
    throw conflict(
      'journal.is-void',
      `Journal ${number} of ${period} is void. If accounting booked it all the same, take that mark back first.`,
    );
  }
  const documentNumber = composedText(posting.documentNumber);
  const postedOn = posting.postedOn.trim();
  const note = textOrNull(posting.note);
  requireSound(period, number, [
    ...documentNumberProblems(documentNumber),
    ...dayProblems(period, postedOn, latestDay),
    ...(note === null ? [] : textProblems('note', note)),
  ]);
  return [{ type: 'JournalPosted', data: { period, number, documentNumber, postedOn, note } }];
}

/**
 * Records that a journal is not booked, or that accounting has reversed it.
 * @throws DomainError `journal.unknown`, `journal.already-void`, `journal.invalid-mark`
 */
export function decideVoid(journals: readonly JournalState[], { period, number, reason }: Voiding): JournalVoided[] {
  if (statusOf(knownJournal(journals, period, number)) === 'void') {
    throw conflict('journal.already-void', `Journal ${number} of ${period} is void already.`);
  }
  return [{ type: 'JournalVoided', data: { period, number, reason: soundReason(period, number, reason) } }];
}

/**
 * Takes the last mark of a journal back, which was a mistake.
 * @throws DomainError `journal.unknown`, `journal.not-marked`, `journal.other-mark`, `journal.invalid-mark`
 */
export function decideMarkWithdrawal(
  journals: readonly JournalState[],
  { period, number, reason, mark: seen }: MarkWithdrawal,
): JournalMarkWithdrawn[] {
  const mark = statusOf(knownJournal(journals, period, number));
  if (mark === 'written') {
    throw conflict('journal.not-marked', `Journal ${number} of ${period} is neither posted nor void: there is no mark to take back.`);
  }
  if (seen !== undefined && seen !== mark) {
    throw conflict('journal.other-mark', `Journal ${number} of ${period} is ${mark} by now, not ${seen}. Look at it again.`);
  }
  return [{ type: 'JournalMarkWithdrawn', data: { period, number, mark, reason: soundReason(period, number, reason) } }];
}

/** @throws DomainError `journal.unknown` */
function knownJournal(journals: readonly JournalState[], period: BillingPeriod, number: number): JournalState {
  const journal = journals.find((candidate) => candidate.number === number);
  if (journal === undefined) throw new DomainError('journal.unknown', 'not-found', `There is no journal ${number} of period ${period}.`);
  return journal;
}

function documentNumberProblems(text: string): Problem[] {
  const where = 'documentNumber';
  if (text === '') return [{ where, what: 'Say under which number accounting has booked it.' }];
  if (text.length > MAX_DOCUMENT_NUMBER) return [{ where, what: `It has ${text.length} characters; ${MAX_DOCUMENT_NUMBER} is the most.` }];
  return lineTextProblems(where, text, MAX_TEXT_BYTES);
}

function dayProblems(period: BillingPeriod, day: string, latestDay: string): Problem[] {
  const where = 'postedOn';
  if (!isDay(day)) return [{ where, what: `“${day}” is no day; write it as 2025-07-31.` }];
  if (day > latestDay) return [{ where, what: `${day} lies in the future.` }];
  const first = `${period}-01`;
  return day < first ? [{ where, what: `${day} lies before the period, which begins on ${first}.` }] : [];
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function soundReason(period: BillingPeriod, number: number, text: string): string {
  const reason = composedText(text);
  requireSound(
    period,
    number,
    reason === '' ? [{ where: 'reason', what: 'Say why: the reason is kept in the log.' }] : textProblems('reason', reason),
  );
  return reason;
}

function textProblems(where: string, text: string): Problem[] {
  if (isUnstorable(text)) return [{ where, what: 'It has a NUL or half a character in it, which can’t be kept.' }];
  const length = tooLong(text, MAX_TEXT_BYTES);
  return length === undefined ? [] : [{ where, what: `It ${length}; write a shorter one.` }];
}

function requireSound(period: BillingPeriod, number: number, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const said = problems.map(({ where, what }) => `${where}: ${what}`).join(' ');
  throw new DomainError('journal.invalid-mark', 'invalid', `Journal ${number} of ${period} can't be marked so. ${said}`, problems);
}

function textOrNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : composedText(text);
}

function conflict(code: string, text: string): DomainError {
  return new DomainError(code, 'conflict', text);
}
