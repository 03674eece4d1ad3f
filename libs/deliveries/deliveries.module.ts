import { Module, type OnModuleInit } from '@nestjs/common';
import { isEvent, ProjectionRunner, type RecordedEvent } from '#event-store';
import { JobRelay, type JobRequest } from '#jobs';
import { SiteTemplatesModule, TemplateAreas } from '#site-templates';
import { type StatementRunCompleted, StatementsModule } from '#statements';
import { MailAddressesHandler } from './application/mail-addresses.js';
import { MailTemplates } from './application/mail-templates.js';
import { MessageComposer } from './application/message-composer.js';
import { MessageViews } from './application/message-views.js';
import { OpenDeliveries } from './application/open-deliveries.js';
import { SendDeliveryHandler } from './application/send-delivery.handler.js';
import { SendStatementsHandler } from './application/send-statements.handler.js';
import { StatementLinks } from './application/statement-links.js';
import { TestMailHandler } from './application/test-mail.handler.js';
import { batchOf } from './domain/delivery-batch.js';
import type { DeliveryQueued } from './domain/delivery.events.js';
import { DeliveryQueries } from './infra/delivery.queries.js';
import { MailAddressQueries } from './infra/mail-address.queries.js';
import { DeliveriesProjection } from './projections/deliveries.projection.js';
import { MailAddressesProjection } from './projections/mail-addresses.projection.js';

const DOOR = [
  DeliveryQueries,
  MailAddressQueries,
  SendStatementsHandler,
  MessageViews,
  MailAddressesHandler,
  TestMailHandler,
  StatementLinks,
];

@Module({
  imports: [StatementsModule, SiteTemplatesModule],
  providers: [DeliveriesProjection, MailAddressesProjection, MessageComposer, MailTemplates, OpenDeliveries, SendDeliveryHandler, ...DOOR],
  exports: DOOR,
})
export class DeliveriesModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: DeliveriesProjection,
    private readonly addresses: MailAddressesProjection,
    private readonly relay: JobRelay,
    private readonly deliveries: DeliveryQueries,
    private readonly areas: TemplateAreas,
    private readonly templates: MailTemplates,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
    this.projections.register(this.addresses);
    this.areas.add(this.templates);
    this.relay.onEvent(jobsFor);
    this.relay.reconcile(async () => [
      ...(await this.deliveries.unsettled()).map(batchJob),
      ...(await this.deliveries.runsToSend()).map(queueJob),
    ]);
  }
}

function jobsFor(event: RecordedEvent): JobRequest[] {
  if (isEvent<DeliveryQueued>(event, 'DeliveryQueued')) return [batchJob(event)];
  if (isEvent<StatementRunCompleted>(event, 'StatementRunCompleted') && event.data.send) return [queueJob(event.data.runId)];
  return [];
}

function batchJob(queued: Pick<RecordedEvent, 'transactionId' | 'position'>): JobRequest {
  const data = batchOf(queued);
  return { name: 'deliveries.send-batch', id: `deliveries-${data.transactionId}-${data.batch}`, data };
}

function queueJob(runId: number): JobRequest {
  return { name: 'deliveries.queue', id: `run-deliveries-${runId}`, data: { runId } };
}
