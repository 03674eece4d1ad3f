import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import MimeNode from 'nodemailer/lib/mime-node';
import { encode, wrap } from 'nodemailer/lib/qp';
import { isEmailAddress } from '#kernel';
import { MailError, type MailMessage } from './mail-transport.js';
import type { MessageMemory } from './message-memory.js';

interface Address {
  readonly name: string;
  readonly address: string;
}

/** @throws MailError for what is not one email address each: nothing that files or people write ever adds a line to a header. */
export function checkAddresses({ to, cc, replyTo }: MailMessage): void {
  const wrong = [to, ...cc, ...(replyTo === null ? [] : [replyTo])].find((address) => !isEmailAddress(address));
  if (wrong !== undefined) throw new MailError(false, `${JSON.stringify(wrong)} is not one email address; nothing was sent.`);
}

/** Characters of base64 on a line of a message (RFC 2045 §6.8). */
const BASE64_LINE = 76;
const LINE_END = 0x0d0a;

const NEW_MEMORY = { take: (bytes: number): Buffer => Buffer.allocUnsafe(bytes) };

/**
 * The message as it goes over the wire, lines ended by CRLF: text and HTML as alternatives, and the attachments after them (RFC 2046 §5.1). The
 * mail library writes every header that holds words of somebody, and quoted-printable. Its own way of putting a message together takes
 * several times as long as all that, most of it for cases that a bill has none of.
 * @param memory where the message is put; new memory if nothing is said
 */
export async function composeMail(message: MailMessage, memory: Pick<MessageMemory, 'take'> = NEW_MEMORY): Promise<Buffer> {
  const contents = await Promise.all(
    message.attachments.map(async ({ content }) => ('path' in content ? readFile(content.path) : asBuffer(content))),
  );
  const boundary = randomUUID();
  const root = new MimeNode('multipart/mixed', { baseBoundary: boundary });
  root.setHeader(headersOf(message));
  const attachments = message.attachments.map(({ fileName }) =>
    root.createChild(undefined, { filename: fileName, baseBoundary: boundary }).setHeader('Content-Transfer-Encoding', 'base64'),
  );
  const head = root.buildHeaders();
  const next = `\r\n--${String(root.boundary)}`;
  return written(
    [
      `${head}\r\n${next}\r\n${alternatives(message, `alternatives-${boundary}`)}`,
      ...attachments.flatMap((part, index) => [`${next}\r\n${part.buildHeaders()}\r\n\r\n`, contents[index] ?? Buffer.alloc(0)]),
      `${next}--\r\n`,
    ],
    memory,
  );
}

function headersOf({ messageId, from, to, cc, replyTo, subject }: MailMessage): Record<string, string | Address | Address[]> {
  return {
    From: from,
    To: named(to),
    ...(cc.length > 0 && { Cc: cc.map(named) }),
    ...(replyTo !== null && { 'Reply-To': named(replyTo) }),
    Subject: subject,
    'Message-ID': `<${bareMessageId(messageId)}>`,
    // No out-of-office notes, please: RFC 3834, and Exchange's own word for it. A bill is no mailing list, so there are no List headers:
    // they would file it with newsletters, and nobody can unsubscribe from what they owe.
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'OOF, AutoReply',
  };
}

function named(address: string): Address {
  return { name: '', address };
}

function alternatives({ text, html }: MailMessage, boundary: string): string {
  const part = (subtype: string, content: string): string =>
    `--${boundary}\r\nContent-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${wrap(encode(withCrlf(content)))}\r\n`;
  return `Content-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n${part('plain', text)}${part('html', html)}--${boundary}--\r\n`;
}

/** @param pieces ASCII as it is, and bytes for base64 */
function written(pieces: readonly (string | Buffer)[], memory: Pick<MessageMemory, 'take'>): Buffer {
  const mail = memory.take(pieces.reduce((sum, piece) => sum + (typeof piece === 'string' ? piece.length : base64Length(piece)), 0));
  let at = 0;
  for (const piece of pieces) at += typeof piece === 'string' ? mail.write(piece, at, 'latin1') : writeBase64(piece, mail, at);
  return mail;
}

/** Of the base64 in lines, the last of them without its end. */
function base64Length({ length }: Buffer): number {
  const digits = 4 * Math.ceil(length / 3);
  return digits + 2 * Math.max(0, Math.ceil(digits / BASE64_LINE) - 1);
}

/** The digits go to the end of their room, and from there each line to its place, which never reaches what is still to move. @returns the length of the room */
function writeBase64(bytes: Buffer, mail: Buffer, start: number): number {
  const end = start + base64Length(bytes);
  const digits = bytes.toString('base64');
  let from = end - digits.length;
  mail.write(digits, from, 'latin1');
  for (let at = start; from < end; from += BASE64_LINE) {
    if (at > start) at = mail.writeUInt16BE(LINE_END, at);
    mail.copyWithin(at, from, Math.min(from + BASE64_LINE, end));
    at += BASE64_LINE;
  }
  return end - start;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function withCrlf(text: string): string {
  return text.replaceAll(/\r?\n/g, '\r\n');
}

export function bareMessageId(messageId: string): string {
  return messageId.replace(/^</, '').replace(/>$/, '');
}
