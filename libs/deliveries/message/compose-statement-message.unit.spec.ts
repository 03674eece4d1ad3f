import { describe, expect, it } from 'vitest';
import { billingPeriod, type Counted, counted, currency, Decimal, LANGUAGES } from '#kernel';
import { composeStatementMessage } from './compose-statement-message.js';
import type { MessageStatement, StatementMessageInput } from './statement-message.js';
import { messageContext } from './template-context.js';
import type { MessageWords } from './words/message-words.js';
import { MESSAGE_WORDS } from './words/words-of.js';

function statement(list: string, due: string, changes: Partial<MessageStatement> = {}): MessageStatement {
  const listed = Decimal.parse(list);
  const owed = Decimal.parse(due);
  return {
    projectId: 'genome-atlas',
    fundOrgs: ['12345-67890'],
    list: listed,
    discount: listed.minus(owed),
    due: owed,
    revision: 2,
    fileName: 'statement.pdf',
    link: null,
    ...changes,
  };
}

function input(statements: readonly MessageStatement[], changes: Partial<StatementMessageInput> = {}): StatementMessageInput {
  return {
    organization: 'Research Computing',
    contact: 'billing@rc.example.edu\n+1 555 010 0199',
    period: billingPeriod('2025-01'),
    piEmail: 'ada@example.edu',
    recipient: 'ada@example.edu',
    currency: currency('USD'),
    locale: 'en-US',
    subjectTemplate: 'Research Computing Charges - {billing_period}',
    statements,
    linksExpireAt: null,
    ...changes,
  };
}

const amountsIn = (text: string): string[] => [...new Set(text.match(/−?\$[\d,]+\.\d{2}/g))].sort();

describe('composeStatementMessage', () => {
  it('lists projects, totals and savings, the same in text and HTML', () => {
    const message = composeStatementMessage(
      input([
        statement('1000.10', '400.05'),
        statement('2000', '2000', { projectId: 'climate', fundOrgs: ['1-2', '3-4'], fileName: 'climate.pdf' }),
      ]),
    );
    expect(message.subject).toBe('Research Computing Charges - 2025-01');
    expect(amountsIn(message.text)).toEqual(
      ['$0.00', '$1,000.10', '$2,000.00', '$2,400.05', '$3,000.10', '$400.05', '$600.05', '−$600.05'].sort(),
    );
    expect(amountsIn(message.html)).toEqual(amountsIn(message.text));
    for (const part of [
      'January 2025',
      'genome-atlas',
      'climate',
      '1-2, 3-4',
      'statement.pdf',
      'revision 2',
      'billing@rc.example.edu',
      '20%',
    ]) {
      expect(message.text).toContain(part);
      expect(message.html).toContain(part);
    }
  });

  it('says nothing of discounts where there are none, and nothing of a total for one project', () => {
    const { text, html } = composeStatementMessage(input([statement('5', '5')]));
    for (const body of [text, html]) {
      expect(body).not.toMatch(/Discount|List price|You save|>Total</);
      expect(body).toContain('$5.00');
    }
    expect(text).not.toContain('Total');
  });

  it('calls a negative total a credit balance', () => {
    const { text, html } = composeStatementMessage(input([statement('-20', '-20')]));
    for (const body of [text, html]) {
      expect(body).toContain('Credit balance');
      expect(body).toContain('$20.00');
      expect(body).not.toContain('Amount due');
    }
  });

  it('escapes whatever the files put into names', () => {
    const evil = `<img src=x onerror="alert('1')">&amp;`;
    const { html } = composeStatementMessage(
      input([statement('2', '1', { projectId: evil, fundOrgs: [evil], fileName: evil })], {
        organization: evil,
        contact: evil,
        piEmail: evil,
        locale: 'en-US',
      }),
    );
    expect(html).not.toContain('<img');
    expect(html).not.toContain(`alert('1')`);
    expect(html.split('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;').length).toBeGreaterThan(5);
  });

  it('keeps the subject one line, whatever the template holds', () => {
    const { subject } = composeStatementMessage(
      input([statement('1', '1')], { subjectTemplate: `Charges\r\nBcc: all@example.edu\u0000 {billing_period} ${'x'.repeat(500)}` }),
    );
    expect(subject).toMatch(/^Charges Bcc: all@example\.edu 2025-01 x+$/);
    expect(subject.length).toBe(200);
  });

  it('lets no name start a line of its own in the text', () => {
    const { text } = composeStatementMessage(input([statement('1', '1', { projectId: 'p\nAmount due      $0.00' })]));
    expect(text.split('\n').filter((line) => line.trim().startsWith('Amount due'))).toEqual(['  Amount due      $1.00']);
  });

  it('refuses to write without statements', () => {
    expect(() => composeStatementMessage(input([]))).toThrow(/no statement of 2025-01/);
  });

  it('links to PDFs that are too large to be attached, and says until when', () => {
    const link = 'https://billing.example.edu/api/v1/statement-links?token=a.b&x';
    const message = composeStatementMessage(input([statement('5', '5', { link })], { linksExpireAt: new Date('2025-03-05T12:00:00Z') }));
    for (const part of [message.text, message.html]) {
      expect(part).toContain('you find it here until March 5, 2025');
      expect(part).not.toContain('Attached');
    }
    expect(message.text).toContain(link);
    expect(message.html).toContain(`href="${link.replace('&', '&amp;')}"`);
  });

  it('tells a delegate whose charges these are', () => {
    const message = composeStatementMessage(input([statement('5', '5')], { recipient: 'bo@example.edu' }));
    for (const part of [message.text, message.html]) {
      expect(part).toContain('Here are the research computing charges of ada@example.edu for January 2025');
    }
  });
});

