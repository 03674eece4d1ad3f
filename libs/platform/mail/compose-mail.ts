import type { SendMailOptions } from 'nodemailer';
import type { MailMessage } from './mail-transport.js';

/** The message as the mail library takes it. */
export function composeMail(message: MailMessage): SendMailOptions {
  return {
    messageId: `<${bareMessageId(message.messageId)}>`,
    from: { ...message.from },
    to: { name: '', address: message.to },
    subject: message.subject,
    text: message.text,
    html: message.html,
    // RFC 3834: no out-of-office notes, please.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableUrlAccess: true,
    attachments: message.attachments.map(({ fileName, content }) =>
      'path' in content ? { filename: fileName, path: content.path } : { filename: fileName, content: Buffer.from(content) },
    ),
  };
}

export function bareMessageId(messageId: string): string {
  return messageId.replace(/^</, '').replace(/>$/, '');
}
