import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../faults/random.js';
import { type ApiClient, ApiProblem } from './api-client.js';
import { focusCsv, type FocusRow } from './focus-csv.js';

/** What clients do to a period. */
export const RACE_VERBS = [
  ...([
    'approve',
    'reject',
    'restore',
    'reattribute',
    'split',
    'undo',
    'reflag',
    'import',
    'withdraw',
    'close',
    'reopen',
    'finalize',
  ] as const),
] as const;
export type RaceVerb = (typeof RACE_VERBS)[number];

/** How often each is chosen. Enough decisions on all that waits for finalizing to find a moment when nothing does. */
const WEIGHTS: Readonly<Record<RaceVerb, number>> = {
  approve: 6,
  reject: 4,
  restore: 2,
  reattribute: 3,
  split: 2,
  undo: 1,
  reflag: 2,
  import: 5,
  withdraw: 2,
  close: 3,
  reopen: 2,
  finalize: 4,
};
const DRAWN = RACE_VERBS.flatMap((verb) => Array.from({ length: WEIGHTS[verb] }, () => verb));
/** While there is something that nobody has done: in an open period, with charges to restore and to put together again. */
const BEFORE_WHAT_IS_MISSING: readonly RaceVerb[] = ['reopen', 'import', 'reject', 'split'];
/** The second decides on what the first left. */
const TO_THE_END: readonly RaceVerb[] = ['approve', 'approve', 'close', 'finalize'];

export interface RaceCall {
  readonly verb: RaceVerb;
  /** Null: it was done; of an import, taken in. */
  readonly refusal: ApiProblem | null;
}

export interface RaceOptions {
  readonly period: string;
  readonly folder: string;
  readonly random: Random;
}

export interface RaceRules {
  readonly isOver: () => boolean;
  /** On a busy machine the end may not have been found in time: then one client makes for it. */
  readonly isLate: () => boolean;
  readonly mayFinalize: () => boolean;
}

/** One period and all that clients do to it; what they were answered is kept. */
export class PeriodRace {
  readonly calls: RaceCall[] = [];
  readonly importIds: number[] = [];
  private files = 0;

  constructor(private readonly options: RaceOptions) {}

  /** One thing after another until it is over. A client never waits for the others, only for its own answers; when it is late all but one go. */
  async takePart(client: ApiClient, rules: RaceRules, isLast: boolean): Promise<void> {
    while (!rules.isOver() && !rules.isLate()) {
      const verb = this.options.random.one(DRAWN);
      if (verb !== 'finalize' || rules.mayFinalize()) await this.try(verb, client);
    }
    if (!isLast) return;
    while (!rules.isOver()) {
      for (const verb of this.owed()) await this.try(verb, client);
    }
  }

  /** What nobody has done yet, then what leads to the end, then what nobody was refused. */
  private owed(): readonly RaceVerb[] {
    if (this.isFinalized) return RACE_VERBS.filter((verb) => verb !== 'import' && this.refused(verb) === 0);
    const missing = RACE_VERBS.filter((verb) => verb !== 'finalize' && this.done(verb) === 0);
    return missing.length === 0 ? TO_THE_END : [...BEFORE_WHAT_IS_MISSING, ...missing];
  }

  private get isFinalized(): boolean {
    return this.done('finalize') > 0;
  }

  async try(verb: RaceVerb, client: ApiClient): Promise<void> {
    try {
      if (await this.act(verb, client)) this.calls.push({ verb, refusal: null });
    } catch (refusal) {
      if (!(refusal instanceof ApiProblem)) throw refusal;
      this.calls.push({ verb, refusal });
    }
  }

  done(verb: RaceVerb): number {
    return this.calls.filter((call) => call.verb === verb && call.refusal === null).length;
  }

  refused(verb: RaceVerb): number {
    return this.calls.filter((call) => call.verb === verb && call.refusal !== null).length;
  }

