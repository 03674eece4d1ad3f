import type { Mischief } from '../services/smtp-sink.js';
import { type Fault, fault } from './fault.js';

/** At most this share of the messages comes through before. */
const MOST_UNTOUCHED = 0.8;
const MOST = 5;

/** From some message on, the mail server misbehaves for a few messages; told before the first of them comes. */
function mischief(kind: string, what: Mischief): Fault {
  return fault(kind, ['rendering'], async ({ mail, expectedMails }, random) => {
    const [untouched, count] = [random.below(Math.ceil(expectedMails * MOST_UNTOUCHED)), 1 + random.below(MOST)];
    mail.disturb(what, untouched, count);
    return `${count} messages, after ${untouched}`;
  });
}

export const MAIL_FAULTS = [
  mischief('mail-refused-451', 'refuse with 451'),
  mischief('mail-refused-550', 'refuse with 550'),
  mischief('mail-hangs', 'hang'),
  mischief('mail-dropped', 'drop after data'),
];
