import { Redis } from 'ioredis';
import { describe, expect, inject, it } from 'vitest';
import { redisQueueBackend } from '#jobs';
import { describeQueueContract } from '../../libs/jobs/testing/queue-contract.js';

describeQueueContract('Redis', async () => {
  const redis = new Redis(inject('redisUrl'));
  await redis.flushall();
  redis.disconnect();
  return redisQueueBackend(inject('redisUrl'));
});

describe('a Redis that is not there', () => {
  it('is told in one sentence', async () => {
    await expect(redisQueueBackend('redis://127.0.0.1:1')).rejects.toMatchObject({
      code: 'redis.unreachable',
      detail: expect.stringMatching(/^The Redis at redis\.url cannot be reached: .+ Check redis\.url/) as string,
    });
  });
});
