import { PHASES, type Phase } from '../month/phases.js';
import { fault } from './fault.js';

/** Where workers have something to do. */
const AT_WORK: readonly Phase[] = ['import', 'redelivery', 'rendering', 'sending'];

export const PROCESS_FAULTS = [
  fault('worker-killed', AT_WORK, async ({ workers }, random) => {
    const worker = random.one(workers);
    await worker.kill();
    return worker.name;
  }),
  fault('api-killed', PHASES, async ({ api }) => {
    await api.kill();
    return api.name;
  }),
  fault('relay-leader-killed', AT_WORK, async (world) => {
    const leader = await world.relayLeader();
    await leader?.kill();
    return leader?.name ?? null;
  }),
];
