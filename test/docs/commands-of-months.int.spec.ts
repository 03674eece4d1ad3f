import { it } from 'vitest';
import { PAGE_TIMEOUT_MS, type PageOfCommands, runPage } from './page-of-commands.js';

/** Pages about a month and what comes after it. In two files, so that two run at a time. */
const PAGES: readonly PageOfCommands[] = [
  ['docs/how-to/a-billing-month-by-cli.md', /2025-09\s+finalized/],
  [
    'docs/how-to/close-a-month.md',
    /\nNot yet\.\n[^]*Period 2025-09 is finalized[^]* By force: Billed by hand this month\. \(\d+ statements are missing/,
  ],
  [
    'docs/how-to/correct-a-finalized-month.md',
    /Would book 1 charge in 2025-10: -14\.07056105 USD[^]*Adjustment \d+: 1 charge booked[^]*Would book \d+ charges[^]*: would be booked\n[^]*revised: other amounts than billed +1 [^]*Booked as adjustment \d+ in 2025-10: 2 charges\n[^]*corrects 1-3 of 2025-09 by -14\.07056105: “Node was down/,
  ],
  [
    'docs/how-to/re-export-a-journal.md',
    /\nWould export 2025-09 \(template\): \d+ rows, [^]*Booked by 1 \(template, posted\) [^]*\n\nTo book what is left: [^]*_template_delta_2\.csv\n[^]*Booked by 1 \(template, posted\), 2 [^]*\n\nThere is nothing to book\.\n[^]* is void, said [^]* posted +JE-4750, 2025-10-20 [^]* mark-withdrawn /,
  ],
  ['docs/how-to/answer-an-auditor.md', /\nmaren\.aldous@wrenvalley\.example .*\n {2}\d+ .* recorded \(hpc_2025-09\.csv\)/],
];

it.each(PAGES)('the commands of %s do what the page says', (page, outcome) => runPage(page, outcome), PAGE_TIMEOUT_MS);
