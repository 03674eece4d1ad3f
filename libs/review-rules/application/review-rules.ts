import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig, Database, type Tx } from '#platform';
import { decideConfigured, decideRules, NO_RULES, patternsWith, type RulesInput } from '../domain/review-rules.decide.js';
import { REVIEW_RULES_STREAM, type ReviewRulesChanged, type RulePatterns } from '../domain/review-rules.events.js';

const SYSTEM: EventMetadata = { actor: { kind: 'system', id: 'config' }, correlationId: 'config' };

/** The rules of the review as they are now. */
export interface CurrentRules extends RulePatterns {
  /** Of their stream; 0 before they were ever set. */
  readonly version: number;
  /** `config` for the configuration file; null before they were ever set. */
  readonly changedBy: string | null;
  readonly changedAt: Date | null;
}

export interface ChangedRules {
  readonly rules: CurrentRules;
  /** Null if they were so already. */
  readonly appended: AppendResult | null;
}

/** Keeps the patterns of the review and gives them out, from the log itself: an import reads by the rules that hold when it begins. */
@Injectable()
export class ReviewRules {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async current(tx?: Tx): Promise<CurrentRules> {
    const { flagPatterns, fundOrgPatterns, version, changedBy, changedAt } = await this.read(tx);
    return { flagPatterns, fundOrgPatterns, version, changedBy, changedAt };
  }

  /** The patterns that `input` would make of those that hold. @throws DomainError `review-rules.invalid`. */
  async candidate(input: RulesInput): Promise<RulePatterns> {
    return patternsWith(await this.read(), input);
  }

  /**
   * Sets the lists that `input` names; what is left out stays.
   * @param seenVersion the version that was changed; null: whatever is there
   * @throws DomainError `review-rules.invalid`, `review-rules.changed` if somebody else changed them since.
   */
  async change(input: RulesInput, seenVersion: number | null, metadata: EventMetadata): Promise<ChangedRules> {
    const appended = await this.save(metadata, (current) => {
      if (seenVersion !== null && seenVersion !== current.version) throw changedSince(current, seenVersion);
      return decideRules(current, input);
    });
    return { rules: await this.current(), appended };
  }

  /** Brings `review` of the configuration into the log where it states something else than the last time. */
  async syncFromConfig(): Promise<void> {
    await this.save(SYSTEM, (current) => decideConfigured(current, this.config.review));
  }

  private async save(metadata: EventMetadata, decide: (current: StoredRules) => ReviewRulesChanged[]): Promise<AppendResult | null> {
    return this.database.transaction(async (tx) => {
      // Several processes start at once with the same file, and two people may save at the same moment.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('settings-review', 0))`);
      const current = await this.read(tx);
      const events = decide(current);
      return events.length === 0 ? null : this.store.append(tx, REVIEW_RULES_STREAM, current.version, events, metadata);
    });
  }

  private async read(tx?: Tx): Promise<StoredRules> {
    const events = await this.store.readStream(REVIEW_RULES_STREAM, tx);
    const last = events.at(-1);
    if (last === undefined) return { ...NO_RULES, version: 0, changedBy: null, changedAt: null };
    const { flagPatterns, fundOrgPatterns, configured } = last.data as ReviewRulesChanged['data'];
    const { metadata, recordedAt } = last;
    return { flagPatterns, fundOrgPatterns, configured, version: events.length, changedBy: metadata.actor.id, changedAt: recordedAt };
  }
}

type StoredRules = CurrentRules & ReviewRulesChanged['data'];

function changedSince({ version, changedBy, changedAt }: CurrentRules, seenVersion: number): DomainError {
  const when = changedAt === null ? '' : ` at ${changedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return new DomainError(
    'review-rules.changed',
    'conflict',
    `Nothing was saved: ${changedBy ?? 'somebody'} changed the rules${when} (version ${version}, not ${seenVersion}). Look at them, and change those.`,
  );
}
