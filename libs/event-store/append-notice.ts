import type { Database } from '#platform';

/** Channel on which followers of the log are woken; the payload is empty, they look for themselves. */
export const EVENTS_CHANNEL = 'openchargeback_events';

/** At most one notice in this time: to be woken more often helps nobody. */
const REST_MS = 20;

/**
 * Wakes those who follow the log. Not in the appending transaction: one that notifies commits under a lock of the whole server, so that
 * appends would wait for each other's disk writes. One notice at a time; appends meanwhile share the next one. A notice that is lost (this
 * process dies in between) costs followers their polling interval.
 */
export class AppendNotice {
  private underWay = false;
  private wanted = false;

  constructor(private readonly database: Database) {}

  send(): void {
    this.wanted = true;
    if (!this.underWay) void this.sendWanted();
  }

  private async sendWanted(): Promise<void> {
    this.underWay = true;
    while (this.takeWanted()) {
      try {
        // Nothing is lost with it: no need to wait for the disk.
        await this.database.query(`select set_config('synchronous_commit', 'off', true), pg_notify($1, '')`, [EVENTS_CHANNEL]);
      } catch {
        // The database is away or closing. Followers poll.
      }
      await new Promise((resolve) => setTimeout(resolve, REST_MS).unref());
    }
    this.underWay = false;
  }

  private takeWanted(): boolean {
    const { wanted } = this;
    this.wanted = false;
    return wanted;
  }
}
