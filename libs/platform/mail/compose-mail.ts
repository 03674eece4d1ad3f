import type { SendMailOptions } from 'nodemailer';
import { isEmailAddress } from '#kernel';
import { MailError, type MailMessage } from './mail-transport.js';

/** @throws MailError for what is not one email address each: nothing that files or people write ever adds a line to a header. */
export function checkAddresses({ to, cc, replyTo }: MailMessage): void {
  const wrong = [to, ...cc, ...(replyTo === null ? [] : [replyTo])].find((address) => !isEmailAddress(address));
  if (wrong !== undefined) throw new MailError(false, `${JSON.stringify(wrong)} is not one email address; nothing was sent.`);
}

/** The message as the mail library takes it. */
export function composeMail(message: MailMessage): SendMailOptions {
  return {
    messageId: `<${bareMessageId(message.messageId)}>`,
    from: { ...message.from },
    to: { name: '', address: message.to },
    ...(message.cc.length > 0 && { cc: message.cc.map((address) => ({ name: '', address })) }),
    ...(message.replyTo !== null && { replyTo: { name: '', address: message.replyTo } }),
    subject: message.subject,
    text: message.text,
    html: message.html,
    // No out-of-office notes, please: RFC 3834, and Exchange's own word for it. A bill is no mailing list, so there are no List headers:
    // they would file it with newsletters, and nobody can unsubscribe from what they owe.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
    disableUrlAccess: true,
    attachments: message.attachments.map(({ fileName, content }) =>
      'path' in content ? { filename: fileName, path: content.path } : { filename: fileName, content: Buffer.from(content) },
    ),
  };
}

export function bareMessageId(messageId: string): string {
  return messageId.replace(/^</, '').replace(/>$/, '');
}
