import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bareMessageId, checkAddresses, composeMail } from './compose-mail.js';
import { MailError, type MailMessage, type MailTransport, type SentMail, type WrittenMail } from './mail-transport.js';

const MAX_NAME_LENGTH = 120;

/** Development mode: each message becomes `<message id>.eml`, for a mail program, and `.html`, for a browser. */
export class FolderMailTransport implements MailTransport {
  readonly mode = 'folder';
  /** @param dir made at the first message. */
  constructor(private readonly dir: string) {}

  async send(message: MailMessage): Promise<SentMail> {
    checkAddresses(message);
    try {
      const eml = await composeMail(message);
      await mkdir(this.dir, { recursive: true });
      const name = fileNameOf(message.messageId);
      await this.write(`${name}.html`, message.html);
      await this.write(`${name}.eml`, eml);
      const response = `written to ${join(this.dir, `${name}.eml`)}`;
      return { response, copies: message.cc.map((address) => ({ address, taken: true, response })) };
    } catch (error) {
      throw new MailError(
        false,
        `The message could not be written to ${this.dir}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async written(messageId: string): Promise<WrittenMail | null> {
    const path = join(this.dir, fileNameOf(messageId));
    try {
      return { html: await readFile(`${path}.html`, 'utf8'), eml: await readFile(`${path}.eml`) };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async write(name: string, content: string | Uint8Array): Promise<void> {
    const draft = join(this.dir, `.${randomUUID()}`);
    try {
      await writeFile(draft, content);
      await rename(draft, join(this.dir, name));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }
}

/** Safe on every file system; ids that are written alike stay apart by a digest. */
function fileNameOf(messageId: string): string {
  const id = bareMessageId(messageId);
  const safe = id
    .replaceAll(/[^A-Za-z0-9@_.-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, MAX_NAME_LENGTH);
  return safe === id ? safe : `${safe}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}
