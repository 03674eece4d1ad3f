export { type JobCatalogue, type JobName, type JobRequest, QUEUES, type QueueName } from './job-catalogue.js';
export { JobHost } from './job-host.js';
export { JobQueues, type JobState } from './job-queues.js';
export { JobRelay, type JobTrigger, type PendingWork } from './job-relay.js';
export { type JobContext, OnJob, OnJobExhausted } from './on-job.js';
export { postgresQueueBackend, type QueueBackend, redisQueueBackend } from './queue-backend.js';
export { prepareQueueSchema } from './queue-schema.js';
