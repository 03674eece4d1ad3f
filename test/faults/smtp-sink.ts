import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A mail server that takes everything and remembers whose and which message it was. */
export class SmtpSink {
  /** Message-ID → how often it came. */
  readonly received = new Map<string, number>();
  readonly recipients = new Set<string>();

  private constructor(private readonly server: SMTPServer) {}

  static async start(): Promise<SmtpSink> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        void text(stream).then((message) => {
          const id = /^message-id:\s*(\S+)/im.exec(message)?.[1] ?? 'none';
          sink.received.set(id, (sink.received.get(id) ?? 0) + 1);
          for (const recipient of session.envelope.rcptTo) sink.recipients.add(recipient.address);
          done();
        }, done);
      },
    });
    const sink = new SmtpSink(server);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    return sink;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** Messages that came more often than once, all the times but the first. */
  get repeats(): number {
    return [...this.received.values()].reduce((sum, count) => sum + count - 1, 0);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(resolve);
    });
  }
}
