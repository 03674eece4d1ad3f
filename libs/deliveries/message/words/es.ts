import { plural } from '#kernel';
import type { MessageWords } from './message-words.js';

const LANGUAGE = 'es';

const forProjects = plural(LANGUAGE, {
  one: (n) => `${n} proyecto, con un estado de cuenta`,
  other: (n) => `${n} proyectos, con un estado de cuenta para cada uno`,
});

export const es: MessageWords = {
  chargesFor: (period) => `Cargos de ${period}`,
  greeting: 'Buenos días:',
  yourCharges: (period) => `Estos son sus cargos de computación para la investigación de ${period}.`,
  chargesOf: (whose, period) => `Estos son los cargos de computación para la investigación de ${whose} de ${period}.`,
  yourChargesOfProjects: (period, count) =>
    `Estos son sus cargos de computación para la investigación de ${period}: ${forProjects(count)}.`,
  chargesOfProjects: (whose, period, count) =>
    `Estos son los cargos de computación para la investigación de ${whose} de ${period}: ${forProjects(count)}.`,
  project: 'Proyecto',
  fundOrg: 'Partida presupuestaria',
  listPrice: 'Precio de lista',
  discount: 'Descuento',
  amount: 'Importe',
  amountDue: 'Importe a pagar',
  creditBalance: 'Saldo a favor',
  total: 'Total',
  savings: (saved, share) => `Usted ahorra ${saved}${share === null ? '' : ` (${share})`} respecto al precio de lista.`,
  attached: plural(LANGUAGE, {
    one: () => 'Se adjunta un estado de cuenta en PDF que detalla todos los cargos:',
    other: (n) => `Se adjuntan ${n} estados de cuenta en PDF que detallan todos los cargos:`,
  }),
  linked: plural(LANGUAGE, {
    one: (_, until: string) =>
      `El estado de cuenta en PDF detalla todos los cargos. Es demasiado grande para un mensaje; puede consultarlo aquí hasta el ${until}:`,
    other: (n, until: string) =>
      `Los ${n} estados de cuenta en PDF detallan todos los cargos. Son demasiado grandes para un mensaje; puede consultarlos aquí hasta el ${until}:`,
  }),
  revision: (number) => `revisión ${number}`,
  questionsTo: '¿Tiene alguna pregunta? Escríbanos:',
  questionsReply: '¿Tiene alguna pregunta? Responda a este mensaje.',
};
