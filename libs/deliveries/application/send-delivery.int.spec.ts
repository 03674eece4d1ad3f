import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobContext } from '#jobs';
import { billingPeriod } from '#kernel';
import { MailError } from '#platform';
import { StatementQueries, StatementRunHandler } from '#statements';
import { by, TestProgram } from '#testing/program';
import { eventually } from '../../../test/support/eventually.js';
import { focusCsv } from '../../../test/support/focus-csv.js';
import { Office } from '../../../test/support/office.js';
import { SendDeliveryHandler } from './send-delivery.handler.js';
import { SendStatementsHandler } from './send-statements.handler.js';

const SOMEBODY = by('reviewer@example.edu');
const PERIOD = billingPeriod('2025-03');

function attempt(signal = new AbortController().signal): JobContext {
  return { attempt: 1, progress: () => Promise.resolve(), signal };
}

describe('sending a delivery', () => {
  let program: TestProgram;
  let sender: SendDeliveryHandler;
  let deliveryId: string;

  beforeAll(async () => {
    program = await TestProgram.start();
    await new Office(program).import(focusCsv([{ billed: '12.50' }]));
    const { runId } = await program.get(StatementRunHandler).request(PERIOD, false, SOMEBODY);
    await eventually(async () => {
      await program.settle();
      return (await program.get(StatementQueries).run(runId)).state === 'completed' ? true : undefined;
    });
    // From here on nothing runs but what the test runs.
    await program.work.stop();
    sender = program.get(SendDeliveryHandler);
    const { queued } = await program.get(SendStatementsHandler).send(PERIOD, {}, SOMEBODY);
    deliveryId = queued[0] ?? '';
  });

  afterAll(() => program.stop());

  const countOf = async (type: string): Promise<number> => (await program.services.store.readLatest({ types: [type] }, 100)).length;
  const outcomes = async (): Promise<[number, number]> => [await countOf('DeliverySent'), await countOf('DeliveryFailed')];

  it('sends nothing in an attempt that was given up', async () => {
    const givenUp = AbortSignal.abort(new Error('time is up'));
    await expect(sender.send({ deliveryId }, attempt(givenUp))).rejects.toThrow('time is up');
    expect(await outcomes()).toEqual([0, 0]);
  });

  it('takes only an answer of the mail server for its failure', async () => {
    expect(await sender.giveUp({ deliveryId }, new Error('the PDF is gone'))).toBe(false);
    expect(await outcomes()).toEqual([0, 0]);
  });

  it('ends once, though an attempt that was given up still runs', async () => {
    await Promise.all([sender.send({ deliveryId }, attempt()), sender.send({ deliveryId }, attempt())]);
    expect(await sender.giveUp({ deliveryId }, new MailError(true, '421 come back later'))).toBe(true);
    expect(await outcomes()).toEqual([1, 0]);
  });

  it('fails with the words of a server that put it off to the last', async () => {
    await program.settle();
    const { queued } = await program.get(SendStatementsHandler).resend(deliveryId, SOMEBODY);
    const [again = ''] = queued;
    expect(await sender.giveUp({ deliveryId: again }, new MailError(true, '421 come back later'))).toBe(true);
    const [failed] = await program.services.store.readLatest({ types: ['DeliveryFailed'] }, 1);
    expect(failed?.data).toEqual({ deliveryId: again, response: '421 come back later', addressRefused: false, attemptsUsedUp: true });
  });
});
