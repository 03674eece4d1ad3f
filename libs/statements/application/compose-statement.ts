import { readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ChargeQueries } from '#charges';
import { type BillingPeriod, billingPeriod, CLOCK, type Clock, Decimal } from '#kernel';
import { LedgerQueries, type Posting } from '#ledger';
import { APP_CONFIG, type AppConfig, Database } from '#platform';
import { SourceQueries } from '#sources';
import type {
  ComposedDocument,
  MoneyTriple,
  StatementMonth,
  StatementReference,
  StatementWarning,
} from '../document/statement-document.js';
import type { StatementScope } from '../domain/statement.events.js';
import { StatementCharges } from '../infra/statement-charges.js';

/** Projects that end within this many days after the period are warned of (domain.md §5). */
const ENDS_SOON_DAYS = 60;
const VERIFICATION_CODE_LENGTH = 16;
/** In the line of what the project came to. */
const SHOWN_PERIODS = 6;

export interface ComposedStatement {
  readonly document: ComposedDocument;
  readonly ledgerDigest: string;
}

/** What the lines of a project say besides money. */
interface ProjectFacts {
  piAsWritten: string | null;
  endDate: string | null;
  /** Charges after the end that their tag says, and their exact sum. */
  lateCount: number;
  lateDue: string;
  reference1: string[] | null;
  reference2: string[] | null;
  /** Whether there is an adjustment among the charges. */
  corrects: boolean;
}

/** Puts a statement together from the ledger: what it says, not how it looks. */
@Injectable()
export class ComposeStatement {
  private readonly charges: StatementCharges;

  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerQueries,
    charges: ChargeQueries,
    private readonly sources: SourceQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.charges = new StatementCharges(database, charges, config);
  }

  async execute(period: BillingPeriod, scope: StatementScope, revision: number): Promise<ComposedStatement> {
    const { currency, organization, statement } = this.config;
    const ledgerDigest = await this.ledger.digest(period, scope);
    // Side by side, each on a connection: the digest, taken once more, tells whether they saw the same ledger.
    const [postings, facts, sourceNames, history] = await Promise.all([
      this.ledger.postings(period, currency, scope),
      this.facts(period, scope),
      this.sources.displayNames(),
      this.history(period, scope),
    ]);
    const lineCount = postings.reduce((count, posting) => count + posting.lineCount, 0);
    const summarized = lineCount > (statement.detailLimit ?? Infinity);
    const charges = await this.charges.of(period, scope, { lineCount, summarized, corrects: facts.corrects });
    return {
      ledgerDigest,
      document: {
        organization: {
          name: organization.name,
          contact: organization.contact === '' ? null : organization.contact,
          logo: await this.logo(),
          footer: statement.footer,
        },
        theme: { accent: statement.accentColor, fonts: statement.fonts },
        words: statement.words,
        period,
        piEmail: facts.piAsWritten ?? scope.piEmail,
        projectId: scope.projectId,
        currency,
        locale: statement.locale,
        pageSize: statement.pageSize,
        revision,
        madeAt: this.clock.now(),
        verificationCode: ledgerDigest.slice(0, VERIFICATION_CODE_LENGTH),
        totals: sumOf(postings),
        fundOrgs: grouped(postings, (posting) => posting.fundOrg).map(([fundOrg, members]) => ({ fundOrg, ...sumOf(members) })),
        services: grouped(postings, (posting) => JSON.stringify([posting.fundOrg, posting.serviceName, posting.source])).map(
          ([, members]) => ({
            fundOrg: members[0].fundOrg,
            serviceName: members[0].serviceName,
            source: sourceNames.get(members[0].source) ?? members[0].source,
            lineCount: members.reduce((count, posting) => count + posting.lineCount, 0),
            ...sumOf(members),
          }),
        ),
        ...charges,
        history,
        references: this.references(facts),
        warnings: this.warnings(period, facts),
        // What the last revision held is the run's to tell.
        changes: null,
      },
    };
  }

  /** What the same project came to in the last periods, up to this one, from the first that has anything. */
  private async history(period: BillingPeriod, scope: StatementScope): Promise<StatementMonth[]> {
    const { currency } = this.config;
    const periods = lastPeriods(period, SHOWN_PERIODS);
    const months = await this.ledger.monthlyDues(periods, currency, scope);
    const first = periods.findIndex((each) => months.has(each));
    return first < 0 ? [] : periods.slice(first).map((each) => ({ period: each, due: months.get(each) ?? Decimal.ZERO }));
  }

  private async facts(period: BillingPeriod, scope: StatementScope): Promise<ProjectFacts> {
    const [row] = await this.database.query<ProjectFacts>(
      `select (array_agg(l.pi_email_as_written order by l.import_id desc, l.line_no) filter (where not c.reattributed))[1] as "piAsWritten",
         to_char(max(l.end_date), 'YYYY-MM-DD') as "endDate",
         count(*) filter (where c.charge_date > l.end_date)::int as "lateCount",
         coalesce(sum(c.amount) filter (where c.charge_date > l.end_date), 0)::text as "lateDue",
         array_agg(distinct l.reference_1 order by l.reference_1) filter (where l.reference_1 is not null) as "reference1",
         array_agg(distinct l.reference_2 order by l.reference_2) filter (where l.reference_2 is not null) as "reference2",
         coalesce(bool_or(c.adjusts_import_id is not null), false) as corrects
       from charges c join charge_lines l using (import_id, line_no)
       where c.period = $1 and c.pi_email = $2 and c.project_id = $3 and c.standing in ('clear', 'approved')`,
      [period, scope.piEmail, scope.projectId],
    );
    return row ?? { piAsWritten: null, endDate: null, lateCount: 0, lateDue: '0', reference1: null, reference2: null, corrects: false };
  }

  private references(facts: ProjectFacts): StatementReference[] {
    const { reference_1: first, reference_2: second } = this.config.tagMapping;
    return [
      { label: labelOf(first[0], 1), values: facts.reference1 },
      { label: labelOf(second[0], 2), values: facts.reference2 },
    ].flatMap(({ label, values }) => (values === null ? [] : [{ label, value: values.join(', ') }]));
  }

  private warnings(period: BillingPeriod, { endDate, lateCount, lateDue }: ProjectFacts): StatementWarning[] {
    if (endDate === null) return [];
    const daysLeft = daysUntil(endDate, period);
    const warnings: StatementWarning[] = [];
    if (daysLeft <= ENDS_SOON_DAYS) warnings.push({ kind: 'project-end', day: endDate, isPast: daysLeft < 0 });
    if (lateCount > 0) warnings.push({ kind: 'late-charges', count: lateCount, due: lateDue });
    return warnings;
  }

  private async logo(): Promise<Uint8Array | null> {
    const { logo } = this.config.organization;
    return logo === undefined ? null : new Uint8Array(await readFile(logo));
  }
}

