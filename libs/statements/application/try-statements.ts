import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type BillingPeriod, Decimal, writeAmount } from '#kernel';
import { APP_CONFIG, type AppConfig } from '#platform';
import type { RunScope, StatementScope } from '../domain/statement.events.js';
import type { BilledMoney } from '../infra/statement-contents.js';
import { StatementQueries } from '../infra/statement.queries.js';
import { isAboutStatement, MakeStatement } from './make-statement.js';

/** Drawn at a time: as many as keep the drawing threads busy. */
const AT_ONCE = 4;

/** One statement of a dry run. */
export interface StatementPreview extends StatementScope, BilledMoney {
  readonly lineCount: number;
  /** The revision it would get. */
  readonly revision: number;
}

export interface DryRun {
  readonly statements: readonly StatementPreview[];
  readonly failures: readonly (StatementScope & { readonly reason: string })[];
  readonly unchanged: number;
  /** Of the statements. */
  readonly sum: BilledMoney;
}

/** Makes what a run would make, and keeps nothing of it. */
@Injectable()
export class TryStatements {
  constructor(
    private readonly statements: StatementQueries,
    private readonly make: MakeStatement,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async execute(period: BillingPeriod, scope: RunScope): Promise<DryRun> {
    const { due, unchanged } = await this.statements.due(period, scope);
    const statements: StatementPreview[] = [];
    const failures: (StatementScope & { reason: string })[] = [];
    for (let start = 0; start < due.length; start += AT_ONCE) {
      const tried = await Promise.all(due.slice(start, start + AT_ONCE).map((each) => this.tryOne(period, each)));
      for (const outcome of tried) {
        if ('reason' in outcome) failures.push(outcome);
        else statements.push(outcome);
      }
    }
    const sum = (column: keyof BilledMoney): string =>
      writeAmount(Decimal.sum(statements.map((each) => Decimal.parse(each[column]))), this.config.currency);
    return { statements, failures, unchanged, sum: { list: sum('list'), discount: sum('discount'), due: sum('due') } };
  }

  private async tryOne(period: BillingPeriod, scope: StatementScope): Promise<StatementPreview | (StatementScope & { reason: string })> {
    try {
      const { list, discount, due, lineCount, revision, pdf } = await this.make.preview(period, scope);
      await finished(Readable.from(pdf).resume());
      return { ...scope, list, discount, due, lineCount, revision };
    } catch (error) {
      if (isAboutStatement(error)) return { ...scope, reason: error.message };
      throw error;
    }
  }
}
