import { type Mischief, readMail, type ReceivedMail } from '../services/smtp-sink.js';
import type { StatementFiles } from './statements.js';

/** How long after a service is back a job that hung on it may still be taken up a second time: lock and sweep of the queue. */
const IN_FLIGHT_GRACE_MS = 20_000;

/** While something was done to the program, by the harness's own clock. */
export interface DisturbedTime {
  readonly beganAt: number;
  readonly endedAt: number;
  /** Message-IDs whose outcome was in the log before. */
  readonly settledBefore: ReadonlySet<string>;
}

export interface Mails {
  /** PI → subject and text of the last message. */
  readonly texts: ReadonlyMap<string, string>;
  /** Messages that came again. */
  readonly repeats: number;
  readonly problems: readonly string[];
}

/** Reads what the mail server kept, and judges it: every PI has the statements that hold, and nothing came twice without a reason. */
export async function readMails(
  received: readonly ReceivedMail[],
  { attachments }: StatementFiles,
  disturbed: readonly DisturbedTime[],
  touched: ReadonlyMap<Mischief, ReadonlySet<string>>,
): Promise<Mails> {
  const problems: string[] = [];
  const last = new Map<string, ReceivedMail>();
  for (const mail of received) last.set(mail.recipient, mail);
  const texts = new Map<string, string>();
  for (const [recipient, mail] of last) {
    const { subject, text, attachments: attached } = await readMail(mail);
    texts.set(recipient, `${subject}\n${text}`);
    const found = attached.map(({ fileName, sha256 }) => `${fileName} ${sha256}`).sort();
    const expected = attachments.get(recipient) ?? [];
    if (found.join('\n') !== expected.join('\n')) {
      problems.push(
        `mail to ${recipient}: attached are ${found.join(', ') || 'none'}, but the statements are ${expected.join(', ') || 'none'}`,
      );
    }
  }
  for (const recipient of attachments.keys()) if (!last.has(recipient)) problems.push(`mail to ${recipient}: none came`);
  const repeated = repetitions(received);
  for (const { first, again } of repeated) {
    if (!isExcused(first, again, disturbed, touched)) {
      problems.push(`mail to ${again.recipient}: ${again.messageId} came again although it was not in flight when something was done`);
    }
  }
  return { texts, repeats: repeated.length, problems };
}

function repetitions(received: readonly ReceivedMail[]): { first: ReceivedMail; again: ReceivedMail }[] {
  const earlier = new Map<string, ReceivedMail>();
  const repeated: { first: ReceivedMail; again: ReceivedMail }[] = [];
  for (const mail of received) {
    const first = earlier.get(mail.messageId);
    if (first === undefined) earlier.set(mail.messageId, mail);
    else repeated.push({ first, again: mail });
  }
  return repeated;
}

function isExcused(
  first: ReceivedMail,
  again: ReceivedMail,
  disturbed: readonly DisturbedTime[],
  touched: ReadonlyMap<Mischief, ReadonlySet<string>>,
): boolean {
  if (!first.answered || [...touched.values()].some((ids) => ids.has(again.messageId))) return true;
  return disturbed.some(
    ({ beganAt, endedAt, settledBefore }) =>
      !settledBefore.has(again.messageId) && beganAt <= again.endedAt && first.beganAt <= endedAt + IN_FLIGHT_GRACE_MS,
  );
}