function sumOf(postings: readonly Posting[]): MoneyTriple {
  const list = Decimal.sum(postings.map((posting) => posting.list));
  const due = Decimal.sum(postings.map((posting) => posting.billed));
  return { list, discount: list.minus(due), due };
}

function grouped(postings: readonly Posting[], key: (posting: Posting) => string): [string, [Posting, ...Posting[]]][] {
  const groups = new Map<string, [Posting, ...Posting[]]>();
  for (const posting of postings) {
    const members = groups.get(key(posting));
    if (members === undefined) groups.set(key(posting), [posting]);
    else members.push(posting);
  }
  return [...groups].sort(([a], [b]) => compareText(a, b));
}

/** Days from the end of a period to a day; less than nothing for one before. */
function daysUntil(day: string, period: BillingPeriod): number {
  const periodEnd = new Date(`${period}-01T00:00:00Z`);
  periodEnd.setUTCMonth(periodEnd.getUTCMonth() + 1);
  return (new Date(`${day}T00:00:00Z`).getTime() - periodEnd.getTime()) / 86_400_000;
}

/** So many months up to this one, oldest first. */
function lastPeriods(period: BillingPeriod, count: number): BillingPeriod[] {
  return Array.from({ length: count }, (_, index) => {
    const month = new Date(`${period}-01T00:00:00Z`);
    month.setUTCMonth(month.getUTCMonth() - (count - 1 - index));
    return billingPeriod(month.toISOString().slice(0, 7));
  });
}

/** `grant_number` → `Grant number`; a tag that is called after our own field gives no name. */
function labelOf(tag: string | undefined, number: number): string | number {
  if (tag === undefined || tag === `reference_${number}`) return number;
  const words = tag.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
