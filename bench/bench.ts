/** One figure of a bench. `ratio` is our rate ÷ the peer's in the same run: 1 is equal, higher is better; null where there is no peer. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
  readonly ratio: number | null;
}

export interface BenchOptions {
  /** How many of what {@link Bench.counts}. */
  readonly size: number;
  /** How many charges are there before; only the import asks. */
  readonly held?: number;
  /** Tells how far it is, on stderr. */
  readonly say: (line: string) => void;
}

export interface Bench {
  /** What a run is made of, and the option that says how many. */
  readonly counts: 'rows' | 'events' | 'statements' | 'messages';
  readonly defaultSize: number;
  run(options: BenchOptions): Promise<Figure[]>;
}

/** A rate with its peer's, both in the same unit. */
export function against(name: string, value: number, unit: string, peer: string, peerValue: number): Figure {
  return { name, value: rounded(value), unit, peer, peerValue: rounded(peerValue), ratio: Math.round((value / peerValue) * 1000) / 1000 };
}

export function alone(name: string, value: number, unit: string): Figure {
  return { name, value: rounded(value), unit, peer: null, peerValue: null, ratio: null };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}
