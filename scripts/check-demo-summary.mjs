// Checks the summary that `npm run demo -- --once --json FILE` wrote: in every period debits = credits = statements.
// usage: node scripts/check-demo-summary.mjs FILE [OTHER FILE that must say the same]
import { readFile } from 'node:fs/promises';

const [file, other] = process.argv.slice(2);
const { periods } = JSON.parse(await readFile(file, 'utf8'));
const problems = periods.flatMap(({ period, statementTotal, journalDebits, journalCredits }) =>
  statementTotal === journalDebits && journalDebits === journalCredits
    ? []
    : [`${period}: statements ${statementTotal}, debits ${journalDebits}, credits ${journalCredits}`],
);
if (periods.length < 2) problems.push(`${periods.length} periods instead of two`);
if (other !== undefined && JSON.stringify(JSON.parse(await readFile(other, 'utf8')).periods) !== JSON.stringify(periods)) {
  problems.push(`${other} has another summary than ${file}`);
}
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log('debits = credits = statement totals in every period');
process.exitCode = problems.length === 0 ? 0 : 1;
