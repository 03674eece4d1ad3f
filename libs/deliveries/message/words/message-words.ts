import type { Counted } from '#kernel';

/** Every word of a message in one language; an address is formal. */
export interface MessageWords {
  /** Heading of the HTML. */
  readonly chargesFor: (period: string) => string;
  readonly greeting: string;
  /** `whose`: the PI, where somebody else reads it. */
  readonly yourCharges: (period: string) => string;
  readonly chargesOf: (whose: string, period: string) => string;
  /** The same for several projects. */
  readonly yourChargesOfProjects: (period: string, count: Counted) => string;
  readonly chargesOfProjects: (whose: string, period: string, count: Counted) => string;
  readonly project: string;
  readonly fundOrg: string;
  readonly listPrice: string;
  readonly discount: string;
  readonly amount: string;
  readonly amountDue: string;
  readonly creditBalance: string;
  readonly total: string;
  /** `share`: in per cent; null where nobody can say. */
  readonly savings: (saved: string, share: string | null) => string;
  readonly attached: (count: Counted) => string;
  readonly linked: (count: Counted, until: string) => string;
  readonly revision: (number: string) => string;
  readonly questionsTo: string;
  readonly questionsReply: string;
}
