import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { type Checkpoint, EventStore, type RecordedEvent } from '#event-store';
import { LOGGER, type Logger } from '#platform';

const POLL_INTERVAL_MS = 300;
const BATCH_SIZE = 500;

export interface FeedReader {
  next(event: RecordedEvent): void;
  end(): void;
}

/** Tells open connections of every event as it becomes readable. One look at the log serves them all; none while nobody listens. */
@Injectable()
export class EventFeed implements BeforeApplicationShutdown {
  private readonly readers = new Set<FeedReader>();
  private following = false;
  private ended = false;

  constructor(
    private readonly store: EventStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Answers how to leave. */
  join(reader: FeedReader): () => void {
    if (this.ended) {
      reader.end();
      return () => undefined;
    }
    this.readers.add(reader);
    if (!this.following) void this.follow();
    return () => this.readers.delete(reader);
  }

  beforeApplicationShutdown(): void {
    this.ended = true;
    for (const reader of this.readers) reader.end();
    this.readers.clear();
  }

  private async follow(): Promise<void> {
    this.following = true;
    let checkpoint: Checkpoint | undefined;
    while (this.readers.size > 0) {
      try {
        checkpoint ??= await this.store.horizon();
        const events = await this.store.readAfter(checkpoint, BATCH_SIZE);
        for (const event of events) for (const reader of this.readers) reader.next(event);
        checkpoint = events.at(-1) ?? checkpoint;
        if (events.length === BATCH_SIZE) continue;
      } catch (error) {
        this.logger.warn({ err: error }, 'the event feed could not read the log; trying again');
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
    this.following = false;
  }
}
