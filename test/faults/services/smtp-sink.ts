import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** What the mail server does to a message instead of taking it. */
export type Mischief = 'refuse with 451' | 'refuse with 550' | 'hang' | 'drop after data';

/** A mail server that hangs does so for this long, and closes the connection then; below the 60 s after which the program would. */
const HANG_MS = 6_000;

/** A message as it came. */
export interface ReceivedMail {
  readonly messageId: string;
  readonly recipient: string;
  readonly raw: Buffer;
  readonly beganAt: number;
  readonly endedAt: number;
  /** False: the server kept it but its answer never reached the program, which has to send it again. */
  readonly answered: boolean;
}

export interface ReadMail {
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly { readonly fileName: string; readonly sha256: string }[];
}

interface Disturbance {
  readonly mischief: Mischief;
  /** Messages that come through before. */
  untouched: number;
  left: number;
}

/** A mail server that keeps what it gets, and misbehaves when told to. */
export class SmtpSink {
  readonly received: ReceivedMail[] = [];
  /** Message-IDs that something was done to, by kind. */
  readonly touched = new Map<Mischief, Set<string>>();
  private readonly sockets = new Map<number, Socket>();
  private readonly disturbances: Disturbance[] = [];
  private readonly server: SMTPServer;

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        const beganAt = performance.now();
        buffer(stream).then((raw) => this.take(raw, session, beganAt, done), done);
      },
    });
    this.server.on('error', () => undefined);
    this.server.server.on('connection', (socket: Socket) => {
      const port = socket.remotePort ?? 0;
      this.sockets.set(port, socket);
      socket.once('close', () => this.sockets.delete(port));
    });
  }

  static async start(): Promise<SmtpSink> {
    const sink = new SmtpSink();
    sink.server.listen(0, '127.0.0.1');
    await once(sink.server.server, 'listening');
    return sink;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** After `untouched` messages, `count` messages meet the mischief. */
  disturb(mischief: Mischief, untouched: number, count: number): void {
    this.disturbances.push({ mischief, untouched, left: count });
  }

  /** Lets everything through from now on. */
  behave(): void {
    this.disturbances.length = 0;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(resolve));
    for (const socket of this.sockets.values()) socket.destroy();
    await closed;
  }

  private take(raw: Buffer, session: SMTPServerSession, beganAt: number, done: (error?: Error | null) => void): void {
    const messageId = /^message-id:\s*(\S+)/im.exec(raw.toString('latin1', 0, 8_192))?.[1] ?? 'none';
    const recipient = session.envelope.rcptTo[0]?.address ?? '';
    const keep = (answered: boolean): void => {
      this.received.push({ messageId, recipient, raw, beganAt, endedAt: performance.now(), answered });
    };
    const mischief = this.nextMischief();
    if (mischief !== undefined) this.touched.set(mischief, (this.touched.get(mischief) ?? new Set()).add(messageId));
    switch (mischief) {
      case undefined:
        keep(true);
        done();
        return;
      case 'refuse with 451':
      case 'refuse with 550': {
        const responseCode = mischief === 'refuse with 451' ? 451 : 550;
        done(Object.assign(new Error('not now, or never'), { responseCode }));
        return;
      }
      case 'hang':
        setTimeout(() => this.sockets.get(session.remotePort)?.destroy(), HANG_MS);
        return;
      case 'drop after data':
        keep(false);
        this.sockets.get(session.remotePort)?.destroy();
        return;
    }
  }

  private nextMischief(): Mischief | undefined {
    const due = this.disturbances.find((disturbance) => disturbance.untouched === 0 && disturbance.left > 0);
    for (const disturbance of this.disturbances) if (disturbance.untouched > 0) disturbance.untouched -= 1;
    if (due !== undefined) due.left -= 1;
    return due?.mischief;
  }
}

/** What a person would see of a message. */
export async function readMail({ raw, recipient }: ReceivedMail): Promise<ReadMail> {
  const { subject, text, attachments } = await PostalMime.parse(raw);
  return {
    recipient,
    subject: subject ?? '',
    text: text ?? '',
    attachments: attachments
      .map(({ filename, content }) => ({ fileName: filename ?? '', sha256: sha256Of(content) }))
      .sort((a, b) => a.fileName.localeCompare(b.fileName)),
  };
}

function sha256Of(content: ArrayBuffer | Uint8Array | string): string {
  return createHash('sha256')
    .update(typeof content === 'string' ? content : new Uint8Array(content))
    .digest('hex');
}
