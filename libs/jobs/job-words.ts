import type { JobCatalogue, JobName } from './job-catalogue.js';

/** What a job is about: in words, and what it leads to. */
export interface JobSubject {
  /** `Recording of import 12`. */
  readonly about: string;
  readonly importId: number | null;
  readonly previewId: string | null;
  readonly runId: number | null;
  readonly deliveryId: string | null;
}

const SUBJECTS: { readonly [Name in JobName]: (data: JobCatalogue[Name]) => Partial<JobSubject> & { readonly about: string } } = {
  'imports.record': ({ importId }) => ({ about: `Recording of import ${importId}`, importId }),
  'imports.preview': ({ previewId, fileName, source }) => ({ about: `Dry run of ${fileName} for ${source}`, previewId }),
  'statements.plan-run': ({ runId }) => ({ about: `Plan of statement run ${runId}`, runId }),
  'statements.render': ({ runId, index }) => ({ about: `Statement ${index + 1} of run ${runId}`, runId }),
  'statements.finish-run': ({ runId }) => ({ about: `End of statement run ${runId}`, runId }),
  'deliveries.queue': ({ runId }) => ({ about: `Emails of statement run ${runId}`, runId }),
  'deliveries.send': ({ deliveryId }) => ({ about: `Email ${deliveryId}`, deliveryId }),
  'deliveries.send-batch': ({ transactionId, batch }) => ({ about: `Emails of batch ${transactionId}-${batch}` }),
};

export function subjectOf<Name extends JobName>(name: Name, data: JobCatalogue[Name]): JobSubject {
  return { importId: null, previewId: null, runId: null, deliveryId: null, ...SUBJECTS[name](data) };
}
