import { Decimal } from '#kernel';
import type {
  AdjustmentGroup,
  MoneyTriple,
  StatementCharge,
  StatementDetail,
  StatementDocument,
  StatementFundOrg,
  StatementMonth,
  StatementService,
} from './statement-document.js';

/** Amounts as decimal text. */
export interface MoneyTripleTransfer {
  readonly list: string;
  readonly discount: string;
  readonly due: string;
}

type WithTextAmounts<T extends MoneyTriple> = Omit<T, keyof MoneyTriple> & MoneyTripleTransfer;

export type StatementChargeTransfer = WithTextAmounts<StatementCharge>;

interface StatementDetailTransfer extends Omit<StatementDetail, 'least' | 'greatest' | 'due' | 'adjustments'> {
  readonly least: MoneyTripleTransfer;
  readonly greatest: MoneyTripleTransfer;
  readonly due: string;
  readonly adjustments: readonly WithTextAmounts<AdjustmentGroup>[];
}

/** A {@link StatementDocument} without objects that lose their class between threads. */
export interface StatementDocumentTransfer extends Omit<StatementDocument, 'totals' | 'fundOrgs' | 'services' | 'detail' | 'history'> {
  readonly totals: MoneyTripleTransfer;
  readonly fundOrgs: readonly WithTextAmounts<StatementFundOrg>[];
  readonly services: readonly WithTextAmounts<StatementService>[];
  readonly detail: StatementDetailTransfer;
  readonly history: readonly (Omit<StatementMonth, 'due'> & { readonly due: string })[];
}

/** Makes a statement ready for `postMessage`. */
export function toTransfer(document: StatementDocument): StatementDocumentTransfer {
  const { detail } = document;
  return {
    ...document,
    totals: writeAmounts(document.totals),
    fundOrgs: document.fundOrgs.map(writeAmounts),
    services: document.services.map(writeAmounts),
    detail: {
      ...detail,
      least: writeAmounts(detail.least),
      greatest: writeAmounts(detail.greatest),
      due: detail.due.toString(),
      adjustments: detail.adjustments.map(writeAmounts),
    },
    history: document.history.map((month) => ({ ...month, due: month.due.toString() })),
  };
}

/** Undoes {@link toTransfer}. @throws DomainError `decimal.malformed` for an amount that is none. */
export function fromTransfer(transfer: StatementDocumentTransfer): StatementDocument {
  const { detail } = transfer;
  return {
    ...transfer,
    totals: readAmounts(transfer.totals),
    fundOrgs: transfer.fundOrgs.map(readAmounts),
    services: transfer.services.map(readAmounts),
    detail: {
      ...detail,
      least: readAmounts(detail.least),
      greatest: readAmounts(detail.greatest),
      due: Decimal.parse(detail.due),
      adjustments: detail.adjustments.map(readAmounts),
    },
    history: transfer.history.map((month) => ({ ...month, due: Decimal.parse(month.due) })),
  };
}

/** As {@link toTransfer}, for charges. */
export function chargesToTransfer(charges: readonly StatementCharge[]): StatementChargeTransfer[] {
  return charges.map(writeAmounts);
}

/** Undoes {@link chargesToTransfer}. */
export function chargesFromTransfer(charges: readonly StatementChargeTransfer[]): StatementCharge[] {
  return charges.map(readAmounts);
}

function writeAmounts<T extends MoneyTriple>(entry: T): Omit<T, keyof MoneyTriple> & MoneyTripleTransfer {
  return { ...entry, list: entry.list.toString(), discount: entry.discount.toString(), due: entry.due.toString() };
}

function readAmounts<T extends MoneyTripleTransfer>(entry: T): Omit<T, keyof MoneyTriple> & MoneyTriple {
  return { ...entry, list: Decimal.parse(entry.list), discount: Decimal.parse(entry.discount), due: Decimal.parse(entry.due) };
}