  /** Answers false if there was nothing to do it to, so that nothing was asked of the program. */
  private async act(verb: RaceVerb, client: ApiClient): Promise<boolean> {
    const { period, random } = this.options;
    switch (verb) {
      case 'import':
        return this.import(client);
      case 'withdraw':
        return this.withdraw(client);
      case 'close':
        return this.post(client, `/periods/${period}/close`, { notes: 'a race' });
      case 'reopen':
        return this.post(client, `/periods/${period}/reopen`, { reason: 'a race' });
      case 'finalize':
        return this.post(client, `/periods/${period}/finalize`, { force: { reason: 'a race' } });
      case 'reattribute':
        return this.decide(client, `/review/${verb}`, 'clear', { set: { projectId: `p${random.below(4)}` } });
      case 'split':
        return this.decide(client, '/splits', 'clear', { parts: [{ percent: '30', projectId: 'shared' }, {}] });
      case 'undo':
        return this.undo(client);
      case 'reflag':
        return this.reflag(client);
      case 'approve':
      case 'reject':
        return this.decide(client, `/review/${verb}`, 'flagged');
      case 'restore':
        return this.decide(client, `/review/${verb}`, 'rejected');
    }
  }

  private async post(client: ApiClient, path: string, body: object): Promise<true> {
    await client.post(path, body);
    return true;
  }

  /** On all that stand so, or on one that did when the client looked: by now another may have decided on it. */
  private async decide(client: ApiClient, path: string, standing: string, body: object = {}): Promise<boolean> {
    const { period, random } = this.options;
    const { charges } = await client.get<{ charges: { id: string }[] }>(`/charges?period=${period}&standing=${standing}&limit=20`);
    if (charges.length === 0 && !this.isFinalized) return false;
    const chosen = charges.length === 0 || random.chance(0.5) ? { filter: { period } } : { ids: [random.one(charges).id] };
    return this.post(client, path, { ...chosen, ...body });
  }

  /** Of one that was divided when the client looked; after the end of any, to be refused. */
  private async undo(client: ApiClient): Promise<boolean> {
    const { period, random } = this.options;
    const standing = this.isFinalized ? '' : '&standing=split';
    const { charges } = await client.get<{ charges: { id: string }[] }>(`/charges?period=${period}${standing}&limit=20`);
    return charges.length > 0 && this.post(client, '/splits/undo', { ids: [random.one(charges).id] });
  }

  /** By another pattern than before, most of the time. */
  private async reflag(client: ApiClient): Promise<boolean> {
    const { period, random } = this.options;
    await client.put('/review/rules', { flagPatterns: [random.one(['gpu', 'node-1', 'node-2$'])] });
    const { recorded } = await client.post<{ recorded: boolean }>('/review/reflag', { period });
    return recorded;
  }

  /** One that was recorded when the client looked. */
  private async withdraw(client: ApiClient): Promise<boolean> {
    const { imports } = await client.get<{ imports: { importId: number; state: string }[] }>('/imports');
    const recorded = imports.filter(({ state }) => state === 'recorded');
    return (
      recorded.length > 0 && this.post(client, `/imports/${this.options.random.one(recorded).importId}/withdraw`, { reason: 'a race' })
    );
  }

  private async import(client: ApiClient): Promise<true> {
    const { folder, random } = this.options;
    this.files += 1;
    const path = join(folder, `race-${this.files}.csv`);
    const rows = Array.from({ length: 1 + random.below(6) }, () => this.row());
    await writeFile(path, focusCsv(rows));
    const mode = random.one(['merge', 'replace', 'append']);
    const { importId } = await client.upload(path, { source: random.one(['hpc', 'tape']), deliveryMode: mode });
    this.importIds.push(importId);
    return true;
  }

  /** Few resources, so that imports revise what others brought; some wait for review. */
  private row(): FocusRow {
    const { period, random } = this.options;
    const service = random.chance(0.3) ? 'GPU nodes' : 'Compute';
    return { period, service, resource: `node-${random.below(12)}`, billed: `${random.below(5000)}.${random.below(10_000)}` };
  }
}
