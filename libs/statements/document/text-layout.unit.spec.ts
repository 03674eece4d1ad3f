import { describe, expect, it } from 'vitest';
import { fontStack } from './statement-fonts.js';
import { fitLines, printable, type TextStyle, textWidth } from './text-layout.js';

const style: TextStyle = { size: 9, font: fontStack('regular', null), color: '#000000' };

describe('printable', () => {
  it.each([
    ['a\u202etxt.exe\u2066b', 'atxt.exeb'],
    ['a\r\n\tb\u0000', 'a b'],
    ['half \ud800 pair', 'half \ufffd pair'],
    ['e\u0301', 'é'],
  ])('turns %j into %j', (text, printed) => {
    expect(printable(text)).toBe(printed);
  });
});

describe('fitLines', () => {
  it('breaks at blanks first, and keeps the words apart', () => {
    expect(fitLines('Amazon Elastic Compute Cloud', style, 80, 3)).toEqual(['Amazon Elastic ', 'Compute Cloud']);
  });

  it('keeps together what a blank holds together that does not break', () => {
    const lines = fitLines('Le montant est de 1\u202f234,50\u00a0€ par mois', style, 90, 3);
    expect(lines.map((line) => line.trim())).toEqual(['Le montant est de', '1\u202f234,50\u00a0€ par mois']);
  });

  it('breaks ids behind their separators', () => {
    const lines = fitLines('arn:aws:s3:::genome-atlas/raw/reads', style, 90, 4);
    expect(lines.join('')).toBe('arn:aws:s3:::genome-atlas/raw/reads');
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/[:/-]$/);
  });

  it('takes out the middle of what is too long, and fills the room', () => {
    const id = `start-${'0123456789'.repeat(30)}-end`;
    const lines = fitLines(id, style, 120, 2);
    expect(lines).toHaveLength(2);
    expect(lines.join('')).toMatch(/^start-0.*….*9-end$/);
    for (const line of lines) expect(textWidth(line, style)).toBeLessThanOrEqual(120.1);
    expect(lines.reduce((sum, line) => sum + textWidth(line, style), 0)).toBeGreaterThan(200);
  });

  it('never cuts a letter from its marks', () => {
    const scientists = '👩‍🔬'.repeat(80);
    for (const line of fitLines(scientists, style, 60, 1)) expect(line.replace('…', '')).toMatch(/^(👩‍🔬)*$/u);
  });
});
