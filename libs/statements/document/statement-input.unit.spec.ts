import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { openPdf, textOfPages } from '../testing/pdf-text.js';
import { pdfUaProblems } from '../testing/pdf-ua.js';
import { pngOf } from '../testing/png.js';
import { StatementPdf } from './render-statement-pdf.js';
import { moneyTriple, render, statementCharge, statementDocument, type StatementInput } from './statement-document.factory.js';

const { resolve } = createRequire(import.meta.url);
const compute = { fundOrg: '12345-67890', serviceName: 'Compute', source: 'HPC' };

function withLogo(logo: Uint8Array): Uint8Array {
  return render(statementDocument({ organization: { logo }, services: [] }));
}

async function textOf(input: StatementInput): Promise<string> {
  return (await textOfPages(await openPdf(render(statementDocument(input))))).join('').replaceAll('|', '');
}

/** The frame of a JPEG: 30 × 20 pixels with so many colours. */
function jpegOf(components: number): Uint8Array {
  const frame = [0xff, 0xc0, 0, 8 + 3 * components, 8, 0, 20, 0, 30, components, ...Array.from({ length: 3 * components }, () => 1)];
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, ...frame, 0xff, 0xd9]);
}

describe('the logo', () => {
  it.each<[string, Uint8Array, string]>([
    ['a text', new TextEncoder().encode('<svg/>'), 'is neither a PNG nor a JPEG file'],
    ['nothing', new Uint8Array(), 'is neither a PNG nor a JPEG file'],
    ['a PNG that breaks off', pngOf(40, 20, 2).subarray(0, 60), 'is a PNG that is damaged'],
    ['a PNG without its last rows', pngOf(40, 20, 2, { pixels: deflateSync(Buffer.alloc(121)) }), 'is a PNG that breaks off'],
    ['an interlaced PNG', pngOf(40, 20, 2, { interlaced: true }), 'is an interlaced PNG'],
    ['a PNG of a billion pixels', pngOf(40_000, 25_000, 0), 'has 40000 × 25000 pixels'],
    ['a PNG without pixels', pngOf(0, 0, 0), 'has no pixels'],
    ['a palette that is missing', pngOf(4, 4, 3), 'colours are missing'],
    ['a PNG of no known sort', pngOf(4, 4, 5), 'of a sort that does not exist'],
    ['a JPEG that breaks off', jpegOf(3).subarray(0, 8), 'is a JPEG that breaks off'],
  ])('is refused if it is %s', (_, logo, reason) => {
    expect(() => withLogo(logo)).toThrow(
      expect.objectContaining({ code: 'statement.logo_unreadable', detail: expect.stringContaining(reason) as string }),
    );
  });

  const palette = ['PLTE', Buffer.from([0, 0, 0, 255, 255, 255])] as const;
  it.each<[string, Uint8Array]>([
    ['grey', pngOf(40, 20, 0)],
    ['grey of one bit', pngOf(41, 20, 0, { bits: 1 })],
    ['colour', pngOf(40, 20, 2)],
    ['colour with a transparent one', pngOf(40, 20, 2, { chunks: [['tRNS', Buffer.from([0, 1, 0, 1, 0, 1])]] })],
    ['a palette', pngOf(40, 20, 3, { bits: 1, chunks: [palette] })],
    ['a palette with transparency', pngOf(40, 20, 3, { bits: 1, chunks: [palette, ['tRNS', Buffer.from([0])]] })],
    ['grey with transparency', pngOf(40, 20, 4)],
    ['colour with transparency of 16 bits', pngOf(40, 20, 6, { bits: 16 })],
    ['JPEG in grey', jpegOf(1)],
    ['JPEG in colour', jpegOf(3)],
    ['JPEG for print', jpegOf(4)],
  ])('is taken in %s', (_, logo) => {
    expect(pdfUaProblems(withLogo(logo))).toEqual([]);
  });
});

