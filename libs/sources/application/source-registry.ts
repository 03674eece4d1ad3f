import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { DomainError, type Problem } from '#kernel';
import { APP_CONFIG, type AppConfig, Database, type Tx } from '#platform';
import {
  decideSource,
  decideUndescribedSource,
  defaultSettings,
  type PatternOfSource,
  type SettingChange,
  settingChanges,
  type SourceInput,
  sourceName,
  type SourceSetting,
} from '../domain/source.decide.js';
import { type SourceEvent, type SourceSettings, sourceStream } from '../domain/source.events.js';

const SYSTEM: EventMetadata = { actor: { kind: 'system', id: 'config' }, correlationId: 'config' };

export interface ChangedSource {
  /** What was changed, or would be. */
  readonly changes: readonly SettingChange[];
  /** Null if nothing was recorded. */
  readonly appended: AppendResult | null;
}

interface WantedSource {
  readonly name: string;
  readonly input: SourceInput;
}

interface StoredSource {
  readonly settings: SourceSettings | null;
  readonly version: number;
}

type Decision = (current: SourceSettings | null, others: readonly PatternOfSource[]) => SourceEvent[];

/** Registers sources and answers their settings, from the log itself: an import reads what held when it began. */
@Injectable()
export class SourceRegistry {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError `source.exists` for a name that is registered, `source.malformed-name`, `source.invalid-settings`. */
  async register(name: string, input: SourceInput, metadata: EventMetadata): Promise<AppendResult> {
    const result = await this.save(name, metadata, (current, others) => {
      if (current !== null) {
        throw new DomainError('source.exists', 'conflict', `The source “${current.name}” is registered already; change it instead.`);
      }
      return decideSource(null, name, input, others);
    });
    if (result === null) throw new Error('registering a source records an event');
    return result;
  }

  /** Changes what `input` says about a source. @throws DomainError `source.unknown`, `source.invalid-settings`. */
  async change(name: string, input: SourceInput, metadata: EventMetadata): Promise<ChangedSource> {
    let changes: readonly SettingChange[] = [];
    const appended = await this.save(name, metadata, (current, others) => {
      const events = decideSource(known(name, current), name, input, others);
      changes = changesOf(current, events);
      return events;
    });
    return { changes, appended };
  }

  /** What {@link SourceRegistry.change} would do, or why it would not. @throws DomainError as that does. */
  async tryChange(name: string, input: SourceInput): Promise<ChangedSource> {
    const current = known(name, await this.find(name));
    const others = await this.patterns(this.database);
    return { changes: changesOf(current, decideSource(current, name, input, others)), appended: null };
  }

  /** The settings of a source; null if it isn't registered. */
  async find(name: string): Promise<SourceSettings | null> {
    return this.read(sourceName(name)).then(({ settings }) => settings);
  }

  /** The settings of a source. @throws DomainError `source.unknown`. */
  async get(name: string): Promise<SourceSettings> {
    return known(name, await this.find(name));
  }

  /** The settings of a source that the configuration file states: they hold again after every start. */
  statedInConfig(name: string): readonly SourceSetting[] {
    const wanted = sourceName(name);
    const known = this.config.imports.knownSources.find((source) => sourceName(source.name) === wanted);
    return known === undefined ? [] : (Object.keys(stated(known)) as SourceSetting[]);
  }

  /** The settings of a source, registered with defaults if it is new: its first file makes a source known, as in the older program. */
  async ensure(name: string, metadata: EventMetadata): Promise<SourceSettings> {
    const found = await this.find(name);
    if (found !== null) return found;
    await this.save(name, metadata, (current, others) => (current === null ? decideUndescribedSource(name, others) : []));
    return this.get(name);
  }

  /**
   * Brings `imports.known_sources` of the configuration into the log; what the file says there holds, what it leaves out stays.
   * @throws DomainError `config.invalid` with all settings that don't go together with those of other sources.
   */
  async syncFromConfig(): Promise<void> {
    const wanted: readonly WantedSource[] = this.config.imports.knownSources.map((source) => ({
      name: source.name,
      input: stated(source),
    }));
    const problems: Problem[] = [];
    await this.database.transaction(async (tx) => {
      await this.oneAtATime(tx);
      const sources: (WantedSource & StoredSource)[] = [];
      for (const source of wanted) sources.push({ ...source, ...(await this.read(sourceName(source.name), tx)) });
      // Measured against what the file makes of the other sources, not against what they are until then: patterns may be swapped.
      const targets = sources.map(({ name, input, settings }) => ({ ...(settings ?? defaultSettings(name)), ...input }));
      const others = (await this.patterns(tx)).filter(({ name }) => !targets.some((target) => target.name === name));
      for (const [index, { name, input, settings, version }] of sources.entries()) {
        const isUndescribed = settings === null && Object.keys(input).length === 0;
        try {
          const outcome = [...others, ...targets];
          const events = isUndescribed ? decideUndescribedSource(name, outcome) : decideSource(settings, name, input, outcome);
          if (events.length > 0) await this.store.append(tx, sourceStream(sourceName(name)), version, events, SYSTEM);
        } catch (error) {
          if (!(error instanceof DomainError && error.kind === 'invalid')) throw error;
          const found = error.problems.length === 0 ? [{ where: 'name', what: error.detail }] : error.problems;
          problems.push(...found.map(({ where, what }) => ({ where: `imports.known_sources[${index}].${where}`, what })));
        }
      }
      if (problems.length > 0) throw wrongConfig(this.config.file, problems);
    });
  }

  private async save(name: string, metadata: EventMetadata, decide: Decision): Promise<AppendResult | null> {
    const folded = sourceName(name);
    return this.database.transaction(async (tx) => {
      await this.oneAtATime(tx);
      const { settings, version } = await this.read(folded, tx);
      const events = decide(settings, await this.patterns(tx));
      return events.length === 0 ? null : this.store.append(tx, sourceStream(folded), version, events, metadata);
    });
  }

  /** Two sources changed at the same moment might both take the same pattern. */
  private async oneAtATime(tx: Tx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('sources', 0))`);
  }

  private async read(name: string, tx?: Tx): Promise<StoredSource> {
    const events = await this.store.readStream(sourceStream(name), tx);
    return { settings: (events.at(-1)?.data as SourceSettings | undefined) ?? null, version: events.length };
  }

  /** From the log: the list of sources may lag behind it. */
  private async patterns(database: Pick<Database, 'query'>): Promise<PatternOfSource[]> {
    return database.query<PatternOfSource>(
      `select distinct on (stream) data ->> 'name' as name, data ->> 'displayName' as "displayName", data ->> 'pattern' as pattern,
         (data ->> 'enabled')::boolean as enabled
       from events where type in ('SourceRegistered', 'SourceChanged') order by stream, version desc`,
    );
  }
}

function known(name: string, settings: SourceSettings | null): SourceSettings {
  if (settings === null) throw new DomainError('source.unknown', 'not-found', `There is no source “${name}”; register it first.`);
  return settings;
}

function changesOf(current: SourceSettings | null, [event]: readonly SourceEvent[]): readonly SettingChange[] {
  return current === null || event === undefined ? [] : settingChanges(current, event.data);
}

/** What the file says of a source, and nothing that it leaves out. */
function stated({ name: _name, ...settings }: AppConfig['imports']['knownSources'][number]): SourceInput {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function wrongConfig(file: string | undefined, problems: readonly Problem[]): DomainError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new DomainError('config.invalid', 'invalid', `The configuration ${file ?? 'of the sources'} has ${count}.`, problems);
}
