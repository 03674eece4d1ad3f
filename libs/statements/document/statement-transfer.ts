import { Decimal } from '#kernel';
import type { MoneyTriple, StatementCharge, StatementDocument, StatementFundOrg, StatementService } from './statement-document.js';

/** Amounts as decimal text. */
export interface MoneyTripleTransfer {
  readonly list: string;
  readonly discount: string;
  readonly due: string;
}

type WithTextAmounts<T extends MoneyTriple> = Omit<T, keyof MoneyTriple> & MoneyTripleTransfer;

/** A {@link StatementDocument} without objects that lose their class between threads. */
export interface StatementDocumentTransfer extends Omit<StatementDocument, 'totals' | 'fundOrgs' | 'services' | 'charges'> {
  readonly totals: MoneyTripleTransfer;
  readonly fundOrgs: readonly WithTextAmounts<StatementFundOrg>[];
  readonly services: readonly WithTextAmounts<StatementService>[];
  readonly charges: readonly WithTextAmounts<StatementCharge>[];
}

/** Makes a statement ready for `postMessage`. */
export function toTransfer(document: StatementDocument): StatementDocumentTransfer {
  return {
    ...document,
    totals: writeAmounts(document.totals),
    fundOrgs: document.fundOrgs.map(writeAmounts),
    services: document.services.map(writeAmounts),
    charges: document.charges.map(writeAmounts),
  };
}

/** Undoes {@link toTransfer}. @throws DomainError `decimal.malformed` for an amount that is none. */
export function fromTransfer(transfer: StatementDocumentTransfer): StatementDocument {
  return {
    ...transfer,
    totals: readAmounts(transfer.totals),
    fundOrgs: transfer.fundOrgs.map(readAmounts),
    services: transfer.services.map(readAmounts),
    charges: transfer.charges.map(readAmounts),
  };
}

function writeAmounts<T extends MoneyTriple>(entry: T): Omit<T, keyof MoneyTriple> & MoneyTripleTransfer {
  return { ...entry, list: entry.list.toString(), discount: entry.discount.toString(), due: entry.due.toString() };
}

function readAmounts<T extends MoneyTripleTransfer>(entry: T): Omit<T, keyof MoneyTriple> & MoneyTriple {
  return { ...entry, list: Decimal.parse(entry.list), discount: Decimal.parse(entry.discount), due: Decimal.parse(entry.due) };
}
