import { PHASES } from '../month/phases.js';
import { type Fault, fault } from './fault.js';

const HOUR_MS = 3_600_000;
const MOST_HOURS = 12;

function jump(kind: string, direction: 1 | -1): Fault {
  return fault(kind, PHASES, async (world, random) => {
    const hours = 1 + random.below(MOST_HOURS);
    await world.shiftClock(direction * hours * HOUR_MS);
    return `${hours} h`;
  });
}

/** The clock of all processes jumps; it stays there until the next jump. */
export const CLOCK_FAULTS = [jump('clock-forward', 1), jump('clock-back', -1)];
