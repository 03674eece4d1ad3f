import { setTimeout as pause } from 'node:timers/promises';
import type { DisturbedTime } from '../compare/mails.js';
import type { Phase } from '../month/phases.js';
import type { World } from '../services/world.js';
import type { PlannedFault } from './plan.js';

export interface InjectedFault {
  readonly kind: string;
  readonly detail: string;
  readonly phase: Phase;
  /** Seconds since the month began. */
  readonly atSeconds: number;
  readonly forSeconds: number;
}

/** Does what was planned while the month goes on: one thing at a time, though the recovery from one may overlap with the next. */
export class Injector {
  readonly injected: InjectedFault[] = [];
  readonly disturbed: DisturbedTime[] = [];
  private readonly began = performance.now();
  private readonly over = new AbortController();
  private readonly armed: Promise<void>[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  private phase: Phase = 'import';

  /** @param milliseconds what each phase takes when nothing is done. */
  constructor(
    private readonly world: World,
    private readonly plan: readonly PlannedFault[],
    private readonly milliseconds: ReadonlyMap<Phase, number>,
  ) {}

  /** Arms the faults of a phase that begins. */
  enter(phase: Phase): void {
    this.phase = phase;
    for (const planned of this.plan.filter((one) => one.phase === phase)) this.armed.push(this.arm(planned));
  }

  /** After the month: what is under way ends, what was not reached is left out. @throws what went wrong with doing it. */
  async end(): Promise<void> {
    this.over.abort();
    await Promise.all(this.armed);
  }

  private async arm(planned: PlannedFault): Promise<void> {
    const delayMs = planned.point * (this.milliseconds.get(planned.phase) ?? 0);
    try {
      await pause(delayMs, undefined, { signal: this.over.signal });
    } catch {
      return;
    }
    const mine = this.turn.then(() => this.inject(planned));
    this.turn = mine.catch(() => undefined);
    await mine;
  }

  private async inject({ fault, random }: PlannedFault): Promise<void> {
    if (this.over.signal.aborted) return;
    const settledBefore = await this.settledMessages();
    const [beganAt, phase] = [performance.now(), this.phase];
    const detail = await fault.inject(this.world, random);
    const endedAt = performance.now();
    if (detail === null) return;
    this.disturbed.push({ beganAt, endedAt, settledBefore });
    this.injected.push({
      kind: fault.kind,
      detail,
      phase,
      atSeconds: secondsBetween(this.began, beganAt),
      forSeconds: secondsBetween(beganAt, endedAt),
    });
  }

  /** Message-IDs of the mails whose outcome is in the log: sending one of them again has no excuse. */
  private async settledMessages(): Promise<ReadonlySet<string>> {
    const rows = await this.world.postgres.query<{ id: string }>(
      `select q.data ->> 'messageId' as id from events q
       where q.type = 'DeliveryQueued' and exists (select 1 from events s where s.stream = q.stream and s.type = 'DeliverySent')`,
    );
    return new Set(rows.map(({ id }) => id));
  }
}

function secondsBetween(from: number, to: number): number {
  return Math.round((to - from) / 100) / 10;
}
