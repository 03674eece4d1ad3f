#!/usr/bin/env node
/**
 * Adds up test results and prints `N passed, M failed`. Skipped and pending tests count as failed, and so does a file
 * without a single test: a gate that ran nothing has proved nothing.
 *
 *   node scripts/count-tests.mjs FILE...
 *
 * A FILE is a report of vitest's json reporter (*.json) or the output of a check that ends with a line
 * `N passed, M failed`. Exit code 1 when anything failed.
 */
import { readFileSync } from 'node:fs';

const files = process.argv.slice(2);
let passed = 0;
let failed = files.length === 0 ? 1 : 0;

for (const file of files) {
  const { ok, bad } = file.endsWith('.json') ? fromReport(file) : fromOutput(file);
  passed += ok;
  failed += bad;
  if (ok + bad === 0) {
    console.error(`${file}: no test ran`);
    failed += 1;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function fromReport(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) console.error(`${file}: ${skipped} tests were skipped`);
  // A file that cannot even be loaded fails as a suite and has no tests.
  const broken = report.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0).length;
  return { ok: report.numPassedTests, bad: report.numFailedTests + skipped + broken };
}

function fromOutput(file) {
  const last = [...readFileSync(file, 'utf8').matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  return { ok: Number(last?.[1] ?? 0), bad: Number(last?.[2] ?? 0) };
}
