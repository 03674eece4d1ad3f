import { PERIOD } from './focus-files.js';
import type { OfficeClient } from './office-client.js';

interface Charges {
  readonly charges: readonly { readonly id: string }[];
  readonly count: number;
}
interface ReviewLog {
  readonly decisions: readonly { readonly note: string | null }[];
}

const PAGE = 500;

/** Decisions of a reviewer; each has a note of its own, by which it is found in the log if its answer was lost. */
export class Review {
  constructor(private readonly client: OfficeClient) {}

  /** All of a reason at once. */
  async all(verb: 'approve' | 'reject', flag: string, note: string): Promise<void> {
    if ((await this.flagged(flag)).count === 0) return;
    await this.decide(`/review/${verb}`, { filter: { period: PERIOD, flag }, note });
  }

  /** Gives charges of a reason what they lack, by id; with that they are approved. */
  async reattribute(flag: string, set: Readonly<Record<string, string>>, note: string): Promise<void> {
    const { charges } = await this.flagged(flag);
    if (charges.length === 0) return;
    const ids = charges.map(({ id }) => id);
    await this.decide('/review/reattribute', { ids, set, note });
  }

  /** Nothing may wait for review when a period is finalized. */
  async rejectTheRest(note: string): Promise<void> {
    const { count } = await this.client.seeingEverything(() =>
      this.client.get<Charges>(`/charges?period=${PERIOD}&standing=flagged&limit=1`),
    );
    if (count > 0) await this.decide('/review/reject', { filter: { period: PERIOD }, note });
  }

  private async flagged(flag: string): Promise<Charges> {
    return this.client.seeingEverything(() =>
      this.client.get<Charges>(`/charges?period=${PERIOD}&standing=flagged&flag=${flag}&limit=${PAGE}`),
    );
  }

  private async decide(path: string, body: { readonly note: string } & Record<string, unknown>): Promise<void> {
    await this.client.change<unknown>(path, body, async () => {
      const { decisions } = await this.client.get<ReviewLog>(`/review/log?period=${PERIOD}&limit=1`);
      return decisions[0]?.note === body.note ? decisions : undefined;
    });
  }
}
