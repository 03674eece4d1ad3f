import {
  DeliveryQueries,
  type DeliveryRow,
  type DeliveryStatus,
  MailAddressesHandler,
  MailAddressQueries,
  type MessageView,
  MessageViews,
  type QueuedDeliveries,
  SendStatementsHandler,
  TestMailHandler,
} from '#deliveries';
import { FailedJobQueries } from '#jobs';
import { type BillingPeriod, foldIdentifier } from '#kernel';
import { instant } from '../output/instant.js';
import { table } from '../output/table.js';
import type { Program } from '../program.js';
import type { CommandResult, Session } from '../session.js';
import { workFailed } from './jobs.js';

export interface ListDeliveriesOptions {
  readonly period?: BillingPeriod;
  readonly status?: DeliveryStatus;
  readonly pi?: string;
  readonly limit: number;
}

export async function listDeliveries(session: Session, { period, status, pi, limit }: ListDeliveriesOptions): Promise<CommandResult> {
  const filter = {
    ...(period !== undefined && { period }),
    ...(status !== undefined && { status }),
    ...(pi !== undefined && { piEmail: foldIdentifier(pi) }),
  };
  const deliveries = await (await session.program()).get(DeliveryQueries).list(filter, { limit, offset: 0 });
  if (deliveries.length === 0) return { data: { deliveries }, text: 'No message fits.' };
  return { data: { deliveries }, text: deliveryTable(deliveries) };
}

export async function showDelivery(session: Session, id: string): Promise<CommandResult> {
  const program = await session.program();
  const delivery = await program.get(DeliveryQueries).get(id);
  const message = await program.get(MessageViews).ofDelivery(id);
  const facts = [
    ['state', wordsOf(delivery.status)],
    ['answer', delivery.response ?? '–'],
    ['attempts', String(delivery.attempts)],
    ['queued', `${instant(delivery.queuedAt)} by ${delivery.queuedBy}`],
    ['Message-ID', delivery.messageId],
    ...delivery.copies.map(({ address, taken, response }) => ['copy', `${address}: ${taken ? 'taken' : 'not taken'}, ${response}`]),
  ];
  return { data: { delivery, message }, text: [table([{ title: id }, { title: '' }], facts), messageText(message)].join('\n\n') };
}

export async function previewMessage(
  session: Session,
  pi: string,
  { period, recipient }: { readonly period: BillingPeriod; readonly recipient?: string },
): Promise<CommandResult> {
  const program = await session.program();
  const to = recipient === undefined ? undefined : foldIdentifier(recipient);
  const message = await program.get(MessageViews).preview(period, foldIdentifier(pi), to);
  return { data: message, text: messageText(message) };
}

export async function sendStatements(
  session: Session,
  { period, pi }: { readonly period: BillingPeriod; readonly pi?: string },
): Promise<CommandResult> {
  const program = await session.program();
  const filter = pi === undefined ? {} : { piEmail: foldIdentifier(pi) };
  return follow(session, program, await program.get(SendStatementsHandler).send(period, filter, program.metadata));
}

export async function resendDelivery(session: Session, id: string): Promise<CommandResult> {
  const program = await session.program();
  return follow(session, program, await program.get(SendStatementsHandler).resend(id, program.metadata));
}

export async function resendFailed(session: Session, { period }: { readonly period: BillingPeriod }): Promise<CommandResult> {
  const program = await session.program();
  return follow(session, program, await program.get(SendStatementsHandler).resendFailed(period, program.metadata));
}

export async function sendTestMail(session: Session, to: string): Promise<CommandResult> {
  const program = await session.program();
  const result = await program.get(TestMailHandler).send(to, program.metadata);
  const text = result.taken
    ? `The message to ${result.to} was taken: ${result.response}`
    : `The message to ${result.to} was not taken: ${result.response}`;
  return { data: result, text, failed: !result.taken };
}

export async function listSuppressed(session: Session): Promise<CommandResult> {
  const queries = (await session.program()).get(MailAddressQueries);
  const [suppressed, proposed] = [await queries.suppressed(), await queries.proposed()];
  const text = [
    suppressed.length === 0
      ? 'No address is on the suppression list.'
      : table(
          ['ADDRESS', 'SINCE (UTC)', 'BY', 'REASON'].map((title) => ({ title })),
          suppressed.map((row) => [row.address, instant(row.suppressedAt), row.suppressedBy, row.reason]),
        ),
  ];
  if (proposed.length > 0) {
    const rows = proposed.map((row) => [row.address, instant(row.failedAt), row.response]);
    text.push('', 'Servers refuse these for good; suppress them, or correct the address:');
    text.push(
      table(
        ['ADDRESS', 'AT (UTC)', 'ANSWER'].map((title) => ({ title })),
        rows,
      ),
    );
  }
  return { data: { suppressed, proposed }, text: text.join('\n') };
}

export async function suppressAddress(session: Session, text: string, { reason }: { readonly reason: string }): Promise<CommandResult> {
  const program = await session.program();
  const { address } = await program.get(MailAddressesHandler).suppress(text, reason, program.metadata);
  await program.settle();
  return { data: { address, reason }, text: `${address} gets no mail any more, and links in messages to it have ended.` };
}

