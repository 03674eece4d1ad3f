export { type QueuedDeliveries, SendStatementsHandler } from './application/send-statements.handler.js';
export { DeliveriesModule } from './deliveries.module.js';
export { DeliveryQueries, type DeliveryRow, type DeliveryStatus, type RunDeliveries } from './infra/delivery.queries.js';