describe('ids and names of any kind', () => {
  it.each([
    ['a path', '../../etc/passwd', '../../etc/passwd'],
    ['500 characters', 'x'.repeat(500), 'x…x'],
    ['emoji', 'lab-🔬-👩🏽‍🔬', 'lab-\ufffd-'],
    ['right-to-left', 'مشروع', ''],
    ['a bidi override', 'a\u202egpj.exe', 'agpj.exe'],
    ['HTML', '<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['PDF operators', ') Tj ET (\\', ') Tj ET (\\'],
  ])('are printed: %s', async (_, projectId, printed) => {
    const input = { projectId, piEmail: `${projectId}@example.edu`, services: [{ ...compute, ...moneyTriple('1', '1') }] };
    expect(pdfUaProblems(render(statementDocument(input)))).toEqual([]);
    expect((await textOf(input)).replaceAll(/x+/g, 'x')).toContain(printed);
  });
});

describe('amounts', () => {
  it('may be as large as 10^15, and credits', async () => {
    const text = await textOf({
      services: [{ ...compute, ...moneyTriple('1000000000000000.01', '-1000000000000000') }],
      charges: [statementCharge({ list: '1000000000000000.01', due: '-1000000000000000' })],
    });
    for (const part of [
      'Credit balance',
      '$1,000,000,000,000,000.00',
      '1,000,000,000,000,000.01',
      '−1,000,000,000,000,000.00',
      'nothing is to be paid',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('Amount due');
  });
});

describe('a font of the organisation', () => {
  const regular = resolve('@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf');
  const theme = { accent: '#1d4f91', fonts: { regular, semibold: null } };

  it('is helped out by the fonts of the program, and tells where', async () => {
    const { charges, ...document } = statementDocument({ theme, projectId: 'Łódź-\u{20bb7}', services: [] });
    const pdf = new StatementPdf(document);
    const bytes = Buffer.concat([pdf.add(charges), pdf.end()]);
    expect(pdf.glyphs.lacking).toBe('\u{20bb7}');
    expect(pdf.glyphs.substituted).toContain('ź');
    expect(pdf.glyphs.substituted).not.toContain('e');
    expect((await textOfPages(await openPdf(bytes))).join('').replaceAll('|', '')).toContain('Łódź-\ufffd');
  });

  it('is not spoken of where the program’s own do', () => {
    const { charges, ...document } = statementDocument({ projectId: '李', services: [] });
    const pdf = new StatementPdf(document);
    pdf.add(charges);
    pdf.end();
    expect(pdf.glyphs).toEqual({ lacking: '', substituted: '' });
  });
});

describe('what an organisation chooses', () => {
  it('stands on the statement', async () => {
    const words = {
      title: 'Abrechnung',
      amountDue: 'Zu zahlen',
      listPrice: 'Listenpreis',
      discount: 'Zuschuss',
      introduction: 'Guten Tag.',
      closing: 'Mit Dank.',
    };
    const text = await textOf({
      words,
      organization: { footer: 'USt-IdNr. DE123' },
      services: [{ ...compute, ...moneyTriple('10', '4') }],
    });
    for (const part of [
      'Abrechnung January 2025',
      'Zu zahlen',
      'Listenpreis',
      'Zuschuss (60%)',
      'Guten Tag.',
      'Mit Dank.',
      'USt-IdNr. DE123',
    ])
      expect(text).toContain(part);
  });

  it('says the last periods in words for those who can’t see the line', async () => {
    const history = ['2024-11', '2024-12', '2025-01'].map((period, index) => ({
      period: billingPeriod(period),
      due: moneyTriple('0', `${index}00.5`).due,
    }));
    const bytes = render(statementDocument({ history, services: [] }));
    const tree = JSON.stringify(await (await (await openPdf(bytes)).getPage(1)).getStructTree());
    expect(tree).toContain('Last 3 periods: November 2024 $0.50, December 2024 $100.50, January 2025 $200.50.');
  });

  it('marks parts of divided charges', async () => {
    const text = await textOf({
      services: [{ ...compute, ...moneyTriple('6', '6') }],
      charges: [statementCharge({ list: '6', due: '6', part: { share: '60%', chargeId: '3-17' } })],
    });
    expect(text).toContain('60% of charge 3-17');
  });

  it('shows a row for each resource, if so asked', async () => {
    const text = await textOf({
      services: [{ ...compute, ...moneyTriple('6', '6') }],
      charges: [statementCharge({ list: '6', due: '6', lineCount: 1234, note: { from: '2025-01-01', until: '2025-01-31' } })],
      summarized: true,
    });
    for (const part of ['One row for each resource', '1,234', '2025-01-01 to 2025-01-31']) expect(text).toContain(part);
  });
});
