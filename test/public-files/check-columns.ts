import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DomainError } from '#kernel';
import { type FocusHeader, FocusReader, OPTIONS } from '../../libs/imports/testing/reader.js';
import type { Checks } from './checks.js';

const FILE = 'focus_columns.json';
const REQUIRED = ['BillingPeriodStart', 'BilledCost'];
const COST_AND_USAGE = 'CostAndUsage';

interface Column {
  readonly name: string;
}

interface Specification {
  readonly versions: Readonly<Record<string, { readonly datasets: Readonly<Record<string, readonly Column[]>> }>>;
}

/** Every column of every version of FOCUS is known, each version is told from its header, and each other data set is told to be one. */
export async function checkColumns(folder: string, checks: Checks): Promise<void> {
  await checks.of(FILE, async () => {
    const { versions } = JSON.parse(await readFile(join(folder, FILE), 'utf8')) as Specification;
    checks.equal(FILE, 'five versions', Object.keys(versions), ['1.0', '1.1', '1.2', '1.3', '1.4']);
    const seen = new Set<string>();
    for (const [version, { datasets }] of Object.entries(versions)) {
      const names = (datasets[COST_AND_USAGE] ?? []).map((column) => column.name);
      const header = await headerOf(names);
      checks.equal(FILE, `the ${names.length} columns of ${version} are known`, header.unknownColumns, []);
      checks.equal(FILE, `a header with all of them is told to be ${version}`, header.version, version);
      const lowerCase = await headerOf(names.map((name) => ` ${name.toLowerCase()} `));
      checks.equal(FILE, `so is one in lower case`, [lowerCase.version, lowerCase.unknownColumns], [version, []]);
      for (const name of names.filter((one) => !seen.has(one))) {
        const told = await headerOf([...REQUIRED.filter((required) => required !== name), name]);
        checks.equal(FILE, `${name} alone tells ${version}`, told.version, version);
        seen.add(name);
      }
      for (const [dataSet, columns] of Object.entries(datasets)) {
        if (dataSet === COST_AND_USAGE) continue;
        const refusal = await headerOf(columns.map((column) => column.name)).catch((error: unknown) => error);
        const code = refusal instanceof DomainError ? refusal.code : 'none';
        checks.equal(FILE, `${dataSet} of ${version} is refused as what it is`, code, 'import.wrong-data-set');
      }
    }
  });
}

async function headerOf(names: readonly string[]): Promise<FocusHeader> {
  return (await FocusReader.open(Readable.from([`${names.join(',')}\n`]), OPTIONS)).header;
}
