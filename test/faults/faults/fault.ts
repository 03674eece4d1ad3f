import type { Phase } from '../month/phases.js';
import type { Random } from '../random.js';
import type { World } from '../services/world.js';

/**
 * Does it, and resolves when the service is back (not: when the program has recovered). Answers what was done in a word or two,
 * or null if there was nothing to do it to.
 */
export type Injection = (world: World, random: Random) => Promise<string | null>;

/** Something that is done to the program or to what it stands on. */
export interface Fault {
  readonly kind: string;
  /** Where in a month it can do harm. */
  readonly phases: readonly Phase[];
  /** Needs a disk of its own that can be filled. */
  readonly needsDisk: boolean;
  readonly inject: Injection;
}

export function fault(kind: string, phases: readonly Phase[], inject: Injection): Fault {
  return { kind, phases, needsDisk: false, inject };
}
