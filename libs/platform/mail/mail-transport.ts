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
  /** Who gets a copy, for everybody to see. */
  readonly cc: readonly string[];
  /** Where answers go; null: to the sender. */
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly MailAttachment[];
}

/** What became of a copy. */
export interface MailCopy {
  readonly address: string;
  readonly taken: boolean;
  /** What the server said to it. */
  readonly response: string;
}

export interface SentMail {
  /** The server's answer for the addressee. */
  readonly response: string;
  readonly copies: readonly MailCopy[];
}

/** A message as it was written to files. */
export interface WrittenMail {
  readonly html: string;
  readonly eml: Uint8Array;
}

export interface MailTransport {
  /** `folder`: development; nothing leaves this machine (domain.md §6). */
  readonly mode: 'smtp' | 'folder';
  /**
   * Sends to the addressee, and then the copies: a copy that is refused never keeps the message from its addressee.
   * @returns once the server has taken the message for its addressee.
   * @throws MailError if it has not; then no copy was sent either.
   */
  send(message: MailMessage): Promise<SentMail>;
  /** A message that this machine has written to files; null if it was not written, or elsewhere. */
  written(messageId: string): Promise<WrittenMail | null>;
  close(): Promise<void>;
}

/** A message that was not taken. `temporary`: worth another attempt later (4xx, connection); permanent otherwise (5xx). */
export class MailError extends Error {
  constructor(
    readonly temporary: boolean,
    /** What the server, or the connection, answered. */
    readonly response: string,
    /** The server refuses this one address for good, whatever is sent to it. */
    readonly addressRefused = false,
  ) {
    super(response);
    this.name = 'MailError';
  }
}

/** Injection token for the {@link MailTransport}. */
export const MAIL_TRANSPORT = Symbol('MailTransport');
