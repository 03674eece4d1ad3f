import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SendMailOptions } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import { encode, wrap } from 'nodemailer/lib/qp';
import { isEmailAddress } from '#kernel';
import { MailError, type MailMessage } from './mail-transport.js';

/** @throws MailError for what is not one email address each: nothing that files or people write ever adds a line to a header. */
export function checkAddresses({ to, cc, replyTo }: MailMessage): void {
  const wrong = [to, ...cc, ...(replyTo === null ? [] : [replyTo])].find((address) => !isEmailAddress(address));
  if (wrong !== undefined) throw new MailError(false, `${JSON.stringify(wrong)} is not one email address; nothing was sent.`);
}

/** Characters of base64 on a line of a message (RFC 2045 §6.8). */
const BASE64_LINE = 76;
const CRLF = 0x0d0a;

/**
 * The message as it goes over the wire, lines ended by CRLF. The mail library makes its parts and their headers; their contents are written
 * here, because through the library's streams a PDF takes longer than everything else about a message.
 */
export async function composeMail(message: MailMessage): Promise<Buffer> {
  const attachments = message.attachments.map(async ({ fileName, content }) => ({
    filename: fileName,
    content: 'path' in content ? await readFile(content.path) : asBuffer(content),
  }));
  const options: SendMailOptions = {
    messageId: `<${bareMessageId(message.messageId)}>`,
    from: { ...message.from },
    to: { name: '', address: message.to },
    ...(message.cc.length > 0 && { cc: message.cc.map((address) => ({ name: '', address })) }),
    ...(message.replyTo !== null && { replyTo: { name: '', address: message.replyTo } }),
    subject: message.subject,
    text: withCrlf(message.text),
    html: withCrlf(message.html),
    // No out-of-office notes, please: RFC 3834, and Exchange's own word for it. A bill is no mailing list, so there are no List headers:
    // they would file it with newsletters, and nobody can unsubscribe from what they owe.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
    attachments: await Promise.all(attachments),
    // The library would draw one for each part.
    baseBoundary: randomUUID(),
  };
  return Buffer.concat([...writtenPart(new MailComposer(options).compile())]);
}

/** A part of a message with its headers, and the parts inside it (RFC 2046 §5.1). */
function* writtenPart(part: MimeNode): Generator<Buffer> {
  const encoding = part.getTransferEncoding();
  yield Buffer.from(`${part.buildHeaders()}\r\n\r\n`);
  const { content } = part;
  if (typeof content === 'string' || Buffer.isBuffer(content)) yield encoded(content, encoding);
  else if (content !== undefined) throw new Error('a part of a message is neither text nor bytes');
  if (part.boundary === undefined || part.boundary === false) return;
  for (const child of part.childNodes) {
    yield Buffer.from(`\r\n--${part.boundary}\r\n`);
    yield* writtenPart(child);
  }
  yield Buffer.from(`\r\n--${part.boundary}--\r\n`);
}

function encoded(content: string | Buffer, encoding: string | false): Buffer {
  if (encoding === 'base64') return base64Lines(Buffer.isBuffer(content) ? content : Buffer.from(content));
  return Buffer.from(encoding === 'quoted-printable' ? wrap(encode(content)) : content);
}

/** In one buffer: the base64 is written to its end, and each line is moved to its place from there, which never reaches what is still to move. */
function base64Lines(bytes: Buffer): Buffer {
  const base64 = bytes.toString('base64');
  const lines = Buffer.allocUnsafe(base64.length + 2 * Math.max(0, Math.ceil(base64.length / BASE64_LINE) - 1));
  lines.write(base64, lines.length - base64.length, 'latin1');
  let at = 0;
  for (let from = lines.length - base64.length; from < lines.length; from += BASE64_LINE) {
    if (at > 0) at = lines.writeUInt16BE(CRLF, at);
    lines.copyWithin(at, from, from + BASE64_LINE);
    at += BASE64_LINE;
  }
  return lines;
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
