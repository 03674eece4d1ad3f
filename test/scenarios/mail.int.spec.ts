import { setTimeout as pause } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.js';
import { focusCsv } from '../support/focus-csv.js';
import { Mailroom } from '../support/mailroom.js';
import { type SinkManners, SmtpSink, startMuteServer } from '../support/smtp-sink.js';

const PERIOD = '2025-03';
const closing: (() => Promise<void>)[] = [];

async function sink(manners: SinkManners = {}): Promise<SmtpSink> {
  const started = await SmtpSink.start(manners);
  closing.push(() => started.stop());
  return started;
}

async function mailroom(port: number, settings: Readonly<Record<string, unknown>> = {}): Promise<Mailroom> {
  const room = await Mailroom.start(port, settings);
  closing.push(() => room.stop());
  return room;
}

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const refuses = (name: string, code: number, words: string): SinkManners => ({
  recipient: (address: string) => (address.startsWith(`${name}@`) ? { code, words } : undefined),
});

describe('statements by mail', () => {
  it('brings each PI one message with all their PDFs, and no message twice', async () => {
    const server = await sink();
    const room = await mailroom(server.port, { email: { reply_to: 'office@example.edu' } });
    await room.statements([
      { pi: 'ada@example.edu', project: 'a1' },
      { pi: 'ada@example.edu', project: 'a2' },
      { pi: 'bo@example.edu', project: 'b1' },
    ]);
    expect((await room.send()).queued).toHaveLength(2);
    const log = await room.ended();
    expect(log.map(({ recipient, status, attempts }) => [recipient, status, attempts])).toEqual([
      ['ada@example.edu', 'sent', 1],
      ['bo@example.edu', 'sent', 1],
    ]);
    expect(log.every(({ response }) => response?.startsWith('250') === true)).toBe(true);
    expect(await room.send()).toMatchObject({ queued: [], alreadySent: 2 });
    const [toAda] = (await server.parsed()).filter((mail) => mail.to?.[0]?.address === 'ada@example.edu');
    expect(toAda?.attachments.map(({ mimeType }) => mimeType)).toEqual(['application/pdf', 'application/pdf']);
    expect(toAda?.messageId).toBe(log[0]?.messageId);
    expect(toAda?.replyTo?.[0]?.address).toBe('office@example.edu');
    const [first] = log;
    const view = await room.reviewer.get<{ html: string; asWritten: boolean; attachments: { bytes: number }[] }>(
      `/deliveries/${first?.deliveryId ?? ''}/message`,
    );
    expect(view.asWritten).toBe(false);
    expect(view.attachments).toHaveLength(2);
    expect(view.html.replaceAll('\r\n', '\n').trim()).toBe(toAda?.html?.replaceAll('\r\n', '\n').trim());
  });

  it('ends every message with the words of the server, whatever becomes of the others, and tries failed ones again', async () => {
    const server = await sink({
      recipient: (address: string, times: number) => {
        if (address.startsWith('gone@')) return { code: 550, words: '5.1.1 no such mailbox' };
        if (address.startsWith('grey@') && times === 0) return { code: 451, words: '4.7.1 greylisted, come back later' };
        return undefined;
      },
    });
    const room = await mailroom(server.port);
    await room.statements(['ada', 'gone', 'grey'].map((name) => ({ pi: `${name}@example.edu`, project: name })));
    await room.send();
    const grey = await eventually(async () => (await room.log()).find((row) => row.recipient.startsWith('grey@') && row.attempts > 0));
    expect(grey).toMatchObject({ status: 'queued', response: expect.stringContaining('greylisted') as string });
    const log = await room.ended();
    expect(log.map(({ recipient, status, attempts }) => `${recipient} ${status} ${attempts}`)).toEqual([
      'ada@example.edu sent 1',
      'gone@example.edu failed 1',
      'grey@example.edu sent 2',
    ]);
    expect(log[1]?.response).toContain('550 5.1.1 no such mailbox');
    expect(new Set((await server.parsed()).map(({ messageId }) => messageId)).size).toBe(2);

    server.manners = {};
    expect(await room.reviewer.post(`/periods/${PERIOD}/deliveries/resend-failed`)).toMatchObject({ queued: [log[1]?.deliveryId] });
    expect((await room.ended()).map(({ status }) => status)).toEqual(['sent', 'sent', 'sent']);
    expect(server.recipients.sort()).toEqual(['ada@example.edu', 'gone@example.edu', 'grey@example.edu']);
  }, 60_000);

  it('asks again who gets no mail while a batch waits for its server, and holds few messages meanwhile', async () => {
    let goOn = (): void => undefined;
    const server = await sink({ hold: new Promise((resolve) => (goOn = resolve)) });
    const room = await mailroom(server.port, { smtp: { max_connections: 1, timeout_seconds: 30 } });
    const names = Array.from({ length: 9 }, (_, index) => `pi${index}`);
    await room.statements(names.map((name) => ({ pi: `${name}@example.edu`, project: name })));
    const read = vi.spyOn(room.own.services.storage, 'read');
    await room.send();
    await eventually(async () => (server.asked > 0 ? true : undefined));
    // Nothing moves now but time: longer than what is known about addresses stays fresh.
    await pause(1_100);
    // One message to try the template, one on its way, and one that is ready to follow.
    expect(read.mock.calls.length).toBe(3);
    for (const name of names.slice(3)) {
      await room.reviewer.post('/mail/suppressions', { address: `${name}@example.edu`, reason: 'left the university' });
    }
    goOn();
    const log = await room.ended();
    expect(log.filter(({ status }) => status === 'sent')).toHaveLength(server.mails.length);
    expect(server.mails.length).toBeLessThanOrEqual(5);
    expect(log.filter(({ status }) => status === 'suppressed').length).toBeGreaterThanOrEqual(4);
  }, 60_000);

  it('sends nothing to suppressed addresses, shows it, and proposes those that are refused for good', async () => {
    const server = await sink(refuses('gone', 550, 'no such mailbox'));
    const room = await mailroom(server.port);
    const { reviewer, viewer } = room;
    await room.statements(['ada', 'gone'].map((name) => ({ pi: `${name}@example.edu`, project: name })));
    await reviewer.post('/mail/suppressions', { address: ' Ada@Example.edu', reason: 'left the university' });
    await room.send();
    expect((await room.ended()).map(({ status }) => status)).toEqual(['suppressed', 'failed']);
    expect((await room.log())[0]?.response).toBe('ada@example.edu is on the suppression list: left the university');
    const lists = await viewer.get<Suppressions>('/mail/suppressions');
    expect(lists.suppressed).toMatchObject([{ address: 'ada@example.edu', suppressedBy: 'reviewer@example.edu' }]);
    expect(lists.proposed).toMatchObject([{ address: 'gone@example.edu', response: expect.stringContaining('550') as string }]);
    await reviewer.post('/mail/suppressions', { address: 'gone@example.edu', reason: 'bounced' });
    expect((await viewer.get<Suppressions>('/mail/suppressions')).proposed).toEqual([]);
    await expect(reviewer.post('/mail/suppressions', { address: 'gone@example.edu', reason: 'x' })).rejects.toMatchObject({ status: 409 });
    await expect(viewer.post('/mail/suppressions', { address: 'a@b.cd', reason: 'x' })).rejects.toMatchObject({ status: 403 });
    await expect(reviewer.post('/mail/test', { to: 'gone@example.edu' })).rejects.toMatchObject({ status: 409, code: 'mail.suppressed' });

    await reviewer.post('/mail/suppressions/release', { address: 'ada@example.edu', reason: 'is back' });
    await expect(reviewer.post('/mail/suppressions/release', { address: 'ada@example.edu' })).rejects.toMatchObject({ status: 404 });
    expect((await room.send()).queued).toHaveLength(2);
    expect((await room.ended()).map(({ status }) => status)).toEqual(['sent', 'suppressed']);
    expect(server.recipients).toEqual(['ada@example.edu']);
    await room.expectProven();
  });

  it('gives delegates of a PI a copy, and delegates of a project what is theirs to see', async () => {
    const server = await sink(refuses('lab', 452, 'mailbox full'));
    const room = await mailroom(server.port);
    const { admin, reviewer, viewer } = room;
    await room.statements(['a1', 'a2'].map((project) => ({ pi: 'ada@example.edu', project })));
    await admin.put('/mail/delegates', { piEmail: 'Ada@example.edu', addresses: ['Office@example.edu', 'lab@example.edu'] });
    await admin.put('/mail/delegates', {
      piEmail: 'ada@example.edu',
      projectId: 'a2',
      addresses: ['postdoc@example.edu', 'office@example.edu'],
    });
    await expect(reviewer.put('/mail/delegates', { piEmail: 'ada@example.edu', addresses: [] })).rejects.toMatchObject({ status: 403 });
    for (const wrong of ['x', 'a@b.cd\r\nBcc: eve@example.com']) {
      await expect(admin.put('/mail/delegates', { piEmail: 'ada@example.edu', addresses: [wrong] })).rejects.toMatchObject({
        status: 400,
        code: 'mail.address-malformed',
      });
    }
    const preview = await viewer.get<{ cc: string[]; attachments: object[] }>(`/periods/${PERIOD}/message-preview?piEmail=ada@example.edu`);
    expect(preview.cc).toEqual(['lab@example.edu', 'office@example.edu']);
    expect((await room.send()).queued).toHaveLength(2);
    const log = await room.ended();
    expect(log.map(({ recipient, statements }) => [recipient, statements.map(({ projectId }) => projectId)])).toEqual([
      ['ada@example.edu', ['a1', 'a2']],
      ['postdoc@example.edu', ['a2']],
    ]);
    expect(log[0]?.copies).toEqual([
      { address: 'lab@example.edu', taken: false, response: expect.stringContaining('mailbox full') as string },
      { address: 'office@example.edu', taken: true, response: expect.stringMatching(/^250/) as string },
    ]);
    const mails = await server.parsed();
    expect(server.recipients.sort()).toEqual(['ada@example.edu', 'office@example.edu', 'postdoc@example.edu']);
    const toPostdoc = mails.find((mail) => mail.to?.[0]?.address === 'postdoc@example.edu');
    expect(toPostdoc?.attachments).toHaveLength(1);
    expect(toPostdoc?.text).toContain('charges of ada@example.edu');
    expect(`${toPostdoc?.text ?? ''}${toPostdoc?.html ?? ''}`).not.toContain('a1');
    // A delegate's message is no message to the PI.
    const { statements } = await viewer.get<{ statements: { delivery: { deliveryId: string } }[] }>(`/periods/${PERIOD}/statements`);
    expect(new Set(statements.map(({ delivery }) => delivery.deliveryId))).toEqual(new Set([log[0]?.deliveryId]));
    expect((await viewer.get<{ delegates: object[] }>('/mail/delegates?piEmail=ada@example.edu')).delegates).toHaveLength(2);
    await room.expectProven();
  });

  it('sends large PDFs as links that end: in time, by a newer revision, by suppression', async () => {
    const server = await sink();
    const room = await mailroom(server.port, {
      web: { public_url: 'https://billing.example.edu/', secret_key: '0123456789abcdef0123456789abcdef' },
      email: { attachment_limit: '1 KB', link_days: 10 },
    });
    await room.statements(['ada', 'bo', 'cy'].map((name) => ({ pi: `${name}@example.edu`, project: name })));
    await room.send();
    expect((await room.ended()).map(({ status, byLink }) => [status, byLink])).toEqual([
      ['sent', true],
      ['sent', true],
      ['sent', true],
    ]);
    const links = new Map<string, string>();
    for (const mail of await server.parsed()) {
      expect(mail.attachments).toEqual([]);
      const [link = ''] = /https:\/\/billing\.example\.edu\/\S+/.exec(mail.text ?? '') ?? [];
      expect(mail.html).toContain(link);
      links.set(mail.to?.[0]?.address ?? '', link.replace('https://billing.example.edu', room.url));
    }
    const open = async (address: string, accept = 'text/html'): Promise<[number, string]> => {
      const response = await fetch(address, { headers: { accept } });
      return [response.status, await response.text()];
    };
    const toAda = links.get('ada@example.edu') ?? '';
    const pdf = await fetch(toAda);
    expect([pdf.status, pdf.headers.get('content-type'), pdf.headers.get('cache-control')]).toEqual([200, 'application/pdf', 'no-store']);
    expect((await pdf.text()).startsWith('%PDF')).toBe(true);
    for (const forged of [
      `${toAda}A`,
      toAda.replace('token=', 'token=x'),
      toAda.replace(/\.[^.]*$/, '.'),
      toAda.replace(/token=.*/, 'token=a.b'),
    ]) {
      expect(await open(forged, 'application/json')).toEqual([404, expect.stringContaining('statement-link.unknown') as string]);
    }
    await room.reviewer.post('/mail/suppressions', { address: 'bo@example.edu', reason: 'went to the wrong person' });
    expect(await open(links.get('bo@example.edu') ?? '')).toEqual([403, expect.stringContaining('ended by the office') as string]);
    await room.statements([{ pi: 'cy@example.edu', project: 'cy' }], '99.00');
    expect(await open(links.get('cy@example.edu') ?? '')).toEqual([403, expect.stringContaining('replaced by revision 2') as string]);
    room.own.clock.advance(10 * 24 * 60 * 60 * 1_000);
    expect(await open(toAda)).toEqual([403, expect.stringContaining('Ask billing@example.edu') as string]);
    expect(await open(toAda, 'application/json')).toEqual([403, expect.stringContaining('statement-link.expired') as string]);
  });

  it.each([
    [
      'refuses the login',
      { login: { code: 535, words: 'authentication failed' } },
      { username: 'u', password: 'p' },
      /535 authentication failed/,
    ],
    ['has a wrong certificate', { selfSigned: true }, { use_tls: true }, /certificate .* is not accepted/],
  ])('says it at every message when the server %s', async (_, manners, smtp, words) => {
    const server = await sink(manners);
    const room = await mailroom(server.port, { smtp });
    await room.statements(['ada', 'bo'].map((name) => ({ pi: `${name}@example.edu`, project: name })));
    await room.send();
    for (const row of await room.ended()) expect(row).toMatchObject({ status: 'failed', response: expect.stringMatching(words) as string });
    expect((await room.viewer.get<Suppressions>('/mail/suppressions')).proposed).toEqual([]);
    expect(server.mails).toEqual([]);
  });

  it('says of a server that hangs up what it met, while it is tried again', async () => {
    const mute = await startMuteServer({ drops: true });
    closing.push(() => mute.stop());
    const room = await mailroom(mute.port);
    await room.statements([{ pi: 'ada@example.edu', project: 'a' }]);
    const { runId } = await room.reviewer.post<{ runId: number }>(`/periods/${PERIOD}/statement-runs`, { send: true });
    const waiting = await eventually(async () => (await room.log()).find(({ attempts }) => attempts > 0));
    expect(waiting).toMatchObject({ status: 'queued', response: expect.stringContaining(`127.0.0.1:${mute.port}`) as string });
    const run = (): Promise<{ emails: object; failedJobs: { about: string; reason: string }[] }> =>
      room.reviewer.get(`/statement-runs/${runId}`);
    expect(await run()).toMatchObject({ emails: { count: 1, waiting: 1, failed: 0, suppressed: 0 }, failedJobs: [] });
    await room.exhaust(waiting.deliveryId, 'the PDF is gone');
    expect((await run()).failedJobs).toMatchObject([{ about: `Email ${waiting.deliveryId}`, reason: 'the PDF is gone' }]);
    expect(await room.reviewer.post('/mail/test', {})).toMatchObject({ to: 'reviewer@example.edu', taken: false });
  });

  it('writes messages to files in dev_mode, as they can be looked at, and nobody gets one', async () => {
    const server = await sink();
    const room = await mailroom(server.port, { dev_mode: true });
    await room.statements([{ pi: 'ada@example.edu', project: 'a' }]);
    await room.send();
    const [message] = await room.ended();
    expect(message).toMatchObject({ status: 'dev_mode', response: expect.stringMatching(/^written to .*\.eml$/) as string });
    const view = await room.viewer.get<{ asWritten: boolean; html: string }>(`/deliveries/${message?.deliveryId ?? ''}/message`);
    expect(view.asWritten).toBe(true);
    const mail = await PostalMime.parse(await room.viewer.bytes(`/deliveries/${message?.deliveryId ?? ''}/message.eml`));
    expect(mail.messageId).toBe(message?.messageId);
    expect(mail.html?.replaceAll('\r\n', '\n').trim()).toBe(view.html.trim());
    await expect(room.viewer.bytes('/deliveries/nothing/message.eml')).rejects.toMatchObject({ status: 404 });
    expect(server.mails).toEqual([]);
  });

  it('tests mail, with the server’s words, to whoever is signed in or somebody else', async () => {
    const server = await sink(refuses('gone', 550, 'no such mailbox'));
    const { reviewer, viewer, admin } = await mailroom(server.port);
    expect(await reviewer.post('/mail/test', {})).toMatchObject({
      to: 'reviewer@example.edu',
      taken: true,
      response: expect.stringMatching(/^250/) as string,
    });
    expect(await reviewer.post('/mail/test', { to: 'gone@example.edu' })).toMatchObject({ taken: false, response: '550 no such mailbox' });
    await expect(reviewer.post('/mail/test', { to: 'a@b.cd\r\nBcc: eve@example.com' })).rejects.toMatchObject({ status: 400 });
    await expect(viewer.post('/mail/test', {})).rejects.toMatchObject({ status: 403 });
    expect(server.recipients).toEqual(['reviewer@example.edu']);
    const { events } = await admin.get<{ events: { type: string }[] }>('/audit?type=TestMailTried');
    expect(events).toHaveLength(2);
  });

  it('sends nothing for a PI that is no address: such charges wait for review', async () => {
    const server = await sink();
    const room = await mailroom(server.port);
    await room.import(focusCsv([{ billed: '5', tags: { pi_email: 'a@b.cd\r\nBcc: eve@example.com', project_id: 'p', fund_org: 'F-1' } }]));
    await expect(room.send()).rejects.toMatchObject({ status: 404, code: 'statement.none' });
    expect(server.mails).toEqual([]);
  });
});

interface Suppressions {
  readonly suppressed: readonly object[];
  readonly proposed: readonly object[];
}
