import { it } from 'vitest';
import { PAGE_TIMEOUT_MS, type PageOfCommands, runPage } from './page-of-commands.js';

/** Pages about settings and decisions. In two files, so that two run at a time. */
const PAGES: readonly PageOfCommands[] = [
  ['docs/how-to/sources.md', /would be changed:\n {2}delivery mode: merge → replace\n[^]*\nNothing was imported from Tape library yet/],
  ['docs/how-to/review-rules.md', /pattern_match:\^storage\$ +\d+ [^]*They count for what is imported from now on[^]*wait for review now/],
  [
    'docs/how-to/chart-of-funds.md',
    /2 would be added[^]*1 retired with 2026-06-30[^]*\n\d{4}-\d\d-\d\d \d\d:\d\d +retired +Mathematics, pure/,
  ],
  [
    'docs/how-to/change-a-template.md',
    /journal_gl\.csv +shipped[^]*\n210045;CHEM;1240\.10\n[^]*\(version 1\)[^]*\(version 2\)[^]* as accounting asked\n[^]*\(version 3\)[^]*Fund;Orgn;Amount\n[^]* is removed; there is none of that name now \(version 4\)/,
  ],
  [
    'docs/how-to/provider-invoices.md',
    /is expected: 3,531\.94 USD, of 2025-10-02\.[^]*1 would be added[^]*\naws +AWS-202509 +matched +3,531\.94 +3,531\.9412721133 +0\.0012721133 +USD +145 +rounding\naws +AWS-202509-S +missing +120\.00 [^]*“Support is paid by the office”[^]*AWS-202509-S: no lines/,
  ],
  ['docs/how-to/attribution-rules.md', /would change:[^]*reattributed \d+ charges?[^]*\nR1\.1 +now R1\.2\n[^]* is disabled\./],
  [
    'docs/how-to/split-charges.md',
    /Would divide 8 charges into 16 parts: [^]*Split 2: 2 charges divided into 4 parts, 48\.7614673 USD[^]*Divided into\n[^]* 300 [^]* rest [^]*Would put together 1 charge: [^]*Put together again 1 charge: [^]*Put together again 1 charge: [^]*\n2 +2025-09 .* 2 +2 +4 /,
  ],
];

it.each(PAGES)('the commands of %s do what the page says', (page, outcome) => runPage(page, outcome), PAGE_TIMEOUT_MS);