/** What is read of the HTML, without its tags. */
function readable(html: string): string {
  const body = html.slice(html.indexOf('<body'));
  return body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');
}

function wordsIn(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/\p{L}{2,}/gu))].sort();
}

describe('a message in the reader’s language', () => {
  const two = [
    statement('1500', '400.05', { projectId: 'zyxw', fileName: 'zyxw.zyxw' }),
    statement('-3', '-3', { projectId: 'zyxw', fileName: 'zyxw.zyxw' }),
  ];
  const german = { locale: 'de-DE', currency: currency('EUR'), subjectTemplate: 'Kosten {period_title} ({billing_period})' };

  it('says the same in text and HTML, in German', () => {
    const { subject, text, html } = composeStatementMessage(input(two, german));
    expect(subject).toBe('Kosten Januar 2025 (2025-01)');
    expect(html).toContain('<html lang="de-DE">');
    for (const part of [
      'Guten Tag,',
      'hiermit erhalten Sie Ihre Kosten der Forschungs-IT für Januar 2025: 2 Projekte mit je einer Abrechnung.',
      'Sie sparen 1.099,95 € (73,5 %) gegenüber dem Listenpreis.',
      'Im Anhang finden Sie 2 Abrechnungen als PDF, in denen jeder Posten aufgeführt ist:',
      'zyxw.zyxw (Fassung 2)',
      'Haben Sie Fragen? Bitte schreiben Sie uns:',
    ]) {
      expect(text.replaceAll('\u00a0', ' ')).toContain(part);
      expect(readable(html)).toContain(part);
    }
    const amounts = (body: string): string[] => [...new Set(body.match(/−?[\d.]+,\d{2}\s€/gu))].sort();
    expect(amounts(text)).toHaveLength(9);
    expect(amounts(readable(html))).toEqual(amounts(text.replaceAll('\u00a0', ' ')));
    // The amounts of the text stand in one column.
    const columns = text.split('\n').flatMap((line) => (/^ {2}\S.*\s€$/u.test(line) ? [line.search(/\S+\s€$/u)] : []));
    expect(new Set(columns).size).toBe(1);
  });

  it('says until when links work, and whose charges a delegate reads', () => {
    const link = 'https://zyxw.example.edu/zyxw';
    const { text } = composeStatementMessage(
      input([statement('5', '5', { link })], { ...german, linksExpireAt: new Date('2025-03-05T12:00:00Z'), recipient: 'bo@example.edu' }),
    );
    expect(text).toContain('Sie finden sie bis zum 5. März 2025 hier:');
    expect(text).toContain('hiermit erhalten Sie die Kosten der Forschungs-IT von ada@example.edu für Januar 2025.');
  });

  it('calls a credit what it is in that language', () => {
    const { text, html } = composeStatementMessage(input([statement('-20', '-20')], german));
    for (const body of [text, html]) {
      expect(body).toContain('Guthaben');
      expect(body).not.toContain('Zu zahlender Betrag');
    }
    expect(html).toMatch(/<td[^>]*>Guthaben 20,00\s€<\/td>/);
  });

  it('gives templates the month in the language of the message', () => {
    const context = messageContext(input(two, german), 'x', { fromName: 'x', contactEmail: 'x' });
    expect(context['period_title']).toBe('Januar 2025');
  });

  it('is English with its numbers to readers of a language that messages don’t speak', () => {
    const { text, html } = composeStatementMessage(input(two, { ...german, locale: 'sv-SE' }));
    expect(html).toContain('<html lang="en">');
    expect(text).toContain('Here are your research computing charges for January 2025');
    expect(text.replaceAll(/\s/g, ' ')).toContain('1 497,00 €');
  });

  const few: Counted = counted(1207, 'en');
  const TOLD: { readonly [Word in keyof MessageWords as MessageWords[Word] extends string ? never : Word]: readonly (string | Counted)[] } =
    {
      chargesFor: ['#1'],
      yourCharges: ['#1'],
      chargesOf: ['#1', '#2'],
      yourChargesOfProjects: ['#1', few],
      chargesOfProjects: ['#1', '#2', few],
      savings: ['#1', '#2'],
      attached: [few],
      linked: [few, '#1'],
      revision: ['#1'],
    };

  it.each(LANGUAGES)('tells everything in %s', (language) => {
    const words: Readonly<Record<string, unknown>> = { ...MESSAGE_WORDS[language] };
    for (const [name, told] of Object.entries(TOLD)) {
      const say = words[name] as (...told: readonly (string | Counted)[]) => string;
      for (const part of told) expect(say(...told), name).toContain(typeof part === 'string' ? part : part.text);
    }
    for (const [name, text] of Object.entries(words)) if (typeof text === 'string') expect(text.trim(), name).not.toBe('');
  });

  /** Words of English that the other language has too. */
  const SHARED: Readonly<Record<string, readonly string[]>> = {
    // Of “Forschungs-IT”.
    de: ['it'],
    fr: ['message', 'questions', 'total'],
    es: ['total'],
    it: [],
    nl: ['is', 'project'],
    pt: ['total'],
  };

  it.each(Object.entries(SHARED))('leaves no word of it English in %s', (locale, shared) => {
    const texts = (language: string): string[] =>
      [null, new Date('2025-03-05T12:00:00Z')].flatMap((linksExpireAt) =>
        [two, two.slice(0, 1)].flatMap((statements) =>
          ['ada@example.edu', 'bo@example.edu'].map((recipient) => {
            const told = input(statements, { ...german, locale: language, linksExpireAt, recipient, organization: 'zyxw', contact: null });
            const { text, html } = composeStatementMessage(told);
            return `${text} ${readable(html)}`;
          }),
        ),
      );
    const english = new Set(wordsIn(texts('en').join(' ')));
    const names = ['zyxw', 'ada', 'example', 'edu', 'pdf'];
    expect(wordsIn(texts(locale).join(' ')).filter((word) => english.has(word) && !names.includes(word))).toEqual(shared);
  });
});
