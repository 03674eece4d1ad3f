import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { create, type Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { ProgramProcesses } from '../test/support/program-processes.js';
import { against, alone, type Bench, type Figure, seconds } from './bench.js';
import { importAndAsk } from './import-and-ask.js';

const PERIOD = '2025-01';
const LINES_PER_STATEMENT = 30;
/** One statement that is as long as they get, to see that its job keeps its lock. */
const LONG_STATEMENT_LINES = 20_000;
const SERVICES = ['Amazon Elastic Compute Cloud', 'Amazon Simple Storage Service', 'Amazon Relational Database Service'];
const POLL_MS = 50;
/** Drawn by the peer: enough for a steady rate. */
const MOST_PEER_DOCUMENTS = 300;
const PEER = 'a bare pdfkit loop that draws the same documents without tags, on one core, and keeps nothing';

/**
 * `statements`: PDFs a second from the request of a run until the log has all of them, drawn, stored and recorded, and the worker's peak
 * memory; then one statement of 20,000 lines, and how many jobs failed, such as those that lost their lock.
 */
export const statementsBench: Bench = {
  counts: 'statements',
  defaultSize: 1_200,
  async run({ size: statements, say }) {
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-bench-'));
    const program = await ProgramProcesses.start();
    try {
      const file = join(folder, `aws_${PERIOD}.csv`);
      await writeStatementFile(file, statements);
      await importAndAsk(program, file, { period: PERIOD, rows: statements * LINES_PER_STATEMENT, say });
      const made = await runSeconds(program, statements, {});
      say(`${statements} statements: ${made.toFixed(1)} s, ${(statements / made).toFixed(0)} a second`);
      const peakMiB = await program.workerPeakMiB();
      const peer = await peerRate(Math.min(statements, MOST_PEER_DOCUMENTS));
      say(`${PEER}: ${peer.toFixed(0)} a second`);
      return [
        against('statementsPerSecond', statements / made, 'PDFs/s', PEER, peer),
        alone('workerPeak', peakMiB, 'MiB'),
        ...(await longStatement(program, folder, say)),
      ];
    } finally {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Asks for a run and waits until it is through. */
async function runSeconds(program: ProgramProcesses, expected: number, scope: object): Promise<number> {
  return seconds(async () => {
    const { runId } = await program.client.post<{ runId: number }>(`/periods/${PERIOD}/statement-runs`, scope);
    for (;;) {
      const run = await program.client.get<{ state: string; issued: number; failures: readonly unknown[] }>(`/statement-runs/${runId}`);
      if (run.state === 'completed') {
        if (run.issued !== expected) throw new Error(`the run made ${run.issued} statements instead of ${expected}`);
        return;
      }
      await pause(POLL_MS);
    }
  });
}

async function longStatement(program: ProgramProcesses, folder: string, say: (line: string) => void): Promise<Figure[]> {
  const file = join(folder, `aws_${PERIOD}_long.csv`);
  const out = createWriteStream(file);
  out.write(HEADER);
  for (let line = 0; line < LONG_STATEMENT_LINES; line++) out.write(csvRow('long', line));
  out.end();
  await once(out, 'finish');
  await program.client.upload(file, { source: 'hpc' });
  for (;;) {
    const { imports } = await program.client.get<{ imports: readonly { state: string }[] }>('/imports');
    if (imports.every(({ state }) => state === 'recorded')) break;
    await pause(POLL_MS);
  }
  const took = await runSeconds(program, 1, {});
  const { failed } = await program.client.get<{ failed: readonly unknown[] }>('/jobs');
  say(`${LONG_STATEMENT_LINES} lines in one statement: ${took.toFixed(2)} s; the worker held ${await program.workerPeakMiB()} MiB at most`);
  return [
    alone('longStatement', took, `s for ${LONG_STATEMENT_LINES} lines`),
    alone('workerPeakLong', await program.workerPeakMiB(), 'MiB'),
    alone('failedJobs', failed.length, 'jobs'),
  ];
}

const HEADER = 'BillingPeriodStart,ChargePeriodStart,ListCost,BilledCost,ResourceId,ServiceName,Tags\n';

async function writeStatementFile(path: string, statements: number): Promise<void> {
  const out = createWriteStream(path);
  out.write(HEADER);
  for (let statement = 0; statement < statements; statement++) {
    let rows = '';
    for (let line = 0; line < LINES_PER_STATEMENT; line++) rows += csvRow(String(statement), line);
    if (!out.write(rows)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

interface Line {
  readonly date: string;
  readonly resource: string;
  readonly service: string;
  readonly listCost: string;
  readonly billedCost: string;
}

/** Decimals are put together as text: no amount is ever a number. */
function lineOf(statement: string, line: number): Line {
  const whole = 3 + ((line * 37) % 400);
  return {
    date: `${PERIOD}-${String(1 + (line % 28)).padStart(2, '0')}`,
    resource: `i-0a1b2c3d4e5f${statement.padStart(4, '0')}${line}`,
    service: SERVICES[line % SERVICES.length] ?? '',
    listCost: `${whole + 2}.${String(1000 + ((line * 7919) % 9000))}`,
    billedCost: `${whole}.${String(1000 + ((line * 6007) % 9000))}`,
  };
}

function csvRow(statement: string, line: number): string {
  const { date, resource, service, listCost, billedCost } = lineOf(statement, line);
  const tags = `{""pi_email"": ""pi${statement}@example.edu"", ""project_id"": ""project-${statement}"", ""fund_org"": ""12345-${statement}""}`;
  return `${PERIOD}-01,${date},${listCost},${billedCost},${resource},${service},"${tags}"\n`;
}

async function peerRate(documents: number): Promise<number> {
  const { resolve } = createRequire(import.meta.url);
  // Parsed once, which most who use pdfkit do for every document: it would take four times as long.
  const fonts = {
    text: create(readFileSync(resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'))),
    strong: create(readFileSync(resolve('@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf'))),
  };
  await drawPlainly('warm', fonts);
  const took = await seconds(async () => {
    for (let document = 0; document < documents; document++) await drawPlainly(String(document), fonts);
  });
  return documents / took;
}

/** A statement by pdfkit alone: the same words, amounts, rules and bars at about the same places. */
async function drawPlainly(statement: string, fonts: { readonly text: Font; readonly strong: Font }): Promise<number> {
  const pdf = new PDFDocument({
    size: 'LETTER',
    margin: 0,
    bufferPages: true,
    info: { Title: `Statement for January 2025: ${statement}` },
  });
  // pdfkit takes parsed fonts too, which its types don't say.
  pdf.registerFont('text', fonts.text as unknown as string);
  pdf.registerFont('strong', fonts.strong as unknown as string);
  let bytes = 0;
  pdf.on('data', (chunk: Uint8Array) => (bytes += chunk.length));
  const put = (text: string, x: number, y: number, size = 8.5, font = 'text', color = '#1a2330'): void => {
    pdf.font(font).fontSize(size).fillColor(color).text(text, x, y, { lineBreak: false });
  };
  const right = (text: string, edge: number, y: number, size = 8.5, font = 'text', color = '#1a2330'): void => {
    pdf.font(font).fontSize(size);
    put(text, edge - pdf.widthOfString(text), y, size, font, color);
  };
  const rule = (y: number): void => void pdf.rect(54, y, 504, 0.5).fill('#dde2e9');

  pdf.rect(0, 0, 612, 5).fill('#1d4f91');
  put('Research Computing', 54, 36, 11, 'strong');
  put('Statement for January 2025', 54, 80, 23, 'strong');
  ['Prepared for', 'Project', 'Fund/org', 'Billing period', 'Date', 'Revision'].forEach((label, index) => {
    put(label, 54, 130 + index * 17, 9.5, 'text', '#586374');
    put(index === 0 ? `pi${statement}@example.edu` : `project-${statement}`, 146, 130 + index * 17, 9.5);
  });
  pdf.roundedRect(346, 124, 212, 140, 5).fill('#f4f6f9');
  put('List price', 361, 139, 9.5, 'text', '#586374');
  right('$6,012.25', 543, 139, 9.5);
  put('Discount (1.2%)', 361, 156, 9.5, 'text', '#586374');
  right('−$82.50', 543, 156, 9.5);
  put('Amount due', 361, 190, 9.5, 'strong');
  right('$5,929.75', 543, 205, 25, 'strong', '#1d4f91');
  put('Charges by service', 54, 290, 11.5, 'strong');
  ['Service', 'Share', 'List price', 'Discount', 'Amount'].forEach((title, index) =>
    put(title, 54 + index * 100, 310, 7.75, 'strong', '#586374'),
  );
  SERVICES.forEach((service, index) => {
    const y = 326 + index * 30;
    put(service, 54, y);
    put('AWS · 10 charges', 54, y + 12, 7.75, 'text', '#586374');
    pdf.roundedRect(290, y + 4, 44, 4, 2).fill('#dde2e9');
    pdf.roundedRect(290, y + 4, 15, 4, 2).fill('#1d4f91');
    right('33%', 370, y);
    right('2,004.25', 430, y);
    right('−27.50', 494, y);
    right('1,976.75', 558, y);
    rule(y + 26);
  });
  put('Total', 54, 420, 8.5, 'strong');
  ['6,012.25', '−82.50', '5,929.75'].forEach((amount, index) => right(amount, 430 + index * 64, 420, 8.5, 'strong'));
  let y = 450;
  const head = (): void => {
    ['Date', 'Resource', 'Service', 'List price', 'Discount', 'Amount'].forEach((title, index) =>
      put(title, 54 + index * 85, y, 7.75, 'strong', '#586374'),
    );
    y += 16;
  };
  put('Charges', 54, y, 11.5, 'strong');
  y += 18;
  head();
  for (let line = 0; line < LINES_PER_STATEMENT; line++) {
    if (y > 720) {
      pdf.addPage();
      y = 60;
      head();
    }
    const { date, resource, service, listCost, billedCost } = lineOf(statement, line);
    put(date, 54, y, 8.5, 'text', '#586374');
    put(resource, 117, y);
    put(service, 250, y);
    right(listCost, 430, y);
    right('−2.1912', 494, y);
    right(billedCost, 558, y);
    rule(y + 14);
    y += 17;
  }
  put('Total', 54, y, 8.5, 'strong');
  ['6,012.25', '−82.50', '5,929.75'].forEach((amount, index) => right(amount, 430 + index * 64, y, 8.5, 'strong'));
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(page);
    put(`Page ${page + 1} of ${count}`, 54, 748, 7.75);
    right('Revision 1  ·  Made February 3, 2025 at 14:05 UTC  ·  Verification code 9f2c41d07be3a1b2', 558, 748, 7.75);
  }
  pdf.end();
  await once(pdf, 'end');
  return bytes;
}
