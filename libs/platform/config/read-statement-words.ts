import type { YamlSection } from './yaml-section.js';

/**
 * The texts of a statement that hold no number or name: its headings, labels and fixed sentences. Each is a setting below
 * `statement.wording`, written `list_price` for `listPrice`; what is not set is in the language of `statement.locale`.
 */
export const STATEMENT_LABELS = [
  // The title, before the period, and what is to be paid.
  'title',
  'listPrice',
  'discount',
  'amountDue',
  'creditBalance',
  'nothingToPay',
  // What stands beside it, and at the foot of the pages.
  'preparedFor',
  'project',
  'fundOrg',
  'fundOrgs',
  'billingPeriod',
  'statementDate',
  'revision',
  'made',
  'verificationCode',
  // Headings of sections, and what stands beside them.
  'chargesByService',
  'chargesByFundOrg',
  'corrections',
  'includedInCharges',
  'charges',
  'oneRowPerResource',
  'references',
  // Columns and rows of tables.
  'service',
  'share',
  'amount',
  'total',
  'chargeDate',
  'resource',
  'chargeCount',
  'statementCorrected',
  'reason',
  'now',
  'difference',
  'credit',
  // Sentences.
  'noCharges',
  'roundingNote',
  'sameAmount',
  'onlyReviewed',
  'previewNote',
] as const;

export type StatementLabel = (typeof STATEMENT_LABELS)[number];

/** The words that an organisation chose. */
export interface StatementWordsConfig extends Readonly<Partial<Record<StatementLabel, string>>> {
  /** Below the title, and at the end; empty: nothing. */
  readonly introduction: string;
  readonly closing: string;
}

export function readStatementWords(section: YamlSection): StatementWordsConfig {
  const chosen: Partial<Record<StatementLabel, string>> = {};
  for (const label of STATEMENT_LABELS) {
    const text = section.text(settingOf(label));
    if (text) chosen[label] = text;
  }
  return { ...chosen, introduction: section.text('introduction') ?? '', closing: section.text('closing') ?? '' };
}

/** `listPrice` → `list_price`. */
function settingOf(label: StatementLabel): string {
  return label.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
