import { NATIVE_EXPORTS } from './native-exports.js';

/** A file that is recognised as something else than FOCUS Cost and Usage: what it is, and what to do instead. */
export interface ForeignDataSet {
  readonly what: string;
  readonly remedy: string;
}

/** What a data set is known by; see {@link isMetBy}. */
export interface Signature extends ForeignDataSet {
  /** Recognised if the header has at least `least` of these, compared without case, blanks, dots, dashes and underscores. */
  readonly columns: readonly string[];
  readonly least: number;
  /** Recognised by columns that begin like this, too; compared without case. */
  readonly prefixes?: readonly string[];
  /** Recognised, too, by a first line of one or two cells, if its first is one of these: some files have a page of text above their header. */
  readonly opensWith?: readonly string[];
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
  const names = new Set([...foldedNames].map((name) => name.replace(/[\s._-]/g, '')));
  if (signature.columns.length > 0 && signature.columns.filter((name) => names.has(name)).length >= signature.least) return true;
  const [first = ''] = foldedNames;
  if (foldedNames.size <= 2 && signature.opensWith?.includes(first) === true) return true;
  return (signature.prefixes ?? []).some((prefix) => [...foldedNames].some((name) => name.startsWith(prefix)));
}
