/** A file that is recognised as something else than FOCUS Cost and Usage: what it is, and what to do instead. */
export interface ForeignDataSet {
  readonly what: string;
  readonly remedy: string;
}

interface Signature extends ForeignDataSet {
  /** Recognised if the header has at least `least` of these, compared without case. */
  readonly columns: readonly string[];
  readonly least: number;
  /** Recognised by columns that begin like this, too. */
  readonly prefixes?: readonly string[];
}

const COST_AND_USAGE = 'Hand in the FOCUS Cost and Usage data set of the same provider and period.';

/** FOCUS's other data sets: money in them repeats what Cost and Usage holds, so reading one would bill it twice. */
const OTHER_FOCUS_DATA_SETS: readonly Signature[] = [
  {
    what: 'a FOCUS Contract Commitment data set',
    remedy: `It lists commitments, not charges. ${COST_AND_USAGE}`,
    columns: [
      'contractcommitmentid',
      'contractcommitmentcost',
      'contractcommitmentcategory',
      'contractcommitmenttype',
      'contractcommitmentperiodstart',
    ],
    least: 2,
  },
  {
    what: 'a FOCUS Invoice Detail data set',
    remedy: `It sums charges up by invoice. ${COST_AND_USAGE}`,
    columns: [
      'invoicedetaildescription',
      'invoicedetailgrain',
      'invoicedetailcreated',
      'invoiceissuestatus',
      'paymentcurrencybilledcost',
      'paymentduedate',
    ],
    least: 2,
  },
  {
    what: 'a FOCUS Billing Period data set',
    remedy: `It lists billing periods, not charges. ${COST_AND_USAGE}`,
    columns: ['billingperiodstatus', 'billingperiodcreated', 'billingperiodlastupdated'],
    least: 2,
  },
];

const NATIVE_EXPORTS: readonly Signature[] = [
  {
    what: 'a native OCI cost report',
    remedy: 'Take the FOCUS reports that OCI writes beside it (bucket folder “FOCUS Reports”).',
    columns: [
      'lineitem/referenceno',
      'lineitem/tenantid',
      'lineitem/intervalusagestart',
      'cost/mycost',
      'cost/currencycode',
      'usage/billedquantity',
    ],
    least: 2,
  },
  {
    what: 'a native AWS Cost and Usage Report',
    remedy: 'In AWS Data Exports, create an export of the table “FOCUS with AWS columns” and hand in its CSV.',
    columns: [],
    least: 1,
    prefixes: ['lineitem/', 'line_item_'],
  },
  {
    what: 'a native Azure cost export (EA or MCA “cost and usage details”)',
    remedy: 'In Cost Management → Exports, create an export of the type “Cost and usage details (FOCUS)” and hand in its CSV.',
    columns: [
      'meterid',
      'metercategory',
      'metersubcategory',
      'billingperiodstartdate',
      'costinbillingcurrency',
      'consumedservice',
      'subscriptionid',
      'paygprice',
    ],
    least: 3,
  },
  {
    what: 'a native Google Cloud billing export',
    remedy: 'Create the FOCUS view of the detailed billing export in BigQuery and export that view as CSV.',
    columns: [
      'billing_account_id',
      'usage_start_time',
      'usage_end_time',
      'service.description',
      'service_description',
      'sku.id',
      'sku_id',
      'project.id',
      'project_id',
      'cost_type',
    ],
    least: 3,
  },
];

/** Recognises FOCUS's other data sets, which may well have all the columns that a charge needs. */
export function recogniseOtherFocusDataSet(foldedNames: ReadonlySet<string>): ForeignDataSet | undefined {
  // A Cost and Usage file may carry a column of these along, but no other data set says when a charge ran.
  if (foldedNames.has('chargeperiodstart')) return undefined;
  return OTHER_FOCUS_DATA_SETS.find((signature) => isMetBy(signature, foldedNames));
}

/** Recognises the native exports of the large providers. */
export function recogniseNativeExport(foldedNames: ReadonlySet<string>): ForeignDataSet | undefined {
  return NATIVE_EXPORTS.find((signature) => isMetBy(signature, foldedNames));
}

function isMetBy(signature: Signature, foldedNames: ReadonlySet<string>): boolean {
  const matches = signature.columns.filter((name) => foldedNames.has(name)).length;
  if (signature.columns.length > 0 && matches >= signature.least) return true;
  return (signature.prefixes ?? []).some((prefix) => [...foldedNames].some((name) => name.startsWith(prefix)));
}
