import { runProcess } from '#runtime';
import { serve } from '../../../apps/api/serve.js';
import { processArguments } from './arguments.js';
import { ShiftedClock } from './shifted-clock.js';

/** The API as `apps/api/main.ts` runs it, but on a clock that can be made to jump. */
const { config, clock, name, port } = processArguments();
await runProcess({
  name,
  configFile: config,
  clock: new ShiftedClock(clock),
  start: (services) => serve(services, { host: '127.0.0.1', port, withWorker: false }),
});
