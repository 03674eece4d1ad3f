import { describe, expect, it } from 'vitest';
import { billingPeriod, currency, Decimal } from '#kernel';
import { composeStatementMessage } from './compose-statement-message.js';
import type { MessageStatement, StatementMessageInput } from './statement-message.js';

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
