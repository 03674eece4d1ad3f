export interface MailAttachment {
  readonly fileName: string;
  /** The bytes, or the path of a file. */
  readonly content: Uint8Array | { readonly path: string };
}

export interface MailMessage {
  /** Stays the same in every attempt, so that a repeat can be recognised. With or without angle brackets. */
  readonly messageId: string;
  readonly from: { readonly name: string; readonly address: string };
  /** One address; a comma doesn't make it two. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly MailAttachment[];
}

export interface MailTransport {
  /** `folder`: development; nothing leaves this machine (domain.md §6). */
  readonly mode: 'smtp' | 'folder';
  /**
   * @returns the server's answer once it has taken the message.
   * @throws MailError
   */
  send(message: MailMessage): Promise<{ readonly response: string }>;
  close(): Promise<void>;
}

/** A message that was not taken. `temporary`: worth another attempt later (4xx, connection); permanent otherwise (5xx). */
export class MailError extends Error {
  constructor(
    readonly temporary: boolean,
    /** What the server, or the connection, answered. */
    readonly response: string,
  ) {
    super(response);
    this.name = 'MailError';
  }
}

/** Injection token for the {@link MailTransport}. */
export const MAIL_TRANSPORT = Symbol('MailTransport');
