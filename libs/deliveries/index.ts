export { MailAddressesHandler } from './application/mail-addresses.js';
export { type DeliveryView, type MessageView, MessageViews } from './application/message-views.js';
export { type QueuedDeliveries, SendStatementsHandler } from './application/send-statements.handler.js';
export { StatementLinks } from './application/statement-links.js';
export { TestMailHandler } from './application/test-mail.handler.js';
export { DeliveriesModule } from './deliveries.module.js';
export { DELIVERY_UPCASTERS } from './domain/delivery.upcasters.js';
export { DeliveryQueries, type DeliveryRow, type DeliveryStatus, type RunDeliveries } from './infra/delivery.queries.js';
export { type DelegatesRow, MailAddressQueries, type ProposedSuppression, type SuppressedAddress } from './infra/mail-address.queries.js';
