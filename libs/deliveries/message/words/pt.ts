import { plural } from '#kernel';
import type { MessageWords } from './message-words.js';

const LANGUAGE = 'pt';

const forProjects = plural(LANGUAGE, {
  one: (n) => `${n} projeto, com um extrato`,
  other: (n) => `${n} projetos, com um extrato para cada um`,
});

/** In words that are spelt alike in Portugal and in Brazil. */
export const pt: MessageWords = {
  chargesFor: (period) => `Encargos de ${period}`,
  greeting: 'Bom dia,',
  yourCharges: (period) => `Apresentamos os seus encargos de computação científica de ${period}.`,
  chargesOf: (whose, period) => `Apresentamos os encargos de computação científica de ${whose} de ${period}.`,
  yourChargesOfProjects: (period, count) => `Apresentamos os seus encargos de computação científica de ${period}: ${forProjects(count)}.`,
  chargesOfProjects: (whose, period, count) =>
    `Apresentamos os encargos de computação científica de ${whose} de ${period}: ${forProjects(count)}.`,
  project: 'Projeto',
  fundOrg: 'Fundo/centro de custo',
  listPrice: 'Preço de tabela',
  discount: 'Desconto',
  amount: 'Valor',
  amountDue: 'Valor a pagar',
  creditBalance: 'Saldo credor',
  total: 'Total',
  savings: (saved, share) => `A sua poupança em relação ao preço de tabela é de ${saved}${share === null ? '' : ` (${share})`}.`,
  attached: plural(LANGUAGE, {
    one: () => 'Segue em anexo um extrato em PDF que detalha todos os encargos:',
    other: (n) => `Seguem em anexo ${n} extratos em PDF que detalham todos os encargos:`,
  }),
  linked: plural(LANGUAGE, {
    one: (_, until: string) =>
      `O extrato em PDF detalha todos os encargos. É grande demais para uma mensagem; pode consultá-lo aqui até ${until}:`,
    other: (n, until: string) =>
      `Os ${n} extratos em PDF detalham todos os encargos. São grandes demais para uma mensagem; pode consultá-los aqui até ${until}:`,
  }),
  revision: (number) => `revisão ${number}`,
  questionsTo: 'Tem alguma dúvida? Escreva-nos:',
  questionsReply: 'Tem alguma dúvida? Responda a esta mensagem.',
};
