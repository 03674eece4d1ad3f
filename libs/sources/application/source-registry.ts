import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore, isStreamConflict } from '#event-store';
import { DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig, Database } from '#platform';
import { decideSource, type SourceInput, sourceName } from '../domain/source.decide.js';
import { type SourceEvent, type SourceSettings, sourceStream } from '../domain/source.events.js';

const SYSTEM: EventMetadata = { actor: { kind: 'system', id: 'config' }, correlationId: 'config' };

/** Registers sources and answers their settings, from the log itself: an import reads what held when it began. */
@Injectable()
export class SourceRegistry {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError `source.exists` for a name that is registered. */
  async register(name: string, input: SourceInput, metadata: EventMetadata): Promise<AppendResult> {
    if ((await this.find(name)) !== null) {
      throw new DomainError('source.exists', 'conflict', `The source “${sourceName(name)}” is registered already.`);
    }
    const result = await this.save(name, input, metadata);
    if (result === null) throw new Error('registering a source records an event');
    return result;
  }

  /** Changes what `input` says about a source; null if that changes nothing. @throws DomainError `source.unknown`. */
  async change(name: string, input: SourceInput, metadata: EventMetadata): Promise<AppendResult | null> {
    if ((await this.find(name)) === null) {
      throw new DomainError('source.unknown', 'not-found', `There is no source “${name}”; register it first.`);
    }
    return this.save(name, input, metadata);
  }

  /** The settings of a source; null if it isn't registered. */
  async find(name: string): Promise<SourceSettings | null> {
    const events = await this.store.readStream(sourceStream(sourceName(name)));
    return (events.at(-1)?.data as SourceSettings | undefined) ?? null;
  }

  /** The settings of a source, registered with defaults if it is new: its first file makes a source known, as in the older program. */
  async ensure(name: string, metadata: EventMetadata): Promise<SourceSettings> {
    const known = await this.find(name);
    if (known !== null) return known;
    try {
      await this.save(name, {}, metadata);
    } catch (error) {
      if (!isStreamConflict(error)) throw error;
    }
    const registered = await this.find(name);
    if (registered === null) throw new Error(`the source ${name} was not registered`);
    return registered;
  }

  /** Brings `imports.known_sources` of the configuration into the log; what the file says there holds. */
  async syncFromConfig(): Promise<void> {
    for (const known of this.config.imports.knownSources) {
      try {
        const { name, ...settings } = known;
        await this.save(name, { ...settings, dateFormat: settings.dateFormat ?? '', lineIdColumn: settings.lineIdColumn ?? '' }, SYSTEM);
      } catch (error) {
        // Another process that starts at the same time was faster.
        if (!isStreamConflict(error)) throw error;
      }
    }
  }

  private async save(name: string, input: SourceInput, metadata: EventMetadata): Promise<AppendResult | null> {
    const stream = sourceStream(sourceName(name));
    return this.database.transaction(async (tx) => {
      const recorded = await this.store.readStream(stream, tx);
      const current = (recorded.at(-1)?.data as SourceSettings | undefined) ?? null;
      const events: SourceEvent[] = decideSource(current, name, input);
      return events.length === 0 ? null : this.store.append(tx, stream, recorded.length, events, metadata);
    });
  }
}
