import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { composeMail } from './compose-mail.js';
import type { MailMessage } from './mail-transport.js';

const message: MailMessage = {
  messageId: 'delivery-1@billing.example.edu',
  from: { name: 'Recherche, Łódź', address: 'billing@example.edu' },
  to: 'ada@example.edu',
  cc: ['bo@example.edu'],
  replyTo: 'office@example.edu',
  subject: 'Charges – January 2025',
  text: 'Total: $12.50\n',
  html: '<p>Total: $12.50</p>',
  attachments: [],
};

/** Words that a message in the wild may hold: of any script, and what MIME itself is written with. */
const words = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('--', '=', '=3D', '.', 'From ', ' ', '\t', '\n', '€ 1 234,50', '=?UTF-8?Q?x?='),
    ),
  )
  .map((parts) => parts.join(''));
const line = words.map((text) =>
  text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim(),
);
const sameText = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[ \t]+$/gm, '')
    .trimEnd();

describe('composeMail', () => {
  it('says everything so that a mail program reads it as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        line.filter((text) => !text.includes('=?')),
        words,
        words,
        fc.array(fc.record({ fileName: line.map((text) => `${text}x.pdf`), content: fc.uint8Array({ maxLength: 400 }) }), { maxLength: 3 }),
        async (subject, text, html, attachments) => {
          const written = await composeMail({ ...message, subject, text: `${text}.\n`, html: `<p>${html}</p>`, attachments });
          expect(written.toString('latin1')).not.toMatch(/(^|[^\r])\n|\r(?!\n)/);
          const mail = await PostalMime.parse(written);
          expect(mail.subject ?? '').toBe(subject);
          expect(sameText(mail.text ?? '')).toBe(sameText(`${text}.\n`));
          expect(sameText(mail.html ?? '')).toBe(sameText(`<p>${html}</p>`));
          expect(mail.attachments.map(({ content }) => Buffer.from(content as ArrayBuffer))).toEqual(
            attachments.map(({ content }) => Buffer.from(content)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([1, 56, 57, 58, 114, 30_000])('writes %i bytes in lines that no server breaks', async (length) => {
    const content = Buffer.alloc(length, 7);
    const written = (await composeMail({ ...message, attachments: [{ fileName: 'état 2025-01.pdf', content }] })).toString('latin1');
    expect(Math.max(...written.split('\r\n').map((each) => each.length))).toBeLessThanOrEqual(76);
    const [attachment] = (await PostalMime.parse(written)).attachments;
    expect(attachment).toMatchObject({ filename: 'état 2025-01.pdf', mimeType: 'application/pdf' });
    expect(Buffer.from(attachment?.content as ArrayBuffer).equals(content)).toBe(true);
  });
});
