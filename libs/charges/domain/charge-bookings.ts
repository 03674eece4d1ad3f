import { Decimal } from '#kernel';
import { BILLABLE_STANDINGS, type Standing } from '#ledger';
import type { Attribution, FlagChanges } from './review.events.js';

/** A decision as it changed one charge. */
export interface DecidedOn {
  readonly action: string;
  readonly recordedAt: Date;
  /** Of a reattribution. */
  readonly after: Attribution | null;
  readonly remainingFlags: readonly string[] | null;
  /** When it was flagged again. */
  readonly flagChange: Pick<FlagChanges, 'added' | 'removed'> | null;
}

/** A line as an import recorded it, and what was decided on its charge, oldest first. */
export interface LineVersion {
  readonly recordedAt: Date;
  readonly flags: readonly string[];
  /** Exact decimal. */
  readonly amount: string;
  readonly attribution: Attribution;
  readonly decisions: readonly DecidedOn[];
  /** How it stands at first, if that is not told by its flags: a part stands as its charge did. */
  readonly standing?: Standing;
}

/** How a charge was booked from one moment to another. */
export interface Booking {
  readonly from: Date;
  /** Null: it still is. */
  readonly until: Date | null;
  readonly standing: Standing;
  readonly isBilled: boolean;
  readonly attribution: Attribution;
}

interface State {
  readonly standing: Standing;
  /** How it stood before it was divided; null unless it is. */
  readonly stood: Standing | null;
  readonly flags: readonly string[];
  /** By the line, or when it was flagged again; `flags` are those that no reattribution mended. */
  readonly raised: readonly string[];
  readonly isReattributed: boolean;
  readonly attribution: Attribution;
}

/**
 * How the last of `versions` was booked over time, as the projection of charges books it: each version revises the one before and takes over
 * what was decided on it if it raises no new flag and costs no more (domain.md §2).
 * @param gone when a later import replaced or withdrew it
 */
export function bookingsOf(versions: readonly LineVersion[], gone: Date | null): Booking[] {
  let before: { readonly version: LineVersion; readonly state: State } | undefined;
  let changes: { readonly at: Date; readonly state: State }[] = [];
  for (const version of versions) {
    let state = initialState(version, before);
    changes = [{ at: version.recordedAt, state }];
    for (const decision of version.decisions) {
      state = afterDecision(state, decision);
      changes.push({ at: decision.recordedAt, state });
    }
    before = { version, state };
  }
  return changes.map(({ at, state }, index) => ({
    from: at,
    until: changes[index + 1]?.at ?? gone,
    standing: state.standing,
    isBilled: BILLABLE_STANDINGS.includes(state.standing),
    attribution: state.attribution,
  }));
}

/** What a revision takes over is what was decided before the charge was divided. */
const UNDIVIDED = { action: 'unsplit', after: null, remainingFlags: null, flagChange: null } as const;

function initialState(line: LineVersion, before: { readonly version: LineVersion; readonly state: State } | undefined): State {
  const asImported: State = {
    standing: line.standing ?? (line.flags.length === 0 ? 'clear' : 'flagged'),
    stood: null,
    flags: line.flags,
    raised: line.flags,
    isReattributed: false,
    attribution: line.attribution,
  };
  if (before === undefined) return asImported;
  const old = before.version;
  const state = afterDecision(before.state, UNDIVIDED);
  const carriesOver =
    line.flags.every((flag) => state.raised.includes(flag)) && Decimal.parse(line.amount).compare(Decimal.parse(old.amount)) <= 0;
  if (!carriesOver) return asImported;
  if (!state.isReattributed) {
    const isDecided = state.standing === 'approved' || state.standing === 'rejected';
    return { ...asImported, standing: isDecided ? state.standing : asImported.standing };
  }
  // Of the reasons that the reattribution left, those that the line still gives.
  const flags = state.flags.filter((flag) => line.flags.includes(flag));
  const isMended = state.standing === 'flagged' && flags.length === 0;
  return { ...state, standing: isMended ? 'approved' : state.standing, flags, raised: line.flags };
}

function afterDecision(state: State, { action, after, remainingFlags, flagChange }: Omit<DecidedOn, 'recordedAt'>): State {
  switch (action) {
    case 'approve':
      return { ...state, standing: 'approved' };
    case 'reject':
      return { ...state, standing: 'rejected' };
    case 'restore':
      return { ...state, standing: 'flagged' };
    case 'split':
      return { ...state, standing: 'split', stood: state.standing };
    case 'unsplit':
      return { ...state, standing: state.stood ?? state.standing, stood: null };
    case 'reflag': {
      if (flagChange === null) return state;
      const flags = withChange(state.flags, flagChange);
      return { ...state, standing: flags.length === 0 ? 'clear' : 'flagged', flags, raised: withChange(state.raised, flagChange) };
    }
    default: {
      if (after === null) return state;
      const flags = remainingFlags ?? state.flags;
      const isMended = state.standing === 'flagged' && flags.length === 0;
      return { ...state, standing: isMended ? 'approved' : state.standing, flags, isReattributed: true, attribution: after };
    }
  }
}

function withChange(flags: readonly string[], { added, removed }: Pick<FlagChanges, 'added' | 'removed'>): readonly string[] {
  return [...new Set([...flags, ...added])].filter((flag) => !removed.includes(flag));
}

/** A moment at which a statement or journal was made of the ledger. */
interface Made {
  readonly at: Date;
  readonly withFlagged?: boolean;
}

/** How the charge was booked when something was made of the ledger; undefined if it was not part of what is billed then. */
export function billedAt(bookings: readonly Booking[], { at, withFlagged = false }: Made): Booking | undefined {
  const booking = bookings.findLast(({ from, until }) => from <= at && (until === null || at < until));
  if (booking === undefined) return undefined;
  return booking.isBilled || (withFlagged && booking.standing === 'flagged') ? booking : undefined;
}
