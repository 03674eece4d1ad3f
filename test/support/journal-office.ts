import { Decimal } from '#kernel';
import { ApiOffice, problemOf } from './api-office.js';
import { eventually } from './eventually.js';
import { focusCsv, type FocusRow } from './focus-csv.js';

export interface JournalLine {
  readonly side: 'debit' | 'credit';
  readonly party: 'pi' | 'source';
  readonly fundOrg: string;
  readonly account: string;
  readonly sourceName: string;
  readonly amount: string;
}

export interface Preview {
  readonly format: string;
  readonly deltaFrom: readonly { readonly number: number }[] | null;
  readonly rowCount: number;
  readonly entries: readonly JournalLine[];
  readonly problems: readonly {
    readonly code: string;
    readonly source: string;
    readonly mend: string | null;
    readonly charges: Readonly<Record<string, string>> | null;
  }[];
  readonly obstructed: boolean;
  readonly nothingChanged: boolean;
  readonly balanced: boolean;
  readonly debits: string;
  readonly credits: string;
  readonly net: string;
}

export interface Exported {
  readonly number: number;
  readonly fileName: string;
  readonly includeZero: boolean;
  readonly deltaFrom: readonly number[] | null;
  readonly rowCount: number;
  readonly debits: string;
  readonly credits: string;
  readonly position: number;
}

interface Sum {
  readonly booked: string;
  readonly ledger: string;
  readonly difference: string;
}

export interface Booked {
  readonly counted: readonly { readonly number: number; readonly status: string }[];
  readonly obstacle: { readonly code: string; readonly text: string } | null;
  readonly comparison: {
    readonly rows: readonly (Sum & { readonly party: string; readonly fundOrg: string })[];
    readonly pi: Sum;
    readonly source: Sum;
  } | null;
  readonly deltaNeeded: boolean;
}

const CONFIG = `dev_mode: true
imports:
  known_sources: [{name: hpc, fund_org: RC-1}, {name: aws, fund_org: RC-2, account_code: '6100'}]
journal: {default_account: '7050'}
`;

/** An office that hands journals to accounting, through the API. */
export class JournalOffice extends ApiOffice {
  readonly reviewer = this.people.reviewer;
  readonly viewer = this.people.viewer;

  static override async start(): Promise<JournalOffice> {
    return new JournalOffice(...(await ApiOffice.opened(CONFIG)));
  }

  async imports(rows: readonly FocusRow[], source = 'hpc', mode = 'merge'): Promise<void> {
    const query = `?source=${source}&deliveryMode=${mode}`;
    const { importId } = await this.reviewer.uploadText<{ importId: number }>(`/imports${query}`, `${source}.csv`, focusCsv(rows));
    await eventually(async () => {
      const { state } = await this.viewer.get<{ state: string }>(`/imports/${importId}`);
      if (state === 'received') return undefined;
      if (state !== 'recorded') throw new Error(`the import is ${state}`);
      return state;
    });
    await this.settle();
  }

  async reattribute(resource: string, set: object, period = '2025-03'): Promise<void> {
    const { charges } = await this.viewer.get<{ charges: readonly { id: string; standing: string }[] }>(
      `/charges?period=${period}&text=${resource}&standing=clear&standing=approved&standing=flagged`,
    );
    await this.reviewer.post('/review/reattribute', { ids: charges.map(({ id }) => id), set });
    await this.settle();
  }

  export(body: object, period = '2025-03'): Promise<Exported> {
    return this.reviewer.post<Exported>(`/periods/${period}/journals`, body);
  }

  preview(query: string, period = '2025-03'): Promise<Preview> {
    return this.viewer.get<Preview>(`/periods/${period}/journals/preview?${query}`);
  }

  async file(number: number, period = '2025-03'): Promise<string> {
    return (await this.viewer.bytes(`/periods/${period}/journals/${number}/file`)).toString('utf8');
  }

  booked(family = 'two-sided', period = '2025-03'): Promise<Booked> {
    return this.viewer.get<Booked>(`/periods/${period}/journals/booked?family=${family}`);
  }

  mark(number: number, verb: 'posted' | 'void' | 'unmark', body: object = {}, period = '2025-03'): Promise<{ readonly status: string }> {
    const given = verb === 'posted' ? { documentNumber: `JE-${number}`, postedOn: '2025-10-31' } : { reason: 'as accounting says' };
    return this.reviewer.post(`/periods/${period}/journals/${number}/${verb}`, { ...given, ...body });
  }
}

/** `debit MATH-100 hpc 7050 10.00`, as a preview shows it. */
export function linesOf({ entries }: Preview): string[] {
  return entries.map(({ side, fundOrg, sourceName, account, amount }) => [side, fundOrg, sourceName, account, amount].join(' '));
}

/** `pi MATH-100 10.00 → 12.00`: what is booked and what the ledger says, where that differs. */
export function differencesOf({ comparison }: Booked): string[] {
  return (comparison?.rows ?? [])
    .filter(({ difference }) => !Decimal.parse(difference).isZero())
    .map(({ party, fundOrg, booked, ledger }) => `${party} ${fundOrg} ${booked} → ${ledger}`);
}

/** The status and code of a refusal, and what it said. */
export async function refusalOf(
  work: Promise<unknown>,
): Promise<{ readonly status: number; readonly code: string; readonly text: string }> {
  const { status, code, message } = await problemOf(work);
  return { status, code, text: message };
}
