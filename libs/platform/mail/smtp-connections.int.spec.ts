import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SmtpConnections, type SmtpConnectionsOptions } from './smtp-connections.js';

const END_OF_MESSAGE = '\r\n.\r\n';

/** A mail server whose answers a test chooses, and that remembers what was said on which connection. */
class ScriptedServer {
  /** What came over each connection: commands, and `message` for the text of one. */
  readonly heard: string[][] = [];
  readonly open = new Set<Socket>();
  mostAtOnce = 0;
  /** What to answer; `hang up`: nothing, and the connection ends. Undefined: what a willing server says. */
  answer: (said: string, connection: number) => string | undefined = () => undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ScriptedServer> {
    const server = createServer((socket) => {
      scripted.serve(socket);
    });
    const scripted = new ScriptedServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return scripted;
  }

  get port(): number {
    const address = this.server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  messagesOn(connection: number): number {
    return this.heard[connection]?.filter((said) => said === 'message').length ?? 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private serve(socket: Socket): void {
    const said: string[] = [];
    const connection = this.heard.push(said) - 1;
    this.open.add(socket);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.open.size);
    socket.on('error', () => undefined);
    socket.on('close', () => this.open.delete(socket));
    let unread = '';
    let inMessage = false;
    socket.write('220 scripted\r\n');
    socket.on('data', (chunk) => {
      unread += chunk.toString('latin1');
      for (;;) {
        const end = inMessage ? END_OF_MESSAGE : '\r\n';
        const at = unread.indexOf(end);
        if (at < 0) return;
        const line = inMessage ? 'message' : unread.slice(0, at);
        unread = unread.slice(at + end.length);
        said.push(line);
        inMessage = line === 'DATA';
        const answer = this.answer(line, connection) ?? (inMessage ? '354 go on' : '250 fine');
        if (answer === 'hang up') socket.destroy();
        else socket.write(`${answer}\r\n`);
      }
    });
  }
}

const envelope = { from: 'billing@example.edu', to: ['ada@example.edu'] };
const mail = Buffer.from('Subject: Charges\r\n\r\n.hidden dot\r\n');

let closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
  vi.useRealTimers();
});

async function server(): Promise<ScriptedServer> {
  const started = await ScriptedServer.start();
  closing.push(() => started.stop());
  return started;
}

function connectionsTo(to: ScriptedServer, options: Partial<SmtpConnectionsOptions> = {}): SmtpConnections {
  const connections = new SmtpConnections({
    server: { host: '127.0.0.1', port: to.port, ignoreTLS: true },
    login: undefined,
    maxConnections: 3,
    messagesPerMinute: undefined,
    ...options,
  });
  closing.push(() => {
    connections.close();
  });
  return connections;
}

describe('SmtpConnections', () => {
  it('keeps a connection for the next message, and takes another after a hundred', async () => {
    const to = await server();
    const connections = connectionsTo(to);
    for (let message = 0; message < 101; message += 1) await connections.send(envelope, mail);
    expect([to.messagesOn(0), to.messagesOn(1), to.heard.length]).toEqual([100, 1, 2]);
    expect(to.heard[0]?.at(-1)).toBe('QUIT');
  });

  it('opens no more connections than it may, however many messages there are', async () => {
    const to = await server();
    const connections = connectionsTo(to);
    const sent = await Promise.all(Array.from({ length: 20 }, () => connections.send(envelope, mail)));
    expect(sent.map(({ response }) => response)).toEqual(Array.from({ length: 20 }, () => '250 fine'));
    expect(to.mostAtOnce).toBe(3);
    expect(to.heard.flat().filter((said) => said === 'message')).toHaveLength(20);
  });

  it.each(['hang up', '421 I have waited long enough'])(
    'sends over a new connection what an ended one had not begun to take (%s)',
    async (goodbye) => {
      const to = await server();
      to.answer = (said, connection) => (connection === 0 && to.messagesOn(0) > 0 && said.startsWith('MAIL') ? goodbye : undefined);
      const connections = connectionsTo(to);
      await connections.send(envelope, mail);
      expect(await connections.send(envelope, mail)).toMatchObject({ response: '250 fine' });
      expect([to.messagesOn(0), to.messagesOn(1)]).toEqual([1, 1]);
    },
  );

  it('sends no message again that the server may have taken', async () => {
    const to = await server();
    to.answer = (said, connection) => (connection === 0 && to.messagesOn(0) > 1 && said === 'message' ? 'hang up' : undefined);
    const connections = connectionsTo(to);
    await connections.send(envelope, mail);
    await expect(connections.send(envelope, mail)).rejects.toMatchObject({ code: 'ECONNECTION' });
    expect(to.heard).toHaveLength(1);
    await connections.send(envelope, mail);
    expect(to.messagesOn(1)).toBe(1);
  });

  it('goes on over the same connection after a message was refused', async () => {
    const to = await server();
    to.answer = (said) => (said.includes('gone@') ? '550 no such mailbox' : undefined);
    const connections = connectionsTo(to);
    await expect(connections.send({ ...envelope, to: ['gone@example.edu'] }, mail)).rejects.toMatchObject({ responseCode: 550 });
    await connections.send(envelope, mail);
    expect(to.heard).toHaveLength(1);
    expect(to.heard[0]).toContain('RSET');
  });

  it('leaves nothing behind on a connection, however many messages are refused there', async () => {
    const to = await server();
    to.answer = (said) => (said.startsWith('RCPT') ? '550 no such mailbox' : undefined);
    const warnings: Error[] = [];
    const hear = (warning: Error): void => void warnings.push(warning);
    process.on('warning', hear);
    closing.push(() => void process.off('warning', hear));
    const connections = connectionsTo(to);
    for (let message = 0; message < 20; message += 1)
      await expect(connections.send(envelope, mail)).rejects.toMatchObject({ responseCode: 550 });
    expect(to.heard).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it('lets so many messages through in a minute', async () => {
    const [to, elsewhere] = [await server(), await server()];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const paced = connectionsTo(to, { messagesPerMinute: 2 });
    const unpaced = connectionsTo(elsewhere);
    const went = async (): Promise<number> => {
      // What may go has gone by the time that these have.
      for (let message = 0; message < 5; message += 1) await unpaced.send(envelope, mail);
      return to.heard.flat().filter((said) => said === 'message').length;
    };
    const sending = [paced.send(envelope, mail)];
    await went();
    vi.advanceTimersByTime(10_000);
    sending.push(...Array.from({ length: 3 }, () => paced.send(envelope, mail)));
    expect(await went()).toBe(2);
    await vi.advanceTimersByTimeAsync(49_000);
    expect(await went()).toBe(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await went()).toBe(3);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(await went()).toBe(3);
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(sending);
  });

  it('takes leave of the server when it is closed, and sends nothing after', async () => {
    const to = await server();
    const connections = connectionsTo(to);
    await connections.send(envelope, mail);
    connections.close();
    await expect(connections.send(envelope, mail)).rejects.toThrow('were closed before the message was sent');
    await vi.waitFor(() => {
      expect(to.open.size).toBe(0);
    });
    expect(to.heard[0]?.at(-1)).toBe('QUIT');
  });
});
