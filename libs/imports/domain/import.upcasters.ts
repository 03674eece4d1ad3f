import type { Upcaster } from '#event-store';

/** How events of older schema versions become those of `import.events.ts`. */
export const IMPORT_UPCASTERS: readonly Upcaster[] = [
  // Version 2 also proves what was found for the lines; before, nobody wrote that down.
  { type: 'ImportRecorded', from: 1, upcast: (data) => ({ ...data, matchesDigest: null }) },
  // Version 3 reports more. What was recorded, was read to its end.
  { type: 'ImportRecorded', from: 2, upcast: (data) => ({ ...data, report: withLaterMembers((data as { report: object }).report) }) },
  // Version 2 reports more, and also on a file whose reading broke off; before, such a file had no report.
  { type: 'ImportRefused', from: 1, upcast: (data) => ({ ...data, report: withLaterMembers((data as { report: object | null }).report) }) },
  // Version 4 says which columns the digest covers, as lines got more of them; and what attribution rules did, of which there were none before.
  {
    type: 'ImportRecorded',
    from: 3,
    upcast: (data) => ({ ...data, lineFormat: 1, report: withoutRules((data as { report: RuleFreeReport }).report) }),
  },
  {
    type: 'ImportRefused',
    from: 2,
    upcast: (data) => ({ ...data, report: withoutRules((data as { report: RuleFreeReport | null }).report) }),
  },
  // Version 2 may ask for adjustments; before, every file was imported.
  { type: 'ImportReceived', from: 1, upcast: (data) => ({ ...data, asAdjustments: null }) },
];

interface RuleFreeReport {
  readonly totals: object;
}

function withoutRules(report: RuleFreeReport | null): object | null {
  return report === null ? null : { ...report, totals: { ...report.totals, rules: [] } };
}

function withLaterMembers(report: object | null): object | null {
  return report === null ? null : { ...report, readToEnd: true, quality: null, piChanges: null };
}
