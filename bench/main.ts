import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bench } from './bench.js';
import { importBench } from './import.bench.js';

const BENCHES: Readonly<Record<string, Bench>> = { import: importBench };
const USAGE = `usage: npm run bench -- NAME [--rows N] [--json FILE]\nbenches: ${Object.keys(BENCHES).join(', ')}\n`;

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { rows: { type: 'string' }, json: { type: 'string' } } });
  const [name = ''] = positionals;
  const bench = BENCHES[name];
  const rows = values.rows === undefined ? bench?.defaultRows : Number(values.rows);
  if (bench === undefined || rows === undefined || !Number.isSafeInteger(rows) || rows < 1) {
    process.stderr.write(USAGE);
    return 2;
  }
  const figures = await bench.run({ rows, say: (line) => process.stderr.write(`${line}\n`) });
  const [cpu] = cpus();
  const machine = {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const report = { bench: name, machine, rows, figures };
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return 0;
}

process.exitCode = await main();
