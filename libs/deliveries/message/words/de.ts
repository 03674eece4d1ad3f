import { plural } from '#kernel';
import type { MessageWords } from './message-words.js';

const LANGUAGE = 'de';

const forProjects = plural(LANGUAGE, {
  one: (n) => `${n} Projekt mit einer Abrechnung`,
  other: (n) => `${n} Projekte mit je einer Abrechnung`,
});

/** Behind the comma of the greeting a sentence goes on in lower case. */
export const de: MessageWords = {
  chargesFor: (period) => `Kosten für ${period}`,
  greeting: 'Guten Tag,',
  yourCharges: (period) => `hiermit erhalten Sie Ihre Kosten der Forschungs-IT für ${period}.`,
  chargesOf: (whose, period) => `hiermit erhalten Sie die Kosten der Forschungs-IT von ${whose} für ${period}.`,
  yourChargesOfProjects: (period, count) => `hiermit erhalten Sie Ihre Kosten der Forschungs-IT für ${period}: ${forProjects(count)}.`,
  chargesOfProjects: (whose, period, count) =>
    `hiermit erhalten Sie die Kosten der Forschungs-IT von ${whose} für ${period}: ${forProjects(count)}.`,
  project: 'Projekt',
  fundOrg: 'Kontierung',
  listPrice: 'Listenpreis',
  discount: 'Nachlass',
  amount: 'Betrag',
  amountDue: 'Zu zahlender Betrag',
  creditBalance: 'Guthaben',
  total: 'Summe',
  savings: (saved, share) => `Sie sparen ${saved}${share === null ? '' : ` (${share})`} gegenüber dem Listenpreis.`,
  attached: plural(LANGUAGE, {
    one: () => 'Im Anhang finden Sie eine Abrechnung als PDF, in der jeder Posten aufgeführt ist:',
    other: (n) => `Im Anhang finden Sie ${n} Abrechnungen als PDF, in denen jeder Posten aufgeführt ist:`,
  }),
  linked: plural(LANGUAGE, {
    one: (_, until: string) =>
      `In der Abrechnung (PDF) ist jeder Posten aufgeführt. Sie ist zu groß für eine Nachricht; Sie finden sie bis zum ${until} hier:`,
    other: (n, until: string) =>
      `In den ${n} Abrechnungen (PDF) ist jeder Posten aufgeführt. Sie sind zu groß für eine Nachricht; Sie finden sie bis zum ${until} hier:`,
  }),
  revision: (number) => `Fassung ${number}`,
  questionsTo: 'Haben Sie Fragen? Bitte schreiben Sie uns:',
  questionsReply: 'Haben Sie Fragen? Bitte antworten Sie auf diese Nachricht.',
};
