import { Injectable } from '@nestjs/common';
import { foldIdentifier } from '#kernel';
import { Database } from '#platform';
import { suppressionStream } from '../domain/mail-address.events.js';

export interface SuppressedAddress {
  readonly address: string;
  readonly reason: string;
  readonly suppressedBy: string;
  readonly suppressedAt: Date;
}

/** An address that a server refused for good, last of all, and that is not on the list. */
export interface ProposedSuppression {
  readonly address: string;
  /** The server's words. */
  readonly response: string;
  readonly deliveryId: string;
  readonly failedAt: Date;
}

export interface DelegatesRow {
  readonly piEmail: string;
  /** Null: of the PI, who get a copy of the whole message. */
  readonly projectId: string | null;
  readonly addresses: readonly string[];
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** Reads who gets mail and who does not. */
@Injectable()
export class MailAddressQueries {
  constructor(private readonly database: Database) {}

  async suppressed(): Promise<SuppressedAddress[]> {
    return this.database.query(
      `select address, reason, suppressed_by as "suppressedBy", suppressed_at as "suppressedAt" from suppressed_addresses order by address collate "C"`,
    );
  }

  /** Newest first. */
  async proposed(): Promise<ProposedSuppression[]> {
    return this.database.query(
      `select recipient as address, response, delivery_id as "deliveryId", ended_at as "failedAt"
       from (select distinct on (recipient) * from deliveries where status <> 'queued' order by recipient, ended_at desc, delivery_id) newest
       where address_refused and status = 'failed' and recipient not in (select address from suppressed_addresses)
       order by ended_at desc, recipient limit 500`,
    );
  }

  async delegates(piEmail?: string): Promise<DelegatesRow[]> {
    return this.database.query(
      `select pi_email as "piEmail", nullif(project_id, '') as "projectId", addresses, changed_by as "changedBy", changed_at as "changedAt"
       from delegates where $1::text is null or pi_email = $1 order by pi_email collate "C", project_id collate "C"`,
      [piEmail ?? null],
    );
  }

  /** Why each of these addresses must get no mail, straight from the log: what was said a moment ago holds. */
  async reasons(addresses: readonly string[]): Promise<Map<string, string>> {
    const byStream = new Map(addresses.map((address) => [suppressionStream(foldIdentifier(address)), address]));
    const rows = await this.database.query<{ stream: string; reason: string }>(
      `select stream, data ->> 'reason' as reason from
         (select distinct on (stream) stream, type, data from events where stream = any($1) order by stream, version desc) last
       where type = 'AddressSuppressed'`,
      [[...byStream.keys()]],
    );
    return new Map(rows.map(({ stream, reason }) => [byStream.get(stream) ?? '', reason]));
  }
}
