import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { Turns } from '../turns.js';

/** A server may count against whoever sends all day over one connection. */
const MESSAGES_PER_CONNECTION = 100;
/** Well below the five minutes that a server has to wait for the next message (RFC 5321 §4.5.3.2.7). */
const IDLE_MS = 60_000;
const MINUTE_MS = 60_000;

export interface SmtpConnectionsOptions {
  readonly server: SMTPConnection.Options;
  /** Undefined: none. */
  readonly login: { readonly user: string; readonly pass: string } | undefined;
  readonly maxConnections: number;
  /** Undefined: as many as the server takes. */
  readonly messagesPerMinute: number | undefined;
}

export interface SmtpEnvelope {
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * Connections to a mail server: opened when messages need them, one message at a time on each, kept for a while for the next ones. The
 * mail library speaks the protocol; its own pool takes every message apart again and through four streams, which is longer than speaking.
 */
export class SmtpConnections {
  private readonly turns: Turns;
  private readonly pace: Pace;
  private idle: SmtpSession[] = [];
  private closed = false;

  constructor(private readonly options: SmtpConnectionsOptions) {
    this.turns = new Turns(options.maxConnections);
    this.pace = new Pace(options.messagesPerMinute);
  }

  /** @throws what the mail library says of a server that did not take the message for anybody in the envelope. */
  async send(envelope: SmtpEnvelope, mail: Buffer): Promise<SMTPConnection.SentMessageInfo> {
    return this.turns.take(async () => {
      await this.pace.next();
      if (this.closed) throw new Error('the connections were closed before the message was sent');
      const kept = this.idle.pop();
      if (kept !== undefined) {
        const message = new WholeMessage(mail);
        try {
          return await this.sendOver(kept, envelope, message);
        } catch (error) {
          if (message.wentOut || !endsConnection(error)) throw error;
          // A server may end a connection between two messages: this one goes over a new one.
        }
      }
      return this.sendOver(await SmtpSession.open(this.options), envelope, new WholeMessage(mail));
    });
  }

  /** Ends the connections that nobody uses; the others end with their message. */
  close(): void {
    this.closed = true;
    for (const session of this.idle) session.quit();
    this.idle = [];
  }

  private async sendOver(session: SmtpSession, envelope: SmtpEnvelope, message: WholeMessage): Promise<SMTPConnection.SentMessageInfo> {
    try {
      return await session.send(envelope, message);
    } finally {
      if (await session.isReadyForMore()) this.keep(session);
      else session.quit();
    }
  }

  private keep(session: SmtpSession): void {
    if (this.closed) {
      session.quit();
      return;
    }
    this.idle.push(session);
    session.rest(() => {
      this.idle = this.idle.filter((each) => each !== session);
    });
  }
}

/** One connection, logged in. */
class SmtpSession {
  /** The connection has ended, whoever ended it. */
  isOver = false;
  private messages = 0;
  private wasRefused = false;
  private forget: (() => void) | undefined;
  private readonly resting: NodeJS.Timeout;

  private constructor(private readonly connection: SMTPConnection) {
    this.resting = setTimeout(() => {
      // In the middle of a message it is not resting.
      if (this.forget !== undefined) this.quit();
    }, IDLE_MS).unref();
    connection.on('error', () => {
      this.end();
    });
    connection.on('end', () => {
      this.end();
    });
  }

  static async open({ server, login }: SmtpConnectionsOptions): Promise<SmtpSession> {
    const connection = new SMTPConnection(server);
    const session = new SmtpSession(connection);
    try {
      await new Promise<void>((done, failed) => {
        const settle = (error: Error | null | undefined): void => {
          if (error) failed(error);
          else done();
        };
        connection.once('error', failed);
        connection.once('end', () => {
          failed(new Error('the server closed the connection'));
        });
        connection.connect((error) => {
          if (error || login === undefined || !connection.allowsAuth) settle(error);
          else connection.login({ credentials: login }, settle);
        });
      });
      return session;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  async send({ from, to }: SmtpEnvelope, message: WholeMessage): Promise<SMTPConnection.SentMessageInfo> {
    this.forget = undefined;
    this.messages += 1;
    return new Promise((done, failed) => {
      this.connection.send({ from, to: [...to] }, message, (error, info) => {
        this.wasRefused = error !== null;
        if (error === null) done(info);
        else failed(error);
      });
    });
  }

  /** After a refusal the server is asked to forget the message (RSET); a connection that won't is of no more use. */
  async isReadyForMore(): Promise<boolean> {
    if (this.isOver || this.messages >= MESSAGES_PER_CONNECTION) return false;
    if (!this.wasRefused) return true;
    return new Promise((done) => {
      this.forget = (): void => {
        done(false);
      };
      this.connection.reset((error) => {
        this.forget = undefined;
        done(error === null);
      });
    });
  }

  /** Until the next message; `forget` is told if the connection ends before. */
  rest(forget: () => void): void {
    this.forget = forget;
    this.resting.refresh();
  }

  quit(): void {
    if (!this.isOver) this.connection.quit();
    this.end();
  }

  private end(): void {
    this.isOver = true;
    clearTimeout(this.resting);
    this.forget?.();
    this.forget = undefined;
  }
}

/** A message that goes to the server in one piece, and that knows whether it did. */
class WholeMessage extends Readable {
  wentOut = false;

  constructor(private readonly bytes: Buffer) {
    super({ read: () => undefined });
  }

  override pipe<To extends NodeJS.WritableStream>(server: To): To {
    this.wentOut = true;
    server.end(this.bytes);
    return server;
  }
}

/** Lets so many through in any minute. */
class Pace {
  /** When the last of them went, in milliseconds of a clock that never goes back; the oldest first. */
  private readonly went: number[] = [];

  constructor(private readonly perMinute: number | undefined) {}

  async next(): Promise<void> {
    if (this.perMinute === undefined) return;
    for (;;) {
      const now = performance.now();
      while ((this.went[0] ?? Infinity) <= now - MINUTE_MS) this.went.shift();
      const [oldest] = this.went;
      if (oldest === undefined || this.went.length < this.perMinute) break;
      await new Promise((resolve) => setTimeout(resolve, oldest + MINUTE_MS - now));
    }
    this.went.push(performance.now());
  }
}

/** It says of the connection, not of the message, that it can't go on: 421 is what a server says before it hangs up (RFC 5321 §4.2). */
function endsConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return ('responseCode' in error && error.responseCode === 421) || ['ECONNECTION', 'ESOCKET', 'ETIMEDOUT'].includes(String(code));
}
