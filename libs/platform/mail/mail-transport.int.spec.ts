import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderMailTransport, MailError, type MailMessage, SmtpMailTransport, createMailTransport } from '#platform';
import { type SinkManners, SmtpSink, startMuteServer } from '../../../test/support/smtp-sink.js';

const message: MailMessage = {
  messageId: 'delivery-1@billing.example.edu',
  from: { name: 'Recherche, Łódź', address: 'billing@example.edu' },
  to: 'ada@example.edu',
  cc: [],
  replyTo: null,
  subject: 'Charges – January 2025',
  text: 'Total: $12.50\n',
  html: '<p>Total: $12.50</p>',
  attachments: [{ fileName: 'état 2025-01.pdf', content: Buffer.from('%PDF-1.7 …') }],
};

interface Received {
  readonly raw: Buffer;
  readonly to: readonly string[];
}

let received: Received[];
let closing: (() => Promise<void>)[];
beforeEach(() => {
  received = [];
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

async function smtpServer(options: SMTPServerOptions = {}): Promise<number> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, callback) => {
      void buffer(stream).then((raw) => {
        received.push({ raw, to: session.envelope.rcptTo.map((recipient) => recipient.address) });
        callback();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closing.push(() => new Promise((done) => server.close(done)));
  const address = server.server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function transport(port: number, settings: Partial<ConstructorParameters<typeof SmtpMailTransport>[0]> = {}): SmtpMailTransport {
  const smtp = new SmtpMailTransport({
    host: '127.0.0.1',
    port,
    useTls: false,
    username: '',
    password: '',
    messagesPerMinute: undefined,
    maxConnections: 5,
    timeoutSeconds: 60,
    ...settings,
  });
  closing.push(() => smtp.close());
  return smtp;
}

async function failureOf(sending: Promise<unknown>): Promise<MailError> {
  const failure: unknown = await sending.then(
    () => 'it was sent',
    (error: unknown) => error,
  );
  if (failure instanceof MailError) return failure;
  throw new Error('no MailError', { cause: failure });
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

describe('SmtpMailTransport', () => {
  it('delivers the message whole, to one recipient, under its id', async () => {
    const { response } = await transport(await smtpServer()).send(message);
    expect(response).toMatch(/^250/);
    expect(received.map(({ to }) => to)).toEqual([['ada@example.edu']]);
    const mail = await PostalMime.parse(received[0]?.raw ?? '');
    expect(mail).toMatchObject({
      messageId: '<delivery-1@billing.example.edu>',
      from: message.from,
      subject: message.subject,
      text: expect.stringContaining('Total: $12.50') as string,
      html: expect.stringContaining(message.html) as string,
      attachments: [{ filename: 'état 2025-01.pdf', mimeType: 'application/pdf' }],
    });
  });

  it('delivers short and long messages one after another and side by side, each with its own bytes', async () => {
    const smtp = transport(await smtpServer());
    const contents = [30_000, 10, 90_000, 500, 30_000, 0, 2_000].map((length, index) => Buffer.alloc(length, `${index}`));
    const sent = (content: Buffer, index: number): Promise<unknown> =>
      smtp.send({ ...message, messageId: `${index}@example.edu`, attachments: [{ fileName: 'a.pdf', content }] });
    for (const [index, content] of contents.entries()) await sent(content, index);
    await Promise.all(contents.map(sent));
    const mails = await Promise.all(received.map(({ raw }) => PostalMime.parse(raw)));
    expect(mails).toHaveLength(2 * contents.length);
    for (const { messageId = '', attachments } of mails) {
      const expected = contents[Number(messageId.slice(1, messageId.indexOf('@')))];
      expect(Buffer.from(attachments[0]?.content as ArrayBuffer).equals(expected ?? Buffer.from('none'))).toBe(true);
    }
  });

  it('doesn’t let an address smuggle in a second recipient', async () => {
    const error = await failureOf(transport(await smtpServer()).send({ ...message, to: 'ada@example.edu, eve@example.com' }));
    expect(error.temporary).toBe(false);
    expect(received).toEqual([]);
  });

  it.each([
    [451, 'try again later', true],
    [550, 'no such mailbox', false],
  ])('answers a refusal with %i as it is', async (code, text, temporary) => {
    const port = await smtpServer({ onRcptTo: (_, __, callback) => callback(refusal(code, text)) });
    const error = await failureOf(transport(port).send(message));
    expect(error).toMatchObject({ temporary, response: expect.stringContaining(`${code} `) as string });
    expect(error.response).toContain(text);
  });

  it('takes a missing server and a lost connection for temporary', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const address = gone.address();
    gone.close();
    await once(gone, 'close');
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    expect((await failureOf(transport(port).send(message))).temporary).toBe(true);

    const rude = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    closing.push(() => new Promise((done) => rude.close(() => done())));
    const other = rude.address();
    expect((await failureOf(transport(other !== null && typeof other === 'object' ? other.port : 0).send(message))).temporary).toBe(true);
  });

  it('sends nothing in clear when TLS is asked for', async () => {
    const error = await failureOf(transport(await smtpServer(), { useTls: true }).send(message));
    expect(error.response).toMatch(/TLS/i);
    expect(received).toEqual([]);
  });

  it('logs in', async () => {
    const port = await smtpServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, callback) => {
        if (username === 'mailer' && password === 'right') callback(null, { user: username });
        else callback(refusal(535, 'wrong password'));
      },
    });
    await transport(port, { username: 'mailer', password: 'right' }).send(message);
    expect(received).toHaveLength(1);
    expect(await failureOf(transport(port, { username: 'mailer', password: 'wrong' }).send(message))).toMatchObject({ temporary: false });
  });
});

describe('SmtpMailTransport and a server with manners', () => {
  async function sink(manners: SinkManners = {}): Promise<SmtpSink> {
    const started = await SmtpSink.start(manners);
    closing.push(() => started.stop());
    return started;
  }

  it.each(['ada@example.edu\r\nBcc: eve@example.com', 'ada@example.edu\nRCPT TO:<eve@example.com>', 'ada@example.edu,eve@example.com', ''])(
    'sends nothing to %j, as addressee, as copy or as reply-to',
    async (address) => {
      const server = await sink();
      const smtp = transport(server.port);
      for (const wrong of [{ to: address }, { cc: ['bo@example.edu', address] }, { replyTo: address }]) {
        const error = await failureOf(smtp.send({ ...message, ...wrong }));
        expect(error).toMatchObject({ temporary: false, addressRefused: false });
        expect(error.response).toBe(`${JSON.stringify(address)} is not one email address; nothing was sent.`);
      }
      expect(server.mails).toEqual([]);
    },
  );

  it('names copies and the address for answers in the message, and asks for no automatic answers', async () => {
    const server = await sink();
    await transport(server.port).send({ ...message, cc: ['bo@example.edu', 'cy@example.edu'], replyTo: 'office@example.edu' });
    expect(server.mails.map(({ to }) => to)).toEqual([['ada@example.edu'], ['bo@example.edu', 'cy@example.edu']]);
    const mails = await server.parsed();
    for (const mail of mails) {
      expect(mail.messageId).toBe('<delivery-1@billing.example.edu>');
      expect(mail.to?.map(({ address }) => address)).toEqual(['ada@example.edu']);
      expect(mail.cc?.map(({ address }) => address)).toEqual(['bo@example.edu', 'cy@example.edu']);
      expect(mail.replyTo?.map(({ address }) => address)).toEqual(['office@example.edu']);
    }
    const headers = new Map(mails[0]?.headers.map(({ key, value }) => [key, value]));
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect([...headers.keys()].filter((key) => key.startsWith('list-'))).toEqual([]);
  });

  it('tells what became of each copy, and delivers to the addressee all the same', async () => {
    const server = await sink({
      recipient: (address) => (address.startsWith('gone@') ? { code: 550, words: 'no such mailbox' } : undefined),
    });
    const { response, copies } = await transport(server.port).send({ ...message, cc: ['gone@example.edu', 'bo@example.edu'] });
    expect(response).toMatch(/^250/);
    expect(copies).toEqual([
      { address: 'gone@example.edu', taken: false, response: '550 no such mailbox' },
      { address: 'bo@example.edu', taken: true, response: expect.stringMatching(/^250/) as string },
    ]);
    const alone = await transport(server.port).send({ ...message, cc: ['gone@example.edu'] });
    expect(alone.copies).toEqual([
      { address: 'gone@example.edu', taken: false, response: expect.stringContaining('550 no such mailbox') as string },
    ]);
  });

  it('sends no copy of what its addressee was refused', async () => {
    const server = await sink({
      recipient: (address) => (address.startsWith('ada@') ? { code: 550, words: 'no such mailbox' } : undefined),
    });
    const error = await failureOf(transport(server.port).send({ ...message, cc: ['bo@example.edu'] }));
    expect(error).toMatchObject({ temporary: false, addressRefused: true, response: '550 no such mailbox' });
    expect(server.mails).toEqual([]);
  });

  it('takes a refused login for no fault of the address', async () => {
    const server = await sink({ login: { code: 535, words: 'authentication failed' } });
    const error = await failureOf(transport(server.port, { username: 'mailer', password: 'wrong' }).send(message));
    expect(error).toMatchObject({ temporary: false, addressRefused: false });
    expect(error.response).toBe('The mail server refuses the login of smtp.username: 535 authentication failed');
  });

  it('trusts no certificate that nobody vouches for, and says how to mend it', async () => {
    const server = await sink({ selfSigned: true });
    const error = await failureOf(transport(server.port, { useTls: true }).send(message));
    expect(error).toMatchObject({ temporary: false, addressRefused: false });
    expect(error.response).toMatch(/^The certificate of the mail server 127\.0\.0\.1:\d+ is not accepted; .*NODE_EXTRA_CA_CERTS: /);
    expect(server.mails).toEqual([]);
  });

  it.each([{ drops: false }, { drops: true }])('gives a server up that says nothing (%j), until later', async (manners) => {
    const server = await startMuteServer(manners);
    closing.push(() => server.stop());
    const error = await failureOf(transport(server.port, { timeoutSeconds: 1 }).send(message));
    expect(error.temporary).toBe(true);
    expect(error.response).toContain(`127.0.0.1:${server.port}`);
  });
});

describe('FolderMailTransport', () => {
  let dir: string;
  beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'mail-'))));
  afterEach(async () => rm(dir, { recursive: true }));

  it('writes a message as .eml and .html, and a repeat over it', async () => {
    const folder = new FolderMailTransport(join(dir, 'emails'));
    const { response } = await folder.send(message);
    await folder.send({ ...message, text: 'again\n' });
    expect(response).toBe(`written to ${join(dir, 'emails', 'delivery-1@billing.example.edu.eml')}`);
    expect((await readdir(join(dir, 'emails'))).sort()).toEqual([
      'delivery-1@billing.example.edu.eml',
      'delivery-1@billing.example.edu.html',
    ]);
    const mail = await PostalMime.parse(await readFile(join(dir, 'emails', 'delivery-1@billing.example.edu.eml')));
    expect(mail).toMatchObject({
      messageId: '<delivery-1@billing.example.edu>',
      text: expect.stringMatching(/^again/) as string,
      to: [{ address: 'ada@example.edu' }],
    });
  });

  it('reads back what it wrote, and nothing else', async () => {
    const folder = new FolderMailTransport(join(dir, 'emails'));
    expect(await folder.written(message.messageId)).toBeNull();
    const { copies } = await folder.send({ ...message, cc: ['bo@example.edu'] });
    expect(copies).toMatchObject([{ address: 'bo@example.edu', taken: true }]);
    const written = await folder.written(`<${message.messageId}>`);
    expect(written?.html).toBe(message.html);
    expect((await PostalMime.parse(written?.eml ?? '')).cc).toMatchObject([{ address: 'bo@example.edu' }]);
    expect(await folder.written('../../package.json')).toBeNull();
  });

  it('keeps ids from leaving the folder or meeting each other', async () => {
    const folder = new FolderMailTransport(join(dir, 'emails'));
    for (const messageId of ['<../../a/b@x>', '<../../a:b@x>']) await folder.send({ ...message, messageId });
    expect(await readdir(dir)).toEqual(['emails']);
    expect(await readdir(join(dir, 'emails'))).toHaveLength(4);
  });

  it('says which folder can’t be written to', async () => {
    await writeFile(join(dir, 'emails'), '');
    const error = await failureOf(new FolderMailTransport(join(dir, 'emails')).send(message));
    expect(error).toMatchObject({ temporary: false, response: expect.stringContaining(join(dir, 'emails')) as string });
  });
});

describe('createMailTransport', () => {
  it('refuses, with what to set, until mail is configured', async () => {
    const smtp = {
      host: undefined,
      port: 587,
      useTls: true,
      username: '',
      password: '',
      messagesPerMinute: undefined,
      maxConnections: 5,
      timeoutSeconds: 60,
    };
    const output = { pdfDir: '/p', journalDir: '/j', emailDir: '/e' };
    const error = await failureOf(createMailTransport({ devMode: false, smtp, output }).send(message));
    expect(error).toMatchObject({ temporary: false, response: expect.stringContaining('smtp.host') as string });
    expect(createMailTransport({ devMode: true, smtp, output }).mode).toBe('folder');
  });
});
