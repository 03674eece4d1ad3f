import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Counted, counted, currency, Decimal, LANGUAGES } from '#kernel';
import { STATEMENT_LABELS } from '#platform';
import { misplacedTexts } from '../testing/pdf-placement.js';
import { openPdf, textOfPages } from '../testing/pdf-text.js';
import { pdfUaProblems } from '../testing/pdf-ua.js';
import { unseenTexts } from '../testing/pdf-unseen-text.js';
import { readStatement } from '../testing/read-statement.js';
import { moneyTriple, render, statementCharge, statementDocument, type WholeStatement } from './statement-document.factory.js';
import { everyStatement, NAME } from '../testing/statement-samples.js';
import type { StatementPhrases } from './words/statement-words.js';
import { STATEMENT_WORDS } from './words/words-of.js';

const OTHERS = LANGUAGES.filter((language) => language !== 'en');
const FEW: Counted = counted(1207, 'en');

/** What each phrase can be told; texts that are no word. */
const TOLD: { readonly [Phrase in keyof StatementPhrases]: Parameters<StatementPhrases[Phrase]> } = {
  labelled: ['#1', '#2'],
  logoOf: ['#1'],
  lastPeriods: [FEW],
  pageOf: ['#1'],
  allAmountsIn: ['#1'],
  chargesCounted: [FEW],
  correctedStatement: ['#1', '#2'],
  changedSince: ['#1'],
  chargesAdded: [FEW],
  chargesGone: [FEW],
  chargesChanged: [FEW],
  amountChanged: ['#1', '#2'],
  moreServices: [FEW],
  projectEnds: ['#1'],
  projectEnded: ['#1'],
  lateCharges: [FEW, '#1'],
  partOf: ['#1', '#2'],
  restOf: ['#1'],
  corrects: ['#1', '#2', '#3'],
  notBilledBefore: ['#1', '#2'],
  days: ['#1', '#2'],
  reference: ['#1'],
  verification: ['#1', '#2'],
  subject: ['#1', '#2'],
};

/** What a phrase of a language makes of that. */
function phraseIn(language: (typeof LANGUAGES)[number], phrase: keyof StatementPhrases): string {
  const say = STATEMENT_WORDS[language][phrase] as (...told: readonly (string | Counted)[]) => string;
  return say(...TOLD[phrase]);
}

const PHRASES = Object.keys(TOLD) as (keyof StatementPhrases)[];

/** Everything that is printed, read aloud or shown as a property. */
async function allTexts(documents: readonly WholeStatement[]): Promise<string> {
  const texts: string[] = [];
  for (const document of documents) {
    const bytes = render(document);
    texts.push(...(await textOfPages(await openPdf(bytes))).map((page) => page.replaceAll('|', ' ')), ...unseenTexts(bytes));
  }
  return texts.join(' ').replaceAll(/\s+/g, ' ');
}

function wordsIn(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/\p{L}{2,}/gu));
}

/** Names, units and codes. */
const OF_NO_LANGUAGE = [NAME, 'utc', 'eur', 'be'];
/** Words of English that the other language has too. */
const SHARED: Readonly<Record<(typeof OTHERS)[number], readonly string[]>> = {
  de: ['in', 'jan', 'logo', 'rest'],
  fr: ['code', 'date', 'fraction', 'logo', 'oct', 'page', 'service', 'services', 'total'],
  es: ['no', 'oct', 'total'],
  it: ['in', 'logo', 'per'],
  nl: ['december', 'in', 'is', 'jan', 'logo', 'of', 'per', 'project', 'resource', 'rest', 'was'],
  pt: ['jan', 'total'],
};

describe('the languages of statements', () => {
  it.each(LANGUAGES)('%s has a text for every label, and a phrase for everything that is told, with all of it', (language) => {
    for (const label of STATEMENT_LABELS) expect(STATEMENT_WORDS[language][label].trim(), label).not.toBe('');
    const { letters } = STATEMENT_WORDS[language];
    for (const letter of STATEMENT_LABELS.map((label) => STATEMENT_WORDS[language][label])
      .join('')
      .match(/[^\p{ASCII}\P{L}]/gu) ?? [])
      expect(letters).toContain(letter);
    for (const phrase of PHRASES) {
      const text = phraseIn(language, phrase);
      for (const letter of text.match(/[^\p{ASCII}\P{L}]/gu) ?? []) expect(letters).toContain(letter);
      for (const part of TOLD[phrase]) expect(text, phrase).toContain(typeof part === 'string' ? part : part.text);
    }
  });

  it('say everything on some statement of the samples', async () => {
    const { en } = STATEMENT_WORDS;
    const text = await allTexts(everyStatement('en-US'));
    for (const label of STATEMENT_LABELS) expect(text, label).toContain(en[label]);
    const words = wordsIn(text);
    for (const phrase of PHRASES) for (const word of wordsIn(phraseIn('en', phrase))) expect([...words], phrase).toContain(word);
  });

  it.each(OTHERS)('%s leaves no word English', async (language) => {
    const english = wordsIn(await allTexts(everyStatement('en-US')));
    const found = wordsIn(await allTexts(everyStatement(language)));
    const shared = [...found].filter((word) => english.has(word) && !OF_NO_LANGUAGE.includes(word));
    expect(shared.sort()).toEqual(SHARED[language]);
  });

  it.each(LANGUAGES)('%s keeps everything in its place, and every statement accessible', async (language) => {
    for (const pageSize of ['LETTER', 'A4'] as const) {
      for (const document of everyStatement(language, pageSize)) {
        const bytes = render(document);
        expect(await misplacedTexts(await openPdf(bytes))).toEqual([]);
        if (pageSize === 'A4') expect(pdfUaProblems(bytes)).toEqual([]);
      }
    }
  });
});

