import type { Upcaster } from '#event-store';

/** How events of older schema versions become those of `delivery.events.ts`. Before, there were neither copies nor links, and nobody asked whom a server refused. */
export const DELIVERY_UPCASTERS: readonly Upcaster[] = [
  { type: 'DeliveryQueued', from: 1, upcast: (data) => ({ ...data, cc: [] }) },
  { type: 'DeliverySent', from: 1, upcast: (data) => ({ ...data, copies: [], byLink: false }) },
  { type: 'DeliveryFailed', from: 1, upcast: (data) => ({ ...data, addressRefused: false, attemptsUsedUp: false }) },
];
