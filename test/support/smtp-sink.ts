import { once } from 'node:events';
import { createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A message that the sink has taken. */
export interface SunkMail {
  readonly raw: Buffer;
  readonly to: readonly string[];
}

interface Refusal {
  readonly code: number;
  readonly words: string;
}

export interface SinkManners {
  /** What is said to a recipient; undefined: taken. `times`: how often this one was named before. */
  readonly recipient?: (address: string, times: number) => Refusal | undefined;
  /** A recipient is answered once this has passed; undefined: at once. */
  readonly hold?: Promise<void>;
  /** Refuses every login with these words; undefined: none is asked for. */
  readonly login?: Refusal;
  /** With a certificate that nobody vouches for. */
  readonly selfSigned?: boolean;
}

/** A mail server that keeps what it gets, with the manners a test asks for. They may change while it runs. */
export class SmtpSink {
  readonly mails: SunkMail[] = [];
  manners: SinkManners;
  private readonly named = new Map<string, number>();

  private constructor(
    private readonly server: SMTPServer,
    manners: SinkManners,
  ) {
    this.manners = manners;
  }

  static async start(manners: SinkManners = {}): Promise<SmtpSink> {
    const server: SMTPServer = new SMTPServer({
      authOptional: manners.login === undefined,
      allowInsecureAuth: true,
      disabledCommands: manners.selfSigned === true ? [] : ['STARTTLS'],
      onAuth: (_, __, callback) => callback(refusalOf(sink.manners.login ?? { code: 535, words: 'no' })),
      onRcptTo: ({ address }, _, callback) => {
        const refusal = sink.refusalFor(address);
        void (sink.manners.hold ?? Promise.resolve()).then(() => {
          callback(refusal === undefined ? null : refusalOf(refusal));
        });
      },
      onData: (stream, { envelope }, callback) => {
        void buffer(stream).then((raw) => {
          sink.mails.push({ raw, to: envelope.rcptTo.map(({ address }) => address) });
          callback();
        });
      },
    });
    const sink = new SmtpSink(server, manners);
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    return sink;
  }

  get port(): number {
    const address = this.server.server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  /** To whom mail went, in order of arrival. */
  get recipients(): string[] {
    return this.mails.flatMap(({ to }) => [...to]);
  }

  /** How often a recipient was named. */
  get asked(): number {
    return [...this.named.values()].reduce((sum, times) => sum + times, 0);
  }

  async parsed(): Promise<Email[]> {
    return Promise.all(this.mails.map(({ raw }) => PostalMime.parse(raw)));
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => {
      this.server.close(done);
    });
  }

  private refusalFor(address: string): Refusal | undefined {
    const times = this.named.get(address) ?? 0;
    this.named.set(address, times + 1);
    return this.manners.recipient?.(address, times);
  }
}

/** A server that takes connections and never says a word; `drops`: hangs up at once. */
export async function startMuteServer({ drops = false } = {}): Promise<{ port: number; stop: () => Promise<void> }> {
  const sockets = new Set<{ destroy: () => void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (drops) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function refusalOf({ code, words }: Refusal): Error {
  return Object.assign(new Error(words), { responseCode: code });
}
