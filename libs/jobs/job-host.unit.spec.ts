import { expect, it } from 'vitest';
import { JobHost, OnJob, postgresQueueBackend } from '#jobs';
import { createLogger } from '#platform';

const SILENT = createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'spec' });

class RecordsImports {
  @OnJob('imports.record')
  async record(): Promise<void> {
    return Promise.resolve();
  }
}

function host(): JobHost {
  return new JobHost(postgresQueueBackend('postgres://nobody@127.0.0.1:1/none'), SILENT);
}

it('does not start with a job that has no handler', () => {
  const incomplete = host();
  incomplete.register(new RecordsImports());
  expect(() => {
    incomplete.start(['imports']);
  }).toThrow('jobs without a handler: imports.preview');
});

it('does not take a second handler for a job', () => {
  const doubled = host();
  doubled.register(new RecordsImports());
  expect(() => {
    doubled.register(new RecordsImports());
  }).toThrow('the job imports.record has two handlers');
});
