import { readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ChargeQueries } from '#charges';
import { type BillingPeriod, CLOCK, type Clock, Decimal } from '#kernel';
import { LedgerQueries, type Posting } from '#ledger';
import { APP_CONFIG, type AppConfig, Database } from '#platform';
import { SourceQueries } from '#sources';
import type { CorrectedCharge, MoneyTriple, StatementCharge, StatementDocument } from '../document/statement-document.js';
import type { StatementScope } from '../domain/statement.events.js';

/** Projects that end within this many days after the period are warned of (domain.md §5). */
const ENDS_SOON_DAYS = 60;
const VERIFICATION_CODE_LENGTH = 16;

export interface ComposedStatement {
  readonly document: StatementDocument;
  readonly ledgerDigest: string;
}

/** What the lines of a project say besides money. */
interface ProjectFacts {
  piAsWritten: string | null;
  endDate: string | null;
  reference1: string[] | null;
  reference2: string[] | null;
}

/** Puts a statement together from the ledger: what it says, not how it looks. */
@Injectable()
export class ComposeStatement {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerQueries,
    private readonly charges: ChargeQueries,
    private readonly sources: SourceQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(period: BillingPeriod, scope: StatementScope, revision: number): Promise<ComposedStatement> {
    const { currency, organization, statement } = this.config;
    const ledgerDigest = await this.ledger.digest(period, scope);
    const postings = await this.ledger.postings(period, currency, scope);
    const facts = await this.facts(period, scope);
    const sourceNames = new Map((await this.sources.list()).map((source) => [source.name, source.displayName]));
    return {
      ledgerDigest,
      document: {
        organization: {
          name: organization.name,
          contact: organization.contact === '' ? null : organization.contact,
          logoPng: await this.logo(),
        },
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
        charges: await this.chargeRows(period, scope),
        references: this.references(facts),
        warnings: warnings(period, facts),
        // What the last revision held is the run's to tell.
        changes: null,
      },
    };
  }

  private async chargeRows(period: BillingPeriod, scope: StatementScope): Promise<StatementCharge[]> {
    const rows: StatementCharge[] = [];
    const corrections = await this.corrections(period, scope);
    for await (const charge of this.charges.billable(period, this.config.currency, scope)) {
      const list = Decimal.parse(charge.listCost);
      const due = Decimal.parse(charge.amount);
      rows.push({
        date: charge.chargeDate,
        resource: charge.resourceName ?? charge.resourceId ?? '',
        serviceName: charge.serviceName,
        fundOrg: charge.fundOrg,
        list,
        discount: list.minus(due),
        due,
        note: due.isNegative() ? 'Credit' : null,
        adjusts: corrections.get(charge.id) ?? null,
      });
    }
    return rows.sort(
      (a, b) => compareText(a.date ?? '', b.date ?? '') || compareText(a.serviceName, b.serviceName) || compareText(a.resource, b.resource),
    );
  }

  /** What the adjustments among a statement's charges correct, and why. */
  private async corrections(period: BillingPeriod, scope: StatementScope): Promise<Map<string, CorrectedCharge>> {
    const rows = await this.database.query<CorrectedCharge & { id: string }>(
      `select c.import_id || '-' || c.line_no as id, o.import_id || '-' || o.line_no as "chargeId", o.period, l.charge_description as reason,
         (select max(s.revision) from statements s where s.period = o.period and s.pi_email = o.pi_email and s.project_id = o.project_id) as revision
       from charges c
       join charge_lines l on l.import_id = c.import_id and l.line_no = c.line_no
       join charges o on o.import_id = c.adjusts_import_id and o.line_no = c.adjusts_line_no
       where c.adjusts_import_id is not null and c.period = $1 and c.pi_email = $2 and c.project_id = $3`,
      [period, scope.piEmail, scope.projectId],
    );
    return new Map(rows.map(({ id, ...correction }) => [id, correction]));
  }

  private async facts(period: BillingPeriod, scope: StatementScope): Promise<ProjectFacts> {
    const [row] = await this.database.query<ProjectFacts>(
      `select (array_agg(l.pi_email_as_written order by l.import_id desc, l.line_no) filter (where not c.reattributed))[1] as "piAsWritten",
         to_char(max(l.end_date), 'YYYY-MM-DD') as "endDate",
         array_agg(distinct l.reference_1 order by l.reference_1) filter (where l.reference_1 is not null) as "reference1",
         array_agg(distinct l.reference_2 order by l.reference_2) filter (where l.reference_2 is not null) as "reference2"
       from charges c join charge_lines l using (import_id, line_no)
       where c.period = $1 and c.pi_email = $2 and c.project_id = $3 and c.standing in ('clear', 'approved')`,
      [period, scope.piEmail, scope.projectId],
    );
    return row ?? { piAsWritten: null, endDate: null, reference1: null, reference2: null };
  }

  private references(facts: ProjectFacts): { label: string; value: string }[] {
    const { reference_1: first, reference_2: second } = this.config.tagMapping;
    return [
      { label: labelOf(first[0]), values: facts.reference1 },
      { label: labelOf(second[0]), values: facts.reference2 },
    ].flatMap(({ label, values }) => (values === null ? [] : [{ label, value: values.join(', ') }]));
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

function warnings(period: BillingPeriod, facts: ProjectFacts): string[] {
  if (facts.endDate === null) return [];
  const periodEnd = new Date(`${period}-01T00:00:00Z`);
  periodEnd.setUTCMonth(periodEnd.getUTCMonth() + 1);
  const daysLeft = (new Date(`${facts.endDate}T00:00:00Z`).getTime() - periodEnd.getTime()) / 86_400_000;
  if (daysLeft > ENDS_SOON_DAYS) return [];
  return [daysLeft < 0 ? `This project ended on ${facts.endDate}.` : `This project ends on ${facts.endDate}.`];
}

/** `grant_number` → `Grant number`. */
function labelOf(tag: string | undefined): string {
  const words = (tag ?? 'reference').replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
