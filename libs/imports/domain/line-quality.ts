import type { Attribution } from './line-in-hand.js';

/** What a charge is attributed by, as far as a bill depends on it. */
export type AttributedBy = 'piEmail' | 'projectId' | 'fundOrg' | 'costCenter' | 'accountCode';

/** Lines of an import without a value of one field. */
export interface Unattributed {
  readonly field: AttributedBy;
  readonly lineCount: number;
}

/** Counts what lines leave unsaid; allocates nothing, as it sees every line of every file. */
export class LineQuality {
  private piEmail = 0;
  private projectId = 0;
  private fundOrg = 0;
  private costCenter = 0;
  private accountCode = 0;

  add(attribution: Attribution): void {
    if (attribution.piEmail === null) this.piEmail += 1;
    if (attribution.projectId === null) this.projectId += 1;
    if (attribution.fundOrg === null) this.fundOrg += 1;
    if (attribution.costCenter === null) this.costCenter += 1;
    if (attribution.accountCode === null) this.accountCode += 1;
  }

  /** Every field, also those that no line lacks. */
  report(): Unattributed[] {
    return [
      { field: 'piEmail', lineCount: this.piEmail },
      { field: 'projectId', lineCount: this.projectId },
      { field: 'fundOrg', lineCount: this.fundOrg },
      { field: 'costCenter', lineCount: this.costCenter },
      { field: 'accountCode', lineCount: this.accountCode },
    ];
  }
}
