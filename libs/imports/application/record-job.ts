import type { JobRequest } from '#jobs';

/** Id of the job that records an import; also where its progress is asked for. */
export function recordJobId(importId: number): string {
  return `import-${importId}`;
}

/** The job that brings an import to its outcome; for one that was cancelled it takes away what was staged. */
export function recordJob(importId: number): JobRequest {
  return { name: 'imports.record', id: recordJobId(importId), data: { importId } };
}
