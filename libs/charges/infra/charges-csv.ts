import { csvRow, guardFormula } from '#kernel';
import type { ChargeRow } from './charge-row.js';

const COLUMNS = [
  'id',
  'period',
  'source',
  'standing',
  'flags',
  'pi_email',
  'project_id',
  'fund_org',
  'cost_center',
  'account_code',
  'charge_date',
  'service_name',
  'resource_id',
  'resource_name',
  'currency',
  'list_cost',
  'amount',
];

/** Charges as CSV, texts guarded against formula injection, amounts exact and untouched (domain.md §7). */
export async function* chargesCsv(charges: AsyncIterable<ChargeRow>): AsyncGenerator<string> {
  yield csvRow(COLUMNS);
  for await (const charge of charges) {
    const texts = [
      charge.id,
      charge.period,
      charge.source,
      charge.standing,
      charge.flags.join(' '),
      charge.piEmail,
      charge.projectId,
      charge.fundOrg,
      charge.costCenter,
      charge.accountCode,
      charge.chargeDate ?? '',
      charge.serviceName,
      charge.resourceId ?? '',
      charge.resourceName ?? '',
      charge.currency,
    ];
    yield csvRow([...texts.map(guardFormula), charge.listCost, charge.amount]);
  }
}
