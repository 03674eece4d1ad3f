import { type ChargeFilter, ChargeQueries } from '#charges';
import { billingPeriod, currency } from '#kernel';
import { LedgerQueries } from '#ledger';
import type { Database } from '#platform';
import { type Bench, type Figure, median, seconds } from './bench.js';
import { fillWithCharges } from './many-charges.js';
import { withDatabase } from './with-database.js';

const PEER_ROWS = 100_000;
const ROUNDS = 5;
const PAGE = 100;
const PERIOD = billingPeriod('2025-06');
const USD = currency('USD');
const PI = 'pi77@example.edu';
/** Deep in the list: after the middle of the oldest period. */
const DEEP = '2025-01.3.100';

interface Office {
  readonly charges: ChargeQueries;
  readonly ledger: LedgerQueries;
}

type Question = (office: Office) => Promise<unknown>;

const list =
  (filter: ChargeFilter, after?: string): Question =>
  ({ charges }) =>
    charges.find(filter, { limit: PAGE, after });

/** What a person clicks, and a search. */
const QUESTIONS: Readonly<Record<string, Question>> = {
  allCharges: list({}),
  deepPage: list({}, DEEP),
  period: list({ period: PERIOD }),
  periodAndSource: list({ period: PERIOD, source: 'gcp' }),
  source: list({ source: 'hpc' }),
  pi: list({ piEmail: PI }),
  piInPeriod: list({ period: PERIOD, piEmail: PI }),
  projectInPeriod: list({ period: PERIOD, projectId: 'project-77-1' }),
  reviewQueue: list({ period: PERIOD, standings: ['flagged'] }),
  reviewQueueByReason: list({ period: PERIOD, standings: ['flagged'], flag: 'late_charge' }),
  flagInPeriod: list({ period: PERIOD, flag: 'missing_project_id' }),
  rareTextInPeriod: list({ period: PERIOD, text: 'i-9bb1' }),
  frequentTextInPeriod: list({ period: PERIOD, text: 'node-7' }),
  flagTotals: ({ charges }) => charges.flagTotals(PERIOD),
  summaries: ({ ledger }) => ledger.summaries(USD),
  breakdown: ({ ledger }) => ledger.breakdown(PERIOD, USD),
};

/**
 * `browse`: what the charge browser, the review queue and the pages on periods ask, of a table of many charges; the peer is the same on one
 * of 100,000, on a server of its own, in turns. The first asking of each is not counted; medians of five.
 */
export const browseBench: Bench = {
  counts: 'rows',
  defaultSize: 1_000_000,
  async run({ size, say }) {
    return withDatabase((small) =>
      withDatabase(async (large) => {
        say(`filling with ${PEER_ROWS} and ${size} charges`);
        await fillWithCharges(small, PEER_ROWS, () => undefined);
        await fillWithCharges(large, size, say);
        const figures: Figure[] = [];
        for (const [name, question] of Object.entries(QUESTIONS)) {
          const [peer, ours] = await inTurns(question, officeOf(small), officeOf(large));
          say(`${name} ${ours.toFixed(1)} ms, ${peer.toFixed(1)} ms of ${PEER_ROWS}`);
          figures.push({
            name,
            value: tenths(ours),
            unit: 'ms',
            peer: `the same on ${PEER_ROWS} charges`,
            peerValue: tenths(peer),
            ratio: Math.round((peer / ours) * 1000) / 1000,
          });
        }
        return figures;
      }),
    );
  },
};

function officeOf(database: Database): Office {
  return { charges: new ChargeQueries(database), ledger: new LedgerQueries(database) };
}

async function inTurns(question: Question, ...offices: readonly [Office, Office]): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const which of [0, 1] as const) {
      const ms = 1000 * (await seconds(() => question(offices[which])));
      if (round > 0) times[which].push(ms);
    }
  }
  return [median(times[0]), median(times[1])];
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
