import { plural } from '#kernel';
import type { MessageWords } from './message-words.js';

const LANGUAGE = 'en';

const forProjects = plural(LANGUAGE, {
  one: (n) => `${n} project, with a statement for it`,
  other: (n) => `${n} projects, with a statement for each`,
});

export const en: MessageWords = {
  chargesFor: (period) => `Charges for ${period}`,
  greeting: 'Hello,',
  yourCharges: (period) => `Here are your research computing charges for ${period}.`,
  chargesOf: (whose, period) => `Here are the research computing charges of ${whose} for ${period}.`,
  yourChargesOfProjects: (period, count) => `Here are your research computing charges for ${period}: ${forProjects(count)}.`,
  chargesOfProjects: (whose, period, count) => `Here are the research computing charges of ${whose} for ${period}: ${forProjects(count)}.`,
  project: 'Project',
  fundOrg: 'Fund/org',
  listPrice: 'List price',
  discount: 'Discount',
  amount: 'Amount',
  amountDue: 'Amount due',
  creditBalance: 'Credit balance',
  total: 'Total',
  savings: (saved, share) => `You save ${saved}${share === null ? '' : ` (${share})`} against list price.`,
  attached: plural(LANGUAGE, {
    one: () => 'Attached is a PDF statement that lists every charge:',
    other: (n) => `Attached are ${n} PDF statements that list every charge:`,
  }),
  linked: plural(LANGUAGE, {
    one: (_, until: string) => `The PDF statement lists every charge. It is too large for a message; you find it here until ${until}:`,
    other: (n, until: string) =>
      `The ${n} PDF statements list every charge. They are too large for a message; you find them here until ${until}:`,
  }),
  revision: (number) => `revision ${number}`,
  questionsTo: 'Questions? Please write to us:',
  questionsReply: 'Questions? Please reply to this message.',
};
