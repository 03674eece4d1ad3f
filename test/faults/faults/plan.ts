import type { Phase } from '../month/phases.js';
import { Random } from '../random.js';
import type { Fault } from './fault.js';

/** Two runs meet every kind once. */
const FAULTS_PER_RUN = 8;

/** How often a phase is chosen among others: more often where more goes on. */
const WEIGHTS: Readonly<Record<Phase, number>> = {
  import: 3,
  review: 1,
  redelivery: 2,
  rendering: 4,
  sending: 3,
  journals: 1,
  finalize: 1,
};

/** One fault at one point of the month. */
export interface PlannedFault {
  readonly fault: Fault;
  readonly phase: Phase;
  /** Share of the time that the phase takes in an undisturbed month, from 0 to 1. */
  readonly point: number;
  /** For what the fault itself leaves to chance. */
  readonly random: Random;
}

/**
 * What happens in each of `runs` runs. Kinds are dealt like cards, so that each comes as often as any other; a run is the same
 * however many are planned.
 */
export function planRuns(faults: readonly Fault[], runs: number, seed: number): PlannedFault[][] {
  const dealer = new Random(seed);
  const count = Math.min(FAULTS_PER_RUN, faults.length);
  let deck: Fault[] = [];
  return Array.from({ length: runs }, (_, run) => {
    const random = new Random(seed * 100_003 + run);
    if (deck.length < count) deck = [...deck, ...dealer.shuffled(faults)];
    return deck.splice(0, count).map((fault) => ({
      fault,
      phase: random.one(fault.phases.flatMap((phase) => Array<Phase>(WEIGHTS[phase]).fill(phase))),
      point: random.next(),
      random: new Random(random.below(2 ** 31)),
    }));
  });
}
