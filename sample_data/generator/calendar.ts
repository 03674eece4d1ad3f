/** Half-open: the first day that is charged and the first that is not, `YYYY-MM-DD` (or with an hour, `YYYY-MM-DDTHH`). */
export interface ChargeWindow {
  readonly from: string;
  readonly to: string;
}

export const SAMPLE_PERIODS = ['2025-09', '2025-10'] as const;
export type SamplePeriod = (typeof SAMPLE_PERIODS)[number];

const FIRST_DAY_AFTER: Readonly<Record<SamplePeriod, string>> = { '2025-09': '2025-10-01', '2025-10': '2025-11-01' };

export function wholeMonth(period: SamplePeriod): ChargeWindow {
  return { from: `${period}-01`, to: FIRST_DAY_AFTER[period] };
}

/** Four stretches; the last one takes the days that are left over. */
export function weeks(period: SamplePeriod): readonly ChargeWindow[] {
  return [
    { from: `${period}-01`, to: `${period}-08` },
    { from: `${period}-08`, to: `${period}-15` },
    { from: `${period}-15`, to: `${period}-22` },
    { from: `${period}-22`, to: FIRST_DAY_AFTER[period] },
  ];
}

/** One day of the period; not its last. */
export function dayOf(period: SamplePeriod, day: number): ChargeWindow {
  return { from: `${period}-${String(day).padStart(2, '0')}`, to: `${period}-${String(day + 1).padStart(2, '0')}` };
}
