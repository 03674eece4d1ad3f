import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Decimal } from '#kernel';
import { renderTemplate } from '#templates';
import type { Checks } from './checks.js';

const FOLDER = 'templates';
const EXPECTED_COUNT = 4;

/** Templates written for Jinja2 give what Jinja2 gives, byte for byte. */
export async function checkTemplates(folder: string, checks: Checks): Promise<void> {
  const { period, entries } = JSON.parse(await readFile(join(folder, FOLDER, 'entries.json'), 'utf8')) as {
    period: string;
    entries: readonly Record<string, unknown>[];
  };
  const context = { period, entries: entries.map((entry) => ({ ...entry, amount: Decimal.parse(String(entry['amount'])) })), config: {} };
  const names = (await readdir(join(folder, FOLDER))).filter((name) => name.endsWith('.j2')).sort();
  checks.equal(FOLDER, `${EXPECTED_COUNT} templates`, names.length, EXPECTED_COUNT);
  for (const name of names) {
    const subject = `${FOLDER}/${name}`;
    await checks.of(subject, async () => {
      const source = await readFile(join(folder, subject), 'utf8');
      const expected = await readFile(join(folder, subject.replace(/\.(\w+)\.j2$/, '.expected.$1')), 'utf8');
      checks.equal(subject, 'as Jinja2 renders it, byte for byte', renderTemplate({ name, source, context }), expected);
    });
  }
}
