import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { appendBench } from './append.bench.js';
import type { Bench } from './bench.js';
import { browseBench } from './browse.bench.js';
import { emailBench } from './email.bench.js';
import { importBench } from './import.bench.js';
import { journalBench } from './journal.bench.js';
import { rebuildBench } from './rebuild.bench.js';
import { reviewBench } from './review.bench.js';
import { statementsBench } from './statements.bench.js';
import { verifyBench } from './verify.bench.js';

const BENCHES: Readonly<Record<string, Bench>> = {
  import: importBench,
  browse: browseBench,
  email: emailBench,
  journal: journalBench,
  append: appendBench,
  rebuild: rebuildBench,
  review: reviewBench,
  statements: statementsBench,
  verify: verifyBench,
};
const NAMES = Object.entries(BENCHES).map(([name, { counts }]) => `  ${name} [--${counts} N]${name === 'import' ? ' [--held N]' : ''}\n`);
const USAGE = `usage: npm run bench -- NAME [--json FILE]\nbenches:\n${NAMES.join('')}`;

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const options = { rows: text, events: text, statements: text, messages: text, held: text, json: text };
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const [name = ''] = positionals;
  const bench = BENCHES[name];
  const { counts = 'rows', defaultSize = 0 } = bench ?? {};
  const size = Number(values[counts] ?? defaultSize);
  const isOther = (['rows', 'events', 'statements', 'messages'] as const).some((each) => each !== counts && values[each] !== undefined);
  const held = Number(values.held ?? 0);
  if (bench === undefined || isOther || !Number.isSafeInteger(size) || size < 1 || !Number.isSafeInteger(held)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const figures = await bench.run({ size, held, say: (line) => process.stderr.write(`${line}\n`) });
  const [cpu] = cpus();
  const machine = {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const report = { bench: name, machine, [counts]: size, figures };
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return 0;
}

process.exitCode = await main();
