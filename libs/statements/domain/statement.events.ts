import type { Event } from '#event-store';
import type { BillingPeriod, Currency } from '#kernel';

/** What a statement is about: one PI's project in a period. */
export interface StatementScope {
  readonly piEmail: string;
  readonly projectId: string;
}

/** Charges of a statement that one fund/org and account pay for: lines of an import, written `1-30,45`. */
export interface HeldCharges {
  readonly importId: number;
  readonly fundOrg: string;
  readonly accountCode: string;
  readonly lines: string;
}

/** Which statements of its period a run is for: those that fulfil all that is not null. */
export interface RunScope {
  readonly piEmails: readonly string[] | null;
  readonly projectIds: readonly string[] | null;
  /** Just these: what a run tries again that another one failed at. */
  readonly statements: readonly StatementScope[] | null;
}

/** A statement, or a new revision of it, was made. Money is written as decimals with the currency's digits: sums of rounded postings (domain.md §8). */
export type StatementIssued = Event<
  'StatementIssued',
  StatementScope & {
    readonly runId: number;
    readonly period: BillingPeriod;
    /** 1 for the first. */
    readonly revision: number;
    readonly currency: Currency;
    readonly fundOrgs: readonly string[];
    readonly list: string;
    readonly discount: string;
    readonly due: string;
    readonly lineCount: number;
    /** Digest of the ledger it was made from; its prefix is printed as the verification code. */
    readonly ledgerDigest: string;
    /** The PDF in storage. */
    readonly sha256: string;
    readonly fileName: string;
    /** Which charges it holds, so that the next revision can tell what changed; null where a release before wrote it, which did not say. */
    readonly contents: readonly HeldCharges[] | null;
  }
>;
/** A statement of the run could not be made; the run goes on without it. */
export type StatementFailed = Event<
  'StatementFailed',
  StatementScope & { readonly runId: number; readonly period: BillingPeriod; readonly reason: string }
>;

/** Somebody asked for the statements of a period, or for some of them. */
export type StatementRunRequested = Event<
  'StatementRunRequested',
  {
    runId: number;
    period: BillingPeriod;
    send: boolean;
    scope: RunScope;
    /** The run whose failures it tries again. */
    retryOf: number | null;
  }
>;
/** What the run has to make; a statement whose ledger has not changed since its last revision is not made again. */
export type StatementRunPlanned = Event<
  'StatementRunPlanned',
  { runId: number; period: BillingPeriod; due: readonly StatementScope[]; unchanged: number }
>;
/** Every statement of the run was made, found unchanged, or failed. */
export type StatementRunCompleted = Event<
  'StatementRunCompleted',
  { runId: number; period: BillingPeriod; send: boolean; issued: number; unchanged: number; failed: number }
>;
/** Somebody ended a run before it was through. What it had made stays; nothing is sent. */
export type StatementRunCancelled = Event<
  'StatementRunCancelled',
  {
    runId: number;
    period: BillingPeriod;
    issued: number;
    failed: number;
    /** Statements that were not made; null if the run had no plan yet. */
    left: number | null;
    reason: string | null;
  }
>;
export type StatementRunEvent = StatementRunRequested | StatementRunPlanned | StatementRunCompleted | StatementRunCancelled;

export function statementStream(period: BillingPeriod, scope: StatementScope): string {
  // Encoded, so that no two pairs of PI and project ever share a stream.
  return `statement-${period}/${encodeURIComponent(scope.piEmail)}/${encodeURIComponent(scope.projectId)}`;
}

export function statementRunStream(runId: number): string {
  return `statement-run-${runId}`;
}
