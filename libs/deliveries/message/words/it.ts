import { plural } from '#kernel';
import type { MessageWords } from './message-words.js';

const LANGUAGE = 'it';

const forProjects = plural(LANGUAGE, {
  one: (n) => `${n} progetto, con un rendiconto`,
  other: (n) => `${n} progetti, con un rendiconto per ciascuno`,
});

/** Behind the comma of the greeting a sentence goes on in lower case. */
export const it: MessageWords = {
  chargesFor: (period) => `Addebiti di ${period}`,
  greeting: 'Buongiorno,',
  yourCharges: (period) => `di seguito gli addebiti a Suo carico per il calcolo scientifico di ${period}.`,
  chargesOf: (whose, period) => `di seguito gli addebiti a carico di ${whose} per il calcolo scientifico di ${period}.`,
  yourChargesOfProjects: (period, count) =>
    `di seguito gli addebiti a Suo carico per il calcolo scientifico di ${period}: ${forProjects(count)}.`,
  chargesOfProjects: (whose, period, count) =>
    `di seguito gli addebiti a carico di ${whose} per il calcolo scientifico di ${period}: ${forProjects(count)}.`,
  project: 'Progetto',
  fundOrg: 'Fondo/struttura',
  listPrice: 'Prezzo di listino',
  discount: 'Sconto',
  amount: 'Importo',
  amountDue: 'Importo da pagare',
  creditBalance: 'Saldo a credito',
  total: 'Totale',
  savings: (saved, share) => `Lei risparmia ${saved}${share === null ? '' : ` (${share})`} rispetto al prezzo di listino.`,
  attached: plural(LANGUAGE, {
    one: () => 'In allegato trova un rendiconto in PDF con il dettaglio di tutti gli addebiti:',
    other: (n) => `In allegato trova ${n} rendiconti in PDF con il dettaglio di tutti gli addebiti:`,
  }),
  linked: plural(LANGUAGE, {
    one: (_, until: string) =>
      `Il rendiconto in PDF riporta il dettaglio di tutti gli addebiti. È troppo grande per un messaggio; può consultarlo qui fino al ${until}:`,
    other: (n, until: string) =>
      `I ${n} rendiconti in PDF riportano il dettaglio di tutti gli addebiti. Sono troppo grandi per un messaggio; può consultarli qui fino al ${until}:`,
  }),
  revision: (number) => `revisione ${number}`,
  questionsTo: 'Ha domande? La preghiamo di scriverci:',
  questionsReply: 'Ha domande? La preghiamo di rispondere a questo messaggio.',
};
