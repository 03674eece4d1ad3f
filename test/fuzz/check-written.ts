import { Readable } from 'node:stream';
import csvParser from 'csv-parser';
import { Finding } from './check-reading.js';
import type { WrittenFile } from './focus-file.js';
import type { ReadOutcome } from './read-pieces.js';
import { unitsOf, valueOf } from './reference-reader.js';

/**
 * Holds what was read of an undamaged file against what was written into it, and against csv-parser's count where that can read it.
 * @throws Finding
 */
export async function checkWritten(file: WrittenFile, outcome: ReadOutcome): Promise<void> {
  if (outcome.refusal !== null) throw new Finding(`a well-formed file is refused with ${outcome.refusal.code}: ${outcome.refusal.detail}`);
  const lines = new Map(outcome.lines.map((line) => [line.lineNumber, line]));
  const refused = new Map(outcome.refused.map((row) => [row.lineNumber, row]));
  for (const row of file.rows) {
    const line = lines.get(row.lineNumber);
    const refusal = refused.get(row.lineNumber);
    if (row.badColumns.length === 0) {
      if (line === undefined) throw new Finding(`line ${row.lineNumber} is good and was refused: ${JSON.stringify(refusal)}`);
      const isExact = unitsOf(line.amount) === unitsOf(row.billedCost.trim());
      if (line.period !== row.period || !isExact) {
        throw new Finding(
          `line ${row.lineNumber} was read as ${line.amount} in ${line.period}, written as ${row.billedCost} in ${row.period}`,
        );
      }
      continue;
    }
    const named = refusal === undefined ? [] : [refusal, ...refusal.furtherProblems].map((problem) => problem.column.toLowerCase());
    if (
      named.toSorted().join() !==
      row.badColumns
        .map((name) => name.toLowerCase())
        .toSorted()
        .join()
    ) {
      throw new Finding(`line ${row.lineNumber} is wrong in ${row.badColumns.join()}, and the report names ${named.join() || 'nothing'}`);
    }
  }
  if (file.isPlain) await checkAgainstCsvParser(file, outcome);
}

async function checkAgainstCsvParser(file: WrittenFile, outcome: Extract<ReadOutcome, { refusal: null }>): Promise<void> {
  let count = 0;
  let sum = 0n;
  const rows = Readable.from([Buffer.from(file.bytes)]).pipe(csvParser({ mapHeaders: ({ header }) => header.trim().toLowerCase() }));
  for await (const row of rows as AsyncIterable<Readonly<Record<string, string>>>) {
    count += 1;
    const value = valueOf(row['billedcost'] ?? '');
    sum += value === null ? 0n : (unitsOf(value) ?? 0n);
  }
  const read = [...outcome.lines, ...outcome.refused].reduce(
    (total, row) => total + (row.amount === null ? 0n : (unitsOf(row.amount) ?? 0n)),
    0n,
  );
  if (count !== outcome.lines.length + outcome.refused.length) throw new Finding(`csv-parser counts ${count} rows`);
  if (read !== sum) throw new Finding('csv-parser finds another sum of money');
}
