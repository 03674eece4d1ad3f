import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { describe, expect, it } from 'vitest';
import { billingPeriod, currency, DomainError } from '#kernel';
import renderInWorker from './render.worker.js';
import { moneyTriple, render, statementCharge, statementDocument, type WholeStatement } from './statement-document.factory.js';
import { chargesToTransfer, toTransfer } from './statement-transfer.js';
import { misplacedTexts } from '../testing/pdf-placement.js';
import { openPdf, textOfPages } from '../testing/pdf-text.js';

interface StructureNode {
  readonly role?: string;
  readonly children?: readonly StructureNode[];
}

async function open(document: WholeStatement): Promise<PDFDocumentProxy> {
  return openPdf(render(document));
}

async function textOf(document: WholeStatement): Promise<string> {
  return (await textOfPages(await open(document))).join('\n');
}

function rolesIn(node: StructureNode): string[] {
  return [...(node.role === undefined ? [] : [node.role]), ...(node.children ?? []).flatMap(rolesIn)];
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

const F = '12345-67890';
const ec2 = { fundOrg: F, serviceName: 'Amazon Elastic Compute Cloud', source: 'AWS' };
const hpc = { fundOrg: F, serviceName: 'HPC compute hours', source: 'HPC cluster' };

describe('renderStatementPdf', () => {
  it('shows list price, discount in money and percent, and the amount due', async () => {
    const text = await textOf(
      statementDocument({
        services: [
          { ...ec2, ...moneyTriple('1000', '1000') },
          { ...hpc, ...moneyTriple('1640.5', '13.6') },
        ],
      }),
    );
    for (const part of ['$2,640.50', '−$1,626.90', '61.6%', '$1,013.60', 'Amount due']) expect(text).toContain(part);
    expect(text).toMatch(/HPC compute hours\|.*1,640\.50\|.*−1,626\.90\|.*13\.60/);
  });

  it('leaves the discount summary out where nothing is discounted', async () => {
    const text = await textOf(statementDocument({ services: [{ ...ec2, ...moneyTriple('7', '7') }] }));
    expect(text).toContain('$7.00');
    expect(text).not.toContain('Discount (');
    expect(text).not.toContain('−');
  });

  it('shows charges with all their decimals, and the rounded total below', async () => {
    const text = await textOf(
      statementDocument({
        services: [{ ...ec2, ...moneyTriple('3.68', '3.68') }],
        charges: [statementCharge({ list: '2.675', due: '2.675' }), statementCharge({ list: '1.000005', due: '1.000005', note: 'credit' })],
      }),
    );
    for (const part of ['|2.675|', '1.000005', 'Credit', 'i-0a1b2c3d4e5f67890', '2025-01-15']) expect(text).toContain(part);
    expect(text).toMatch(/Total\|.*3\.68\|.*0\.00\|.*3\.68/);
    expect(text).toContain('Amounts are rounded once per service and account');
  });

  it('gives each of several fund/orgs a subtotal', async () => {
    const text = await textOf(
      statementDocument({
        services: [
          { ...ec2, ...moneyTriple('10', '10') },
          { ...hpc, ...moneyTriple('5.55', '2.22') },
          { ...ec2, fundOrg: '999-1', ...moneyTriple('100', '100') },
        ],
      }),
    );
    expect(text).toMatch(/Fund\/org 12345-67890\|.*15\.55\|.*−3\.33\|.*12\.22/);
    expect(text).toMatch(/Fund\/org 999-1\|.*100\.00\|.*0\.00\|.*100\.00/);
  });

  it('calls a negative amount due a credit balance', async () => {
    const text = await textOf(statementDocument({ services: [{ ...ec2, ...moneyTriple('-250', '-250') }] }));
    expect(text).toContain('Credit balance');
    expect(text).toContain('$250.00');
    expect(text).not.toContain('Amount due');
  });

  it('repeats the heading of the charges on every page, numbers the pages, and loses no charge', async () => {
    const charges = Array.from({ length: 100 }, (_, index) => statementCharge({ resource: `vm-${index}.`, list: '1.5', due: '1.5' }));
    const document = statementDocument({ services: [{ ...ec2, ...moneyTriple('150', '150') }], charges, revision: 4 });
    const pages = await textOfPages(await open(document));
    expect(pages.length).toBeGreaterThan(2);
    pages.forEach((page, index) => {
      expect(page).toContain(`Page ${index + 1} of|${pages.length}|`);
      expect(page).toContain('Revision 4');
      expect(page).toContain('Verification code 9f2c41d07be3');
      expect(count(page, 'Resource')).toBe(1);
    });
    const all = pages.join('|');
    for (const { resource } of charges) expect(count(all, resource)).toBe(1);
  });

  it('prints a statement without charges', async () => {
    const text = await textOf(statementDocument({ services: [] }));
    expect(text).toContain('No charges were recorded');
    expect(text).toContain('$0.00');
    expect(text).toContain('Page 1 of|1|');
  });

  it('prints names in any script', async () => {
    const pdf = await open(
      statementDocument({
        organization: { name: 'Łódź Çağdaş Üniversitesi', contact: 'Ελληνικά Кириллица\nमस्ते ไทย', logo: null },
        piEmail: '李小龙@例子.中国',
        projectId: 'プロジェクト-연구-ქართული',
        services: [{ ...ec2, serviceName: 'Combining e\u0301 and 😀', ...moneyTriple('1', '1') }],
      }),
    );
    const text = (await textOfPages(pdf)).join('').replaceAll('|', '');
    for (const name of [
      'Łódź Çağdaş Üniversitesi',
      'Ελληνικά Кириллица',
      'ไทย',
      '李小龙@例子.中国',
      'プロジェクト-연구-ქართული',
      'é and 😀',
    ])
      expect(text).toContain(name);
    expect(text).not.toContain('\ufffd');
  });

  it('puts a replacement character where no font has one, and drops marks that turn the reading direction', async () => {
    const text = await textOf(statementDocument({ projectId: 'a\u{20bb7}b \u202egpj.exe\u0000', services: [] }));
    expect(text.replaceAll('|', '')).toContain('a\ufffdb gpj.exe');
  });

  it('keeps long ids and large amounts within the margins, on letter and on A4', async () => {
    for (const pageSize of ['LETTER', 'A4'] as const) {
      const pdf = await open(
        statementDocument({
          pageSize,
          projectId: 'p'.repeat(3000),
          piEmail: `${'a'.repeat(64)}@${'b'.repeat(180)}.edu`,
          services: [{ ...ec2, serviceName: 'W'.repeat(500), ...moneyTriple('123456789012345.67', '1.01') }],
          charges: [
            statementCharge({
              resource: `arn:${'0123456789abcdef'.repeat(500)}:end`,
              list: '123456789012345.678901',
              due: '1.012345',
              adjusts: { chargeId: '1-1', period: billingPeriod('2024-12'), revision: null, reason: 'n'.repeat(999) },
            }),
          ],
          references: [{ label: 'L'.repeat(200), value: 'V'.repeat(2000) }],
          warnings: [{ kind: 'late-charges', count: 1, due: `${'9'.repeat(99)}.5` }],
        }),
      );
      expect(await misplacedTexts(pdf)).toEqual([]);
    }
  });

  it('writes amounts as the locale and the currency want them', async () => {
    const german = await textOf(
      statementDocument({ locale: 'de-DE', currency: currency('EUR'), services: [{ ...ec2, ...moneyTriple('1234567.5', '1234567.5') }] }),
    );
    expect(german).toContain('1.234.567,50');
    const yen = await textOf(statementDocument({ currency: currency('JPY'), services: [{ ...ec2, ...moneyTriple('1250', '1250') }] }));
    expect(yen).toContain('¥1,250');
    expect(yen).not.toContain('1,250.0');
  });

  it('is tagged, with a title and a language', async () => {
    const pdf = await open(
      statementDocument({
        locale: 'en-GB',
        services: [{ ...ec2, ...moneyTriple('2', '1') }],
        charges: [statementCharge({ list: '2', due: '1' })],
      }),
    );
    const info = (await pdf.getMetadata()).info as Record<string, unknown>;
    expect(info['Title']).toBe('Statement for January 2025: genome-atlas, ada.lovelace@example.edu');
    expect(info['Language']).toBe('en-GB');
    expect((await pdf.getMarkInfo())?.Marked).toBe(true);
    const tree = (await (await pdf.getPage(1)).getStructTree()) as StructureNode;
    const roles = rolesIn(tree);
    const tally = (role: string): number => roles.filter((found) => found === role).length;
    expect(tally('Document')).toBe(1);
    expect(tally('H1')).toBe(1);
    expect(tally('H2')).toBe(2);
    expect(tally('Table')).toBe(2);
    // Five and six columns, and a total in either table.
    expect(tally('TH')).toBe(13);
    // Two rows in either table besides the headings: one line, one total.
    expect(tally('TR')).toBe(6);
    expect(tally('TD')).toBe(20);
  });

  it('gives the same bytes for the same statement, also by way of a worker', async () => {
    const document = statementDocument({
      services: [{ ...hpc, ...moneyTriple('0.3', '0.1') }],
      charges: [statementCharge({ list: '0.3000001', due: '1E-7' })],
    });
    const bytes = render(document);
    expect(Buffer.compare(Buffer.from(render(document)), Buffer.from(bytes))).toBe(0);
    const { charges, ...rest } = document;
    const task = structuredClone({ document: toTransfer(rest), charges: chargesToTransfer(charges), more: null });
    const { rest: rendered } = await renderInWorker(task);
    expect(Buffer.compare(Buffer.from(rendered), Buffer.from(bytes))).toBe(0);
  });

  it('refuses a logo that is no picture, and says what to do', async () => {
    const organization = { name: 'X', contact: null, logo: new TextEncoder().encode('<svg/>') };
    expect(() => render(statementDocument({ organization, services: [] }))).toThrow(DomainError);
  });

  it('names what it corrects of earlier statements, by statement and reason, and at each charge', async () => {
    const reason = 'Half a day of outage of the GPU nodes, as agreed with the faculty in January';
    const adjusts = { chargeId: '3-17', period: billingPeriod('2024-12'), revision: 2, reason };
    const document = statementDocument({
      services: [{ fundOrg: '12345-67890', serviceName: 'Amazon Elastic Compute Cloud', source: 'AWS', ...moneyTriple('76', '62.67') }],
      charges: [
        statementCharge({ list: '120', due: '100' }),
        statementCharge({ list: '-40', due: '-33.333333', adjusts }),
        statementCharge({ list: '-8', due: '-7', adjusts: { ...adjusts, chargeId: '3-18' } }),
        statementCharge({ list: '-4', due: '-4', adjusts: { ...adjusts, reason: 'Wrong grant', revision: null } }),
      ],
    });
    const text = await wordsOf(document);
    expect(text).toContain('Corrections of earlier statements');
    expect(text).toContain(`December 2024, revision 2 ${reason} 2 −48.00 7.666667 −40.333333`);
    expect(text).toMatch(/December 2024 Wrong grant 1 /);
    expect(text).toContain('Corrects charge 3-18 of 2024-12: Half a day of outage');
    const without = statementDocument({ services: document.services, charges: document.charges.slice(0, 1) });
    expect(await wordsOf(without)).not.toContain('Corrections');
  });
});

async function wordsOf(document: WholeStatement): Promise<string> {
  const pages = await textOfPages(await openPdf(render(document)));
  return pages.join('|').replaceAll('|', ' ').replaceAll(/\s+/g, ' ');
}
