import { type DataSetSignature, type ForeignDataSet, isMetBy } from './data-set-signature.js';
import { NATIVE_EXPORTS } from './native-exports.js';

const COST_AND_USAGE = 'Hand in the FOCUS Cost and Usage data set of the same provider and period.';

/** FOCUS's other data sets: money in them repeats what Cost and Usage holds, so reading one would bill it twice. */
const OTHER_FOCUS_DATA_SETS: readonly DataSetSignature[] = [
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
    remedy: `It sums charges up by invoice. ${COST_AND_USAGE} What the invoices come to is held against them: hand this file in with \`invoices import FILE -s SOURCE\`, or on the page Invoices.`,
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

/** Recognises FOCUS's other data sets, which may well have all the columns that a charge needs. */
export function recogniseOtherFocusDataSet(foldedNames: ReadonlySet<string>): ForeignDataSet | undefined {
  // A Cost and Usage file may carry a column of these along, but no other data set says when a charge ran.
  if (foldedNames.has('chargeperiodstart')) return undefined;
  return OTHER_FOCUS_DATA_SETS.find((signature) => isMetBy(signature, foldedNames));
}

/** Recognises the files that providers write besides FOCUS. */
export function recogniseNativeExport(foldedNames: ReadonlySet<string>): ForeignDataSet | undefined {
  return NATIVE_EXPORTS.find((signature) => isMetBy(signature, foldedNames));
}
