import type { Mischief } from '../services/smtp-sink.js';
import { type Fault, fault } from './fault.js';

/** Messages that come through before; some hundred are sent, several at a time. */
const UNTOUCHED = 150;
const MOST = 5;

/** The mail server misbehaves from some message on, for a few messages. */
function mischief(kind: string, what: Mischief): Fault {
  return fault(kind, ['sending'], async ({ mail }, random) => {
    const [untouched, count] = [random.below(UNTOUCHED), 1 + random.below(MOST)];
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
