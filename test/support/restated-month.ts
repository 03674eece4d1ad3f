/** What the API answers about files that restate a month, as far as scenarios look at it. */
export interface Charge {
  readonly id: string;
  readonly standing: string;
  readonly amount: string;
  readonly listCost: string;
  readonly adjusts: string | null;
  readonly resourceId: string;
  readonly fundOrg: string;
}
export interface Restatement {
  readonly lineCount: number;
  readonly flaggedLineCount: number;
  readonly kinds: readonly { kind: string; lineCount: number; before: string; after: string; listCost: string; amount: string }[];
  readonly piChanges: { piCount: number; top: readonly object[] };
}
export interface ImportInfo {
  readonly state: string;
  readonly refusal: { code: string; reason: string } | null;
  readonly restatement: Restatement | null;
}
export interface PreviewInfo {
  readonly outcome: { accepted: boolean; refusal: { code: string } | null; restatement: Restatement | null } | null;
}
