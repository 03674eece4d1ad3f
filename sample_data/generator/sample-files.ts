import { SAMPLE_PERIODS, type SamplePeriod } from './calendar.js';
import { writeFocusCsv } from './csv.js';
import { focusRow, type ChargeDraft, type FocusRow, type SourceProfile } from './focus-row.js';
import { awsCharges, awsProfile } from './sources/aws.js';
import { azureCharges, azureProfile } from './sources/azure.js';
import { hpcCharges, hpcProfile } from './sources/hpc.js';
import { openaiCharges, openaiProfile } from './sources/openai.js';
import { storageCharges, storageProfile } from './sources/storage.js';
import type { SourceName } from './university.js';

/** One FOCUS file of the sample: its rows as cells, and its text. */
export interface SampleFile {
  readonly period: SamplePeriod;
  readonly source: SourceName;
  /** Below `sample_data/`. */
  readonly path: string;
  readonly rows: readonly FocusRow[];
  readonly text: string;
}

const SOURCES: readonly (readonly [SourceProfile, (period: SamplePeriod) => readonly ChargeDraft[]])[] = [
  [awsProfile, awsCharges],
  [azureProfile, azureCharges],
  [hpcProfile, hpcCharges],
  [storageProfile, storageCharges],
  [openaiProfile, openaiCharges],
];

export function sampleFiles(): readonly SampleFile[] {
  return SAMPLE_PERIODS.flatMap((period) =>
    SOURCES.map(([profile, charges]) => {
      const rows = charges(period).map((draft) => focusRow(profile, period, draft));
      return { period, source: profile.name, path: `${period}/${profile.name}_${period}.csv`, rows, text: writeFocusCsv(profile, rows) };
    }),
  );
}
