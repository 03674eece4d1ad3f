import { runProcess } from '#runtime';
import { work } from '../../../apps/worker/work.js';
import { processArguments } from './arguments.js';
import { ShiftedClock } from './shifted-clock.js';

/** A worker as `apps/worker/main.ts` runs it, but on a clock that can be made to jump. */
const { config, clock, name } = processArguments();
await runProcess({ name, configFile: config, clock: new ShiftedClock(clock), start: work });
