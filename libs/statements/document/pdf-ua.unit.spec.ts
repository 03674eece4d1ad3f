import { once } from 'node:events';
import PDFDocument from 'pdfkit';
import { describe, expect, it } from 'vitest';
import { billingPeriod, Decimal } from '#kernel';
import { pdfUaProblems } from '../testing/pdf-ua.js';
import { pngOf } from '../testing/png.js';
import { moneyTriple, render, statementCharge, statementDocument, type StatementInput } from './statement-document.factory.js';

const F = '12345-67890';
const ec2 = { fundOrg: F, serviceName: 'Amazon Elastic Compute Cloud', source: 'AWS', ...moneyTriple('150', '120') };
const charges = Array.from({ length: 60 }, (_, index) => statementCharge({ resource: `vm-${index}`, list: '2.5', due: '2' }));

const STATEMENTS: readonly (readonly [name: string, input: StatementInput])[] = [
  ['without charges', { services: [] }],
  [
    'of several pages',
    {
      services: [ec2],
      charges,
      references: [{ label: 'Grant', value: 'NSF-1' }],
      warnings: [{ kind: 'project-end', day: '2025-02-14', isPast: false }],
    },
  ],
  [
    'with everything',
    {
      services: [ec2, { ...ec2, fundOrg: '999', serviceName: 'Storage' }],
      charges: [
        ...charges,
        statementCharge({
          list: '-1',
          due: '-1',
          fundOrg: '999',
          adjusts: { chargeId: '1-2', period: billingPeriod('2024-11'), revision: 1, reason: 'An outage' },
        }),
        statementCharge({ list: '1', due: '1', fundOrg: '999', part: { share: '60%', chargeId: '3-17' }, resource: 'x'.repeat(900) }),
      ],
      organization: { logo: pngOf(40, 20, 6), footer: 'A footer' },
      words: { introduction: 'Before the figures.', closing: 'After them.\nAnd more.' },
      history: [
        { period: billingPeriod('2024-12'), due: Decimal.parse('80') },
        { period: billingPeriod('2025-01'), due: Decimal.parse('120') },
      ],
      changes: {
        since: 1,
        addedCount: 1,
        goneCount: 0,
        changedCount: 0,
        dueBefore: '100.00',
        dueAfter: '120.00',
        services: [{ fundOrg: F, serviceName: 'Storage', dueBefore: '0.00', dueAfter: '20.00' }],
      },
    },
  ],
  [
    'in many scripts',
    {
      projectId: '李小龙 <&> "Łódź" مرحبا שלום ไทย नमस्ते 한국 😀 \u{20bb7}',
      organization: { name: 'Çağdaş & Söhne', contact: 'Ελληνικά\nКириллица' },
      services: [{ ...ec2, serviceName: 'プロジェクト' }],
      charges: [statementCharge({ resource: 'ქართული', list: '1', due: '1' })],
    },
  ],
  [
    'summarized, with credits only',
    {
      services: [{ ...ec2, ...moneyTriple('-5', '-5') }],
      charges: [statementCharge({ list: '-5', due: '-5', lineCount: 3 })],
      summarized: true,
    },
  ],
];

describe('a statement as PDF/UA-1, told by another program than the one that wrote it', () => {
  it.each(STATEMENTS)('has nothing against it %s', (_, input) => {
    expect(pdfUaProblems(render(statementDocument(input)))).toEqual([]);
  });

  it('has much against a PDF without tags', async () => {
    const plain = new PDFDocument();
    const parts: Uint8Array[] = [];
    plain.on('data', (part: Uint8Array) => parts.push(part));
    plain.text('Amount due');
    plain.end();
    await once(plain, 'end');
    const problems = pdfUaProblems(Buffer.concat(parts));
    expect(problems).toContain('the document is not marked as tagged');
    expect(problems).toContain('the document has no language');
    expect(problems.join()).toContain('draws with TJ outside of marked content');
    expect(problems.join()).toContain('is not embedded');
  });
});