/** Amounts of a table's row as decimals. */
function amountsOf(row: readonly string[] = [], thousands: RegExp): string[] {
  return row.slice(-3).map((cell) => Decimal.parse(cell.replaceAll(thousands, '').replace(',', '.').replace('−', '-')).toString());
}

describe('a statement read back by another program', () => {
  const services = [
    { fundOrg: '12345-67890', serviceName: 'GPU', source: 'HPC', ...moneyTriple('123456.5', '1234.56') },
    { fundOrg: '12345-67890', serviceName: 'Band', source: 'HPC', ...moneyTriple('-3', '-3') },
  ];
  const charges = [statementCharge({ list: '123456.5', due: '1234.56' }), statementCharge({ list: '-3', due: '-3', note: 'credit' })];
  const read = async (locale: string) => {
    const bytes = render(statementDocument({ services, charges, locale, currency: currency('EUR'), revision: 2 }));
    const { info } = await (await openPdf(bytes)).getMetadata();
    return { ...(await readStatement(bytes)), info: info as Record<string, unknown> };
  };
  const total = ['123453.5', '-122221.94', '1231.56'];

  it('is German where the reader’s locale is', async () => {
    const { paragraphs, tables, info } = await read('de-DE');
    expect(info).toMatchObject({ Language: 'de-DE', Subject: 'Kosten für 2025-01, Fassung 2' });
    expect(info['Title']).toMatch(/^Abrechnung für Januar 2025: genome-atlas/);
    for (const part of ['Abrechnung für Januar 2025', 'Zu zahlender Betrag 1.231,56 €', 'Nachlass (99 %) −122.221,94 €', 'Fassung 2'])
      expect(paragraphs).toContain(part);
    expect([...tables.keys()]).toEqual(['Kosten nach Dienst', 'Einzelposten']);
    for (const rows of tables.values()) expect(amountsOf(rows.at(-1), /\./g)).toEqual(total);
    expect(tables.get('Kosten nach Dienst')?.map(([first]) => first)).toEqual(['GPU HPC · 1 Posten', 'Band HPC · 1 Posten', 'Summe']);
    expect(tables.get('Einzelposten')?.[1]?.[1]).toBe('i-0a1b2c3d4e5f67890 Gutschrift');
  });

  it('is French where the reader’s locale is', async () => {
    const { paragraphs, tables, info } = await read('fr-CA');
    expect(info).toMatchObject({ Language: 'fr-CA', Subject: 'Frais de 2025-01, version 2' });
    for (const part of ['Relevé de facturation pour janvier 2025', 'Montant à payer 1 231,56 €', 'Version 2'])
      expect(paragraphs).toContain(part);
    expect([...tables.keys()]).toEqual(['Frais par service', 'Détail des frais']);
    for (const rows of tables.values()) expect(amountsOf(rows.at(-1), /[\s\u00a0\u202f]/g)).toEqual(total);
    expect(paragraphs.some((text) => text.startsWith('Code de vérification 9f2c41d07be3 : '))).toBe(true);
  });

  it('is English with the numbers of the locale where nobody speaks its language', async () => {
    const { paragraphs, info } = await read('gsw-CH');
    expect(info).toMatchObject({ Language: 'en' });
    expect(paragraphs).toContain('Statement for January 2025');
    expect(paragraphs.join()).toMatch(/Amount due 1['’]231\.56 €/);
  });
});

describe('an organisation’s own labels', () => {
  const charges = [statementCharge({ list: '10', due: '4' })];
  const services = [{ fundOrg: '12345-67890', serviceName: 'GPU', source: 'HPC', ...moneyTriple('10', '4') }];

  it('go before those of the language, wherever they are used', async () => {
    const words = { fundOrg: 'Innenauftrag', resource: 'Gerät', verificationCode: 'Kontrollzahl', amountDue: 'Wird  abgebucht' };
    const changes = { since: 1, addedCount: 1, goneCount: 0, changedCount: 0, dueBefore: '1.00', dueAfter: '4.00', services: [] };
    const one = { fundOrg: '12345-67890', serviceName: 'GPU', dueBefore: '1.00', dueAfter: '4.00' };
    const text = await allTexts([
      statementDocument({ services, charges, words, locale: 'de-DE', revision: 2, changes: { ...changes, services: [one] } }),
    ]);
    for (const part of ['Innenauftrag 12345-67890', 'Gerät', 'Kontrollzahl 9f2c41d07be3:', 'Wird abgebucht 1,00', 'Abrechnung für'])
      expect(text).toContain(part);
    expect(text).not.toMatch(/Kontierung|Ressource|Prüfcode|Zu zahlender Betrag (?!betrug)/);
  });

  it('stay in their place, of any length', async () => {
    const words = Object.fromEntries(STATEMENT_LABELS.map((label) => [label, `${label} ${'Wörter '.repeat(40)}`]));
    for (const document of everyStatement('de')) {
      const bytes = render({ ...document, words: { ...document.words, ...words } });
      expect(pdfUaProblems(bytes)).toEqual([]);
      expect(await misplacedTexts(await openPdf(bytes))).toEqual([]);
    }
  });

  it('are listed for those who choose them, each with what it says in English', () => {
    const page = readFileSync('docs/how-to/statement-looks.md', 'utf8');
    for (const label of STATEMENT_LABELS) {
      const key = label.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const row = page.split('\n').find((line) => line.startsWith(`| \`${key}\` `));
      expect(row?.split('|')[2]?.trim(), label).toBe(STATEMENT_WORDS.en[label]);
    }
  });
});
