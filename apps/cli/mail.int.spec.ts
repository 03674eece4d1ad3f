import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';
import { focusCsv } from '../../test/support/focus-csv.js';
import { SmtpSink } from '../../test/support/smtp-sink.js';

/** Mail from the command line, as an operator without a server does it. */
describe('mail on the command line', () => {
  let office: CommandLine;
  let sink: SmtpSink;

  beforeAll(async () => {
    sink = await SmtpSink.start({
      recipient: (address) => (address.startsWith('gone@') ? { code: 550, words: 'no such mailbox' } : undefined),
    });
    office = await CommandLine.start({
      dev_mode: false,
      smtp: { host: '127.0.0.1', port: sink.port, use_tls: false },
      email: { from_address: 'billing@example.edu' },
    });
  });
  afterAll(async () => {
    await office.stop();
    await sink.stop();
  });

  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  it('tests mail with the server’s words, and says by the exit code whether it works', async () => {
    expect(await run('mail', 'test', 'ops@example.edu')).toMatchObject({
      exitCode: 0,
      result: expect.stringMatching(/^The message to ops@example\.edu was taken: 250/) as string,
    });
    expect(await run('mail', 'test', 'gone@example.edu')).toMatchObject({
      exitCode: 1,
      result: 'The message to gone@example.edu was not taken: 550 no such mailbox',
    });
    expect((await run('mail', 'test', 'a@b.cd\nBcc: eve@example.com')).exitCode).toBe(1);
    expect(sink.recipients).toEqual(['ops@example.edu']);
  });

  it('keeps delegates and the suppression list', async () => {
    expect((await run('mail', 'suppressed')).result).toBe('No address is on the suppression list.');
    expect((await run('mail', 'suppress', 'Left@example.edu', '--reason', 'left')).result).toMatch(
      /^left@example\.edu gets no mail any more/,
    );
    expect((await run('mail', 'suppress', 'left@example.edu', '--reason', 'left')).exitCode).toBe(1);
    expect((await run('mail', 'suppressed')).result).toMatch(/^ADDRESS .*\nleft@example\.edu .*left$/);
    expect((await run('mail', 'release', 'left@example.edu')).result).toMatch(/^left@example\.edu may get mail again\./);
    expect((await run('mail', 'delegates')).result).toMatch(/^There are no delegates/);
    expect((await run('mail', 'set-delegates', 'ada@example.edu', 'office@example.edu')).result).toBe(
      'Delegates of ada@example.edu: office@example.edu.',
    );
    expect((await run('mail', 'set-delegates', 'ada@example.edu', 'lab@example.edu', '--project', 'engine')).exitCode).toBe(0);
    expect((await run('mail', 'delegates', '--pi', 'Ada@example.edu')).result.split('\n')).toEqual([
      expect.stringMatching(/^PI +PROJECT +DELEGATES/) as string,
      expect.stringMatching(/^ada@example\.edu +all +office@example\.edu/) as string,
      expect.stringMatching(/^ada@example\.edu +engine +lab@example\.edu/) as string,
    ]);
    expect((await run('mail', 'set-delegates', 'ada@example.edu', '--project', 'engine')).result).toBe(
      'ada@example.edu for engine has no delegates.',
    );
  });

  it('shows what would be sent, sends it, shows what was sent, and sends once more', async () => {
    const tags = { pi_email: 'gone@example.edu', project_id: 'left', fund_org: 'F-1' };
    const path = await office.file('hpc_2025-03.csv', focusCsv([{ billed: '12.50' }, { billed: '3', tags }]));
    expect((await run('ingest', path, '-s', 'hpc')).exitCode).toBe(0);
    expect((await run('generate', '-p', '2025-03')).exitCode).toBe(0);
    const preview = await run('deliveries', 'preview', 'ada@example.edu', '-p', '2025-03');
    expect(preview.result).toMatch(
      /^From: .*\nTo: ada@example\.edu\nCc: office@example\.edu\nSubject: .*2025-03\nAttached: .*\.pdf \(\d+ bytes\)\n\nHello,/,
    );
    const before = sink.mails.length;
    const sent = await run('deliveries', 'send', '-p', '2025-03');
    expect(sent.exitCode).toBe(1);
    expect(sent.result).toMatch(/ada@example\.edu +sent .*250/);
    expect(sent.result).toMatch(/gone@example\.edu +failed .*550 no such mailbox/);
    expect(sink.recipients.slice(before)).toEqual(['ada@example.edu', 'office@example.edu']);
    expect((await run('deliveries', 'send', '-p', '2025-03', '--pi', 'ada@example.edu')).result).toMatch(/^Nothing to send/);

    const failed = JSON.parse((await run('--json', 'deliveries', 'list', '--status', 'failed')).result) as {
      deliveries: { deliveryId: string }[];
    };
    const shown = await run('deliveries', 'show', failed.deliveries[0]?.deliveryId ?? '');
    expect(shown.result).toMatch(/state +failed[^]*answer +550 no such mailbox[^]*To: gone@example\.edu/);
    expect((await run('mail', 'suppressed')).result).toMatch(/Servers refuse these for good[^]*gone@example\.edu/);
    sink.manners = {};
    expect(await run('deliveries', 'resend-failed', '-p', '2025-03')).toMatchObject({ exitCode: 0 });
    expect((await run('deliveries', 'resend-failed', '-p', '2025-03')).result).toBe('No message failed.');
    const again = await run('deliveries', 'resend', failed.deliveries[0]?.deliveryId ?? '');
    expect(again.result).toMatch(/gone@example\.edu +sent/);
    expect((await run('deliveries', 'list', '-p', '2025-03')).result.split('\n')).toHaveLength(4);
    expect((await run('deliveries', 'show', 'nothing')).exitCode).toBe(1);
  });
});