export async function releaseAddress(session: Session, text: string, { reason }: { readonly reason?: string }): Promise<CommandResult> {
  const program = await session.program();
  const { address } = await program.get(MailAddressesHandler).release(text, reason ?? null, program.metadata);
  await program.settle();
  return {
    data: { address },
    text: `${address} may get mail again. What was suppressed is not sent by itself: openchargeback deliveries send.`,
  };
}

export async function listDelegates(session: Session, { pi }: { readonly pi?: string }): Promise<CommandResult> {
  const delegates = await (await session.program()).get(MailAddressQueries).delegates(pi === undefined ? undefined : foldIdentifier(pi));
  if (delegates.length === 0) return { data: { delegates }, text: 'There are no delegates: each PI alone gets their messages.' };
  const rows = delegates.map((row) => [row.piEmail, row.projectId ?? 'all', row.addresses.join(', '), row.changedBy]);
  return {
    data: { delegates },
    text: table(
      ['PI', 'PROJECT', 'DELEGATES', 'BY'].map((title) => ({ title })),
      rows,
    ),
  };
}

export async function setDelegates(
  session: Session,
  pi: string,
  addresses: readonly string[],
  { project }: { readonly project?: string },
): Promise<CommandResult> {
  const program = await session.program();
  const set = await program.get(MailAddressesHandler).setDelegates(pi, project ?? null, addresses, program.metadata);
  await program.settle();
  const whose = set.projectId === null ? set.piEmail : `${set.piEmail} for ${set.projectId}`;
  const text = set.addresses.length === 0 ? `${whose} has no delegates.` : `Delegates of ${whose}: ${set.addresses.join(', ')}.`;
  return { data: set, text };
}

/** Waits until each of the messages has an outcome. */
async function follow(session: Session, program: Program, { queued, alreadySent }: QueuedDeliveries): Promise<CommandResult> {
  if (queued.length === 0) {
    const text =
      alreadySent > 0 ? 'Nothing to send: all of it was sent before. `deliveries resend` sends a message once more.' : 'No message failed.';
    return { data: { deliveries: [], alreadySent }, text };
  }
  session.ifInterrupted('The messages are on record: a running server goes on with them; without one, the next command that sends does.');
  program.startWork();
  const progress = await session.progress('emails');
  try {
    await program.settle();
    const deliveries = await session.waitFor(async () => {
      const rows = await Promise.all(queued.map((id) => program.get(DeliveryQueries).get(id)));
      const ended = rows.filter((row) => row.status !== 'queued').length;
      progress.update(ended / queued.length, `${ended} of ${queued.length}${putOff(rows)}`);
      if (ended === queued.length) return rows;
      const failed = (await program.get(FailedJobQueries).list({ state: 'exhausted' })).filter(
        ({ deliveryId }) => deliveryId !== null && queued.includes(deliveryId),
      );
      if (failed.length > 0 && ended + failed.length >= queued.length) throw workFailed(failed);
      return undefined;
    });
    return {
      data: { deliveries, alreadySent },
      text: deliveryTable(deliveries),
      failed: deliveries.some(({ status }) => status === 'failed'),
    };
  } finally {
    progress.end();
  }
}

/** Why it takes so long, if a server puts messages off. */
export function putOff(rows: readonly Pick<DeliveryRow, 'status' | 'attempts' | 'response'>[]): string {
  const waiting = rows.filter(({ status, attempts }) => status === 'queued' && attempts > 0);
  return waiting.length === 0 ? '' : `; ${waiting.length} tried again: ${waiting[0]?.response ?? ''}`;
}

function deliveryTable(deliveries: readonly DeliveryRow[]): string {
  const rows = deliveries.map((row) => [
    row.deliveryId,
    row.recipient,
    wordsOf(row.status),
    instant(row.endedAt ?? row.queuedAt),
    [
      row.response ?? '',
      ...row.copies.filter(({ taken }) => !taken).map(({ address, response }) => `copy to ${address}: ${response}`),
    ].join('; '),
  ]);
  return table(
    ['ID', 'TO', 'STATE', 'AT (UTC)', 'ANSWER'].map((title) => ({ title })),
    rows,
  );
}

function wordsOf(status: DeliveryStatus): string {
  return status === 'dev_mode' ? 'in folder' : status;
}

function messageText(message: MessageView): string {
  const head = [
    ['From', message.from],
    ['To', message.recipient],
    ...(message.cc.length > 0 ? [['Cc', message.cc.join(', ')]] : []),
    ...(message.replyTo === null ? [] : [['Reply-To', message.replyTo]]),
    ['Subject', message.subject],
    ...message.attachments.map(({ fileName, bytes }) => ['Attached', `${fileName} (${bytes} bytes)`]),
  ];
  const note = message.suppressedBecause === null ? [] : [`The addressee is on the suppression list: ${message.suppressedBecause}`, ''];
  return [...note, ...head.map(([name, value]) => `${name}: ${value}`), '', message.text.trimEnd()].join('\n');
}
