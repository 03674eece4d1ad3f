import { describe, expect, it } from 'vitest';
import { Upcasting } from '#event-store';
import { DELIVERY_UPCASTERS } from './delivery.upcasters.js';

describe('events of deliveries in older forms', () => {
  const upcasting = new Upcasting(DELIVERY_UPCASTERS);

  it('had no copies and no links', () => {
    const queued = {
      deliveryId: '2025-01-a',
      period: '2025-01',
      piEmail: 'ada@example.edu',
      recipient: 'ada@example.edu',
      subject: 'Charges',
      statements: [{ projectId: 'p', revision: 1 }],
      messageId: '<2025-01-a@example.edu>',
    };
    expect(upcasting.upcast('DeliveryQueued', 1, queued)).toEqual({ ...queued, cc: [] });
    const sent = { deliveryId: '2025-01-a', devMode: false, response: '250 OK' };
    expect(upcasting.upcast('DeliverySent', 1, sent)).toEqual({ ...sent, copies: [], byLink: false });
  });

  it('blamed no address', () => {
    const failed = { deliveryId: '2025-01-a', response: '550 no such mailbox' };
    expect(upcasting.upcast('DeliveryFailed', 1, failed)).toEqual({ ...failed, addressRefused: false, attemptsUsedUp: false });
  });
});
