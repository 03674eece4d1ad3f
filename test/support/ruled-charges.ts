/** What the API answers about attribution rules, as far as scenarios look at it. */
export interface Rule {
  readonly ruleId: number;
  readonly version: number;
  readonly place: number;
  readonly name: string;
  readonly enabled: boolean;
}

export interface RuleDetail extends Rule {
  readonly versions: readonly (Rule & { action: string; reason: string | null; changedBy: string; set: { piEmail: string | null } })[];
}

export interface Effect {
  readonly periods: readonly string[];
  readonly matchedCount: number;
  readonly count: number;
  readonly amounts: readonly { currency: string; amount: string }[];
  readonly reattributedCount: number;
  readonly moves: readonly { piBefore: string; piAfter: string; count: number; amount: string }[];
  readonly samples: readonly { id: string; before: { piEmail: string }; after: { piEmail: string } }[];
}

export interface Charge {
  readonly id: string;
  readonly standing: string;
  readonly flags: readonly string[];
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly resourceId: string;
  readonly amount: string;
}

export interface Story {
  readonly charge: Charge;
  readonly attributedBy: {
    rule: string;
    name: string;
    isInForce: boolean;
    changes: readonly { field: string; before: string; after: string }[];
  } | null;
  readonly line: { readings: readonly { field: string; value: string | null }[] };
  readonly decisions: readonly { action: string; note: string | null }[];
}

export interface Report {
  readonly totals: {
    readonly flaggedLineCount: number;
    readonly flags: readonly { flag: string; lineCount: number }[];
    readonly rules: readonly { rule: string; currency: string; lineCount: number; amount: string }[];
  };
  readonly outcomes: readonly { outcome: string; lineCount: number }[];
  readonly quality: { readonly unattributed: readonly { field: string; lineCount: number }[] };
  readonly piChanges: { readonly top: readonly { piEmail: string; after: string }[] };
}

export interface Row {
  readonly resource: string;
  readonly billed: string;
  readonly day?: string;
  readonly account?: string;
  readonly service?: string;
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly lineId?: string;
}

const COLUMNS =
  'BillingPeriodStart,ChargePeriodStart,BilledCost,BillingCurrency,SubAccountId,ServiceName,ResourceId,ResourceName,LineItemId,Tags';

/** A FOCUS file with what rules look at. */
export function csv(rows: readonly Row[]): string {
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map(({ resource, billed, day = '2025-03-05', account = '', service = 'Compute', name = '', tags = {}, lineId = '' }) =>
    [`${day.slice(0, 7)}-01`, day, billed, 'USD', account, service, resource, name, lineId, JSON.stringify(tags)].map(cell).join(','),
  );
  return [COLUMNS, ...lines, ''].join('\n');
}
