import { plural } from '#kernel';
import type { MessageWords } from './message-words.js';

const LANGUAGE = 'nl';

const forProjects = plural(LANGUAGE, {
  one: (n) => `${n} project, met een afrekening`,
  other: (n) => `${n} projecten, met voor elk een afrekening`,
});

export const nl: MessageWords = {
  chargesFor: (period) => `Kosten over ${period}`,
  greeting: 'Goedendag,',
  yourCharges: (period) => `Hierbij ontvangt u uw kosten voor onderzoeks-ICT over ${period}.`,
  chargesOf: (whose, period) => `Hierbij ontvangt u de kosten voor onderzoeks-ICT van ${whose} over ${period}.`,
  yourChargesOfProjects: (period, count) => `Hierbij ontvangt u uw kosten voor onderzoeks-ICT over ${period}: ${forProjects(count)}.`,
  chargesOfProjects: (whose, period, count) =>
    `Hierbij ontvangt u de kosten voor onderzoeks-ICT van ${whose} over ${period}: ${forProjects(count)}.`,
  project: 'Project',
  fundOrg: 'Kostenplaats',
  listPrice: 'Catalogusprijs',
  discount: 'Korting',
  amount: 'Bedrag',
  amountDue: 'Te betalen bedrag',
  creditBalance: 'Tegoed',
  total: 'Totaal',
  savings: (saved, share) => `U bespaart ${saved}${share === null ? '' : ` (${share})`} ten opzichte van de catalogusprijs.`,
  attached: plural(LANGUAGE, {
    one: () => 'Bijgevoegd is een afrekening in pdf waarin elke kostenpost is vermeld:',
    other: (n) => `Bijgevoegd zijn ${n} afrekeningen in pdf waarin elke kostenpost is vermeld:`,
  }),
  linked: plural(LANGUAGE, {
    one: (_, until: string) =>
      `In de afrekening (pdf) is elke kostenpost vermeld. Zij is te groot voor een bericht; u vindt haar hier tot en met ${until}:`,
    other: (n, until: string) =>
      `In de ${n} afrekeningen (pdf) is elke kostenpost vermeld. Zij zijn te groot voor een bericht; u vindt ze hier tot en met ${until}:`,
  }),
  revision: (number) => `versie ${number}`,
  questionsTo: 'Hebt u vragen? Schrijf ons:',
  questionsReply: 'Hebt u vragen? Beantwoord dan dit bericht.',
};
