import type { AppConfig } from '../config/app-config.js';
import { FolderMailTransport } from './folder-mail-transport.js';
import { MailError, type MailTransport } from './mail-transport.js';
import { SmtpMailTransport } from './smtp-mail-transport.js';

/** The transport the configuration asks for. Without a mail server every message is refused with what to set. */
export function createMailTransport(config: Pick<AppConfig, 'devMode' | 'smtp' | 'output'>): MailTransport {
  if (config.devMode) return new FolderMailTransport(config.output.emailDir);
  const { host } = config.smtp;
  if (host !== undefined) return new SmtpMailTransport({ ...config.smtp, host });
  return {
    mode: 'smtp',
    send: async () => {
      throw new MailError(false, 'No mail server is configured; set smtp.host, or dev_mode: true to write mail to files.');
    },
    written: async () => null,
    close: async () => undefined,
  };
}
