import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createTransport } from 'nodemailer';
import { ProgramProcesses } from '../test/support/program-processes.js';
import { against, alone, type Bench, median, seconds } from './bench.js';
import { importAndAsk } from './import-and-ask.js';

const PERIOD = '2025-01';
/** Makes a PDF of some 30 KB. */
const LINES_PER_STATEMENT = 30;
const CONNECTIONS = 5;
/** Asking costs the two processors too. */
const POLL_MS = 100;
const ROUNDS = 5;
const PEER = 'bare pooled nodemailer: the same subject, text, HTML and PDF to the same server over as many connections, and nothing kept';

interface Preview {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * `email`: messages a second from the request to send until the log has the server's answer to each of them: queued, composed, sent,
 * recorded as events and shown. Sent to a mail server in a thread that throws everything away, by both in turns.
 */
export const emailBench: Bench = {
  counts: 'messages',
  defaultSize: 1_000,
  async run({ size: messages, say }) {
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-bench-'));
    const sink = await MailSink.start();
    const smtp = { host: '127.0.0.1', port: sink.port, use_tls: false, max_connections: CONNECTIONS };
    const program = await ProgramProcesses.start({ config: { dev_mode: false, smtp, email: { from_address: 'billing@example.edu' } } });
    try {
      const file = join(folder, `aws_${PERIOD}.csv`);
      await writeFile(file, messages);
      await importAndAsk(program, file, { period: PERIOD, rows: messages * LINES_PER_STATEMENT, say });
      await makeStatements(program);
      const preview = await program.client.get<Preview>(`/periods/${PERIOD}/message-preview?piEmail=pi0@example.edu`);
      const pdf = await program.client.bytes(`/periods/${PERIOD}/statements/pdf?piEmail=pi0@example.edu&projectId=project-0`);
      say(`${messages} messages with a PDF of ${Math.round(pdf.length / 1_000)} KB each`);
      const ours: number[] = [];
      const peer: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        peer.push(await peerRate(sink, messages, preview, pdf));
        ours.push(await ourRate(program, sink, messages, round));
        say(`round ${round + 1}: ${ours[round]?.toFixed(0) ?? ''} messages/s, peer ${peer[round]?.toFixed(0) ?? ''}`);
      }
      return [
        against('messagesPerSecond', median(ours), 'messages/s', PEER, median(peer)),
        alone('attachment', pdf.length / 1_000, 'KB'),
        alone('workerPeak', await program.workerPeakMiB(), 'MiB'),
      ];
    } finally {
      await program.stop();
      await sink.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** The first round sends; each further one brings a new revision of every statement to send. */
async function ourRate(program: ProgramProcesses, sink: MailSink, messages: number, round: number): Promise<number> {
  if (round > 0) await revise(program, messages, round);
  const before = await sink.count();
  const took = await seconds(async () => {
    const { queued } = await program.client.post<{ queued: readonly string[] }>(`/periods/${PERIOD}/deliveries`);
    if (queued.length !== messages) throw new Error(`${queued.length} messages were queued instead of ${messages}`);
    for (;;) {
      const { byStatus } = await program.client.get<{ byStatus: readonly { status: string; count: number }[] }>(
        `/deliveries?period=${PERIOD}&limit=1`,
      );
      const sent = byStatus.find(({ status }) => status === 'sent')?.count ?? 0;
      if (sent === messages * (round + 1)) return;
      if (byStatus.some(({ status }) => status === 'failed')) throw new Error('a message failed');
      await pause(POLL_MS);
    }
  });
  const taken = (await sink.count()) - before;
  if (taken !== messages) throw new Error(`the server took ${taken} messages instead of ${messages}`);
  return messages / took;
}

async function peerRate(sink: MailSink, messages: number, preview: Preview, pdf: Buffer): Promise<number> {
  const pool = createTransport({ pool: true, maxConnections: CONNECTIONS, host: '127.0.0.1', port: sink.port, ignoreTLS: true });
  const took = await seconds(() =>
    Promise.all(
      Array.from({ length: messages }, (_, index) =>
        pool.sendMail({
          from: 'billing@example.edu',
          to: `pi${index}@example.edu`,
          subject: preview.subject,
          text: preview.text,
          html: preview.html,
          attachments: [{ filename: 'statement.pdf', content: pdf }],
        }),
      ),
    ),
  );
  pool.close();
  return messages / took;
}

async function makeStatements(program: ProgramProcesses): Promise<void> {
  const { runId } = await program.client.post<{ runId: number }>(`/periods/${PERIOD}/statement-runs`, {});
  for (;;) {
    const { state } = await program.client.get<{ state: string }>(`/statement-runs/${runId}`);
    if (state === 'completed') return;
    await pause(POLL_MS);
  }
}

/** A charge more for everybody, and the statements anew. */
async function revise(program: ProgramProcesses, messages: number, round: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'openchargeback-bench-'));
  const file = join(folder, `hpc_${PERIOD}_${round}.csv`);
  const out = createWriteStream(file);
  out.write(HEADER);
  for (let message = 0; message < messages; message++) out.write(csvRow(message, 1_000 + round));
  out.end();
  await once(out, 'finish');
  const { importId } = await program.client.upload(file, { source: 'hpc' });
  for (;;) {
    const { state } = await program.client.get<{ state: string }>(`/imports/${importId}`);
    if (state === 'recorded') break;
    await pause(POLL_MS);
  }
  await rm(folder, { recursive: true, force: true });
  await makeStatements(program);
}

const HEADER = 'BillingPeriodStart,ChargePeriodStart,ListCost,BilledCost,ResourceId,ServiceName,Tags\n';

async function writeFile(path: string, messages: number): Promise<void> {
  const out = createWriteStream(path);
  out.write(HEADER);
  for (let message = 0; message < messages; message++) {
    let rows = '';
    for (let line = 0; line < LINES_PER_STATEMENT; line++) rows += csvRow(message, line);
    if (!out.write(rows)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

function csvRow(message: number, line: number): string {
  const tags = `{""pi_email"": ""pi${message}@example.edu"", ""project_id"": ""project-${message}"", ""fund_org"": ""12345-${message}""}`;
  const day = `${PERIOD}-${String(1 + (line % 28)).padStart(2, '0')}`;
  return `${PERIOD}-01,${day},${line + 5}.50,${line + 3}.25,i-${message}-${line},Compute ${line % 7},"${tags}"\n`;
}

/** A mail server that takes everything, in a thread of its own: it costs neither of the two more than the other. */
class MailSink {
  private constructor(
    private readonly thread: Worker,
    readonly port: number,
  ) {}

  static async start(): Promise<MailSink> {
    const thread = new Worker(new URL('./mail-sink.worker.js', import.meta.url));
    const [{ port }] = (await once(thread, 'message')) as [{ port: number }];
    return new MailSink(thread, port);
  }

  async count(): Promise<number> {
    this.thread.postMessage('count');
    const [{ count }] = (await once(this.thread, 'message')) as [{ count: number }];
    return count;
  }

  async stop(): Promise<void> {
    await this.thread.terminate();
  }
}
