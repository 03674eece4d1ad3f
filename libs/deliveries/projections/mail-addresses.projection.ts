import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { AddressReleased, AddressSuppressed, DelegatesChanged } from '../domain/mail-address.events.js';

export const MAIL_ADDRESSES_PROJECTION = 'mail-addresses';

/** Addresses that get no mail, and delegates who get copies. */
@Injectable()
export class MailAddressesProjection implements Projection {
  readonly name = MAIL_ADDRESSES_PROJECTION;
  readonly version = 1;
  readonly tables = ['suppressed_addresses', 'delegates'];
  readonly eventTypes = ['AddressSuppressed', 'AddressReleased', 'DelegatesChanged'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      const by = [event.metadata.actor.id, event.recordedAt];
      if (isEvent<AddressSuppressed>(event, 'AddressSuppressed')) {
        const { address, reason } = event.data;
        await tx.query(
          `insert into suppressed_addresses (address, reason, suppressed_by, suppressed_at) values ($1, $2, $3, $4)
           on conflict (address) do update set reason = excluded.reason, suppressed_by = excluded.suppressed_by, suppressed_at = excluded.suppressed_at`,
          [address, reason, ...by],
        );
      } else if (isEvent<AddressReleased>(event, 'AddressReleased')) {
        await tx.query('delete from suppressed_addresses where address = $1', [event.data.address]);
      } else if (isEvent<DelegatesChanged>(event, 'DelegatesChanged')) {
        const { piEmail, projectId, addresses } = event.data;
        await tx.query('delete from delegates where pi_email = $1 and project_id = $2', [piEmail, projectId ?? '']);
        if (addresses.length === 0) continue;
        await tx.query('insert into delegates (pi_email, project_id, addresses, changed_by, changed_at) values ($1, $2, $3, $4, $5)', [
          ...[piEmail, projectId ?? '', JSON.stringify(addresses)],
          ...by,
        ]);
      }
    }
  }
}
