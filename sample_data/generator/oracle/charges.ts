import type { FocusRow } from '../focus-row.js';
import type { ReviewDecision, SampleSettings } from '../sample-settings.js';
import { fixed, type Fixed } from './fixed-point.js';

export interface OracleFile {
  readonly period: string;
  readonly source: string;
  readonly path: string;
  readonly rows: readonly FocusRow[];
}

/** A row as the program should understand it. */
export interface OracleCharge {
  readonly period: string;
  readonly source: string;
  readonly path: string;
  readonly currency: string;
  readonly pi: string;
  readonly project: string;
  readonly fundOrg: string;
  readonly accountCode: string;
  readonly service: string;
  readonly list: Fixed;
  readonly billed: Fixed;
  readonly effective: Fixed;
  readonly flags: readonly string[];
  standing: 'clear' | 'flagged' | 'approved' | 'rejected';
}

function known(cell: string | undefined): string {
  const text = (cell ?? '').trim();
  return text.toUpperCase() === 'NULL' ? '' : text;
}

function tagReader(cell: string | undefined): (name: string) => string {
  const json = known(cell);
  const tags: unknown = json === '' ? {} : JSON.parse(json);
  return (name) => {
    const value: unknown = typeof tags === 'object' && tags !== null ? Reflect.get(tags, name) : undefined;
    return typeof value === 'string' ? value.trim() : '';
  };
}

/** domain.md §2, the table of flags. */
function flagsOf(
  row: FocusRow,
  charge: Omit<OracleCharge, 'flags' | 'standing'>,
  tag: (name: string) => string,
  settings: SampleSettings,
): string[] {
  const flags: string[] = [];
  if (charge.pi === '') flags.push('missing_pi_email');
  else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(charge.pi)) flags.push('invalid_pi_email');
  if (charge.project === '') flags.push('missing_project_id');
  if (charge.fundOrg === '') flags.push('missing_fund_org');
  else if (!settings.fundOrgPatterns.some((pattern) => new RegExp(`^(?:${pattern})`, 'i').test(charge.fundOrg))) {
    flags.push('invalid_fund_org');
  }
  for (const pattern of settings.flagPatterns) {
    const wanted = new RegExp(pattern, 'i');
    if ([row.ServiceName, row.ResourceId, row.ResourceName].some((cell) => wanted.test(known(cell)))) {
      flags.push(`pattern_match:${pattern}`);
    }
  }
  if (charge.currency !== settings.currency) flags.push('currency_mismatch');
  const day = known(row.ChargePeriodStart).slice(0, 10);
  const reconciliationEnd = tag('reconciliation_end');
  const endDate = tag('end_date');
  if (reconciliationEnd !== '' && day > reconciliationEnd) flags.push('late_charge');
  if (endDate !== '' && day > endDate) flags.push('expired_project');
  return flags;
}

export function readCharges(files: readonly OracleFile[], settings: SampleSettings): OracleCharge[] {
  return files.flatMap((file) =>
    file.rows.map((row) => {
      const tag = tagReader(row.Tags);
      const billed = fixed(known(row.BilledCost));
      const listed = known(row.ListCost);
      const attributed = {
        period: known(row.BillingPeriodStart).slice(0, 7),
        source: file.source,
        path: file.path,
        currency: known(row.BillingCurrency),
        pi: tag('pi_email').normalize('NFC').toLowerCase(),
        project: tag('project_id'),
        fundOrg: tag('fund_org'),
        accountCode: tag('account_code'),
        service: known(row.ServiceName),
        // Null and 0 mean that the list price is unknown.
        list: listed === '' || fixed(listed) === 0n ? billed : fixed(listed),
        billed,
        effective: fixed(known(row.EffectiveCost)),
      };
      const flags = flagsOf(row, attributed, tag, settings);
      return { ...attributed, flags, standing: flags.length === 0 ? 'clear' : 'flagged' };
    }),
  );
}

/**
 * Applies the reviewers' decisions in order and answers the charges each of them covered. Throws where a decision covers nothing, approves
 * what nobody can be billed for, or where a charge is left undecided: the sample would be wrong then.
 */
export function decide(charges: readonly OracleCharge[], decisions: readonly ReviewDecision[]): OracleCharge[][] {
  const covered = decisions.map((step) => {
    const touched = charges.filter(
      (charge) =>
        charge.standing === 'flagged' &&
        charge.flags.includes(step.reason) &&
        (step.source === undefined || step.source === charge.source) &&
        (step.pi === undefined || step.pi.trim().normalize('NFC').toLowerCase() === charge.pi) &&
        (step.project === undefined || step.project === charge.project),
    );
    if (touched.length === 0) throw new Error(`“${step.decision} ${step.reason}” covers no charge.`);
    for (const charge of touched) {
      if (step.decision === 'approve' && [charge.pi, charge.project, charge.fundOrg].includes('')) {
        throw new Error(`“${step.decision} ${step.reason}” covers a charge of ${charge.path} that lacks its attribution.`);
      }
      charge.standing = step.decision === 'approve' ? 'approved' : 'rejected';
    }
    return touched;
  });
  const left = charges.find((charge) => charge.standing === 'flagged');
  if (left !== undefined) throw new Error(`A charge of ${left.path} is left undecided: ${left.flags.join(', ')}.`);
  return covered;
}
