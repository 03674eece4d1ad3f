import { plural } from '#kernel';
import type { MessageWords } from './message-words.js';

const LANGUAGE = 'fr';

const forProjects = plural(LANGUAGE, {
  one: (n) => `${n} projet, avec un relevé`,
  other: (n) => `${n} projets, avec un relevé pour chacun`,
});

/** Before a colon, a semicolon and a question mark stands a blank at which no line breaks. */
export const fr: MessageWords = {
  chargesFor: (period) => `Frais pour ${period}`,
  greeting: 'Bonjour,',
  yourCharges: (period) => `Voici vos frais d’informatique de recherche pour ${period}.`,
  chargesOf: (whose, period) => `Voici les frais d’informatique de recherche de ${whose} pour ${period}.`,
  yourChargesOfProjects: (period, count) => `Voici vos frais d’informatique de recherche pour ${period}\u00a0: ${forProjects(count)}.`,
  chargesOfProjects: (whose, period, count) =>
    `Voici les frais d’informatique de recherche de ${whose} pour ${period}\u00a0: ${forProjects(count)}.`,
  project: 'Projet',
  fundOrg: 'Imputation',
  listPrice: 'Prix catalogue',
  discount: 'Remise',
  amount: 'Montant',
  amountDue: 'Montant à payer',
  creditBalance: 'Solde créditeur',
  total: 'Total',
  savings: (saved, share) => `Vous économisez ${saved}${share === null ? '' : ` (${share})`} par rapport au prix catalogue.`,
  attached: plural(LANGUAGE, {
    one: () => 'Vous trouverez ci-joint un relevé en PDF qui détaille tous les frais\u00a0:',
    other: (n) => `Vous trouverez ci-joint ${n} relevés en PDF qui détaillent tous les frais\u00a0:`,
  }),
  linked: plural(LANGUAGE, {
    one: (_, until: string) =>
      `Le relevé en PDF détaille tous les frais. Il est trop volumineux pour un message\u00a0; vous le trouverez ici jusqu’au ${until}\u00a0:`,
    other: (n, until: string) =>
      `Les ${n} relevés en PDF détaillent tous les frais. Ils sont trop volumineux pour un message\u00a0; vous les trouverez ici jusqu’au ${until}\u00a0:`,
  }),
  revision: (number) => `version ${number}`,
  questionsTo: 'Des questions\u00a0? Veuillez nous écrire\u00a0:',
  questionsReply: 'Des questions\u00a0? Veuillez répondre à ce message.',
};
