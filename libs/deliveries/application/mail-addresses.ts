import { Injectable } from '@nestjs/common';
import { type AppendResult, type Event, type EventMetadata, EventStore } from '#event-store';
import { DomainError, foldIdentifier, isEmailAddress } from '#kernel';
import { Database } from '#platform';
import {
  type AddressReleased,
  type AddressSuppressed,
  type DelegatesChanged,
  delegatesStream,
  suppressionStream,
} from '../domain/mail-address.events.js';

const MAX_REASON = 500;
const MAX_DELEGATES = 20;

/** Says who gets mail: addresses that must get none, and delegates who get copies. */
@Injectable()
export class MailAddressesHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
  ) {}

  /** @throws DomainError `mail.address-malformed`, `mail.reason-missing`, `mail.already-suppressed`. */
  async suppress(text: string, reason: string, metadata: EventMetadata): Promise<AppendResult & { address: string }> {
    const address = addressOf(text);
    if (reason.trim() === '') throw new DomainError('mail.reason-missing', 'invalid', `Say why ${address} must get no mail.`);
    return this.append(suppressionStream(address), address, metadata, (last) => {
      if (last?.type === 'AddressSuppressed') {
        throw new DomainError('mail.already-suppressed', 'conflict', `${address} is on the suppression list already: ${last.data.reason}`);
      }
      return { type: 'AddressSuppressed', data: { address, reason: reason.trim().slice(0, MAX_REASON) } };
    });
  }

  /** @throws DomainError `mail.address-malformed`, `mail.not-suppressed`. */
  async release(text: string, reason: string | null, metadata: EventMetadata): Promise<AppendResult & { address: string }> {
    const address = addressOf(text);
    return this.append(suppressionStream(address), address, metadata, (last) => {
      if (last?.type !== 'AddressSuppressed') {
        throw new DomainError(
          'mail.not-suppressed',
          'not-found',
          `${address} is not on the suppression list; there is nothing to release.`,
        );
      }
      return { type: 'AddressReleased', data: { address, reason: reason?.trim().slice(0, MAX_REASON) || null } };
    });
  }

  /**
   * Sets the delegates of a PI, or of one of their projects; none ends it.
   * @throws DomainError `mail.address-malformed`, `mail.too-many-delegates`.
   */
  async setDelegates(
    pi: string,
    projectId: string | null,
    addresses: readonly string[],
    metadata: EventMetadata,
  ): Promise<DelegatesChanged['data'] & { readonly position: number }> {
    const piEmail = addressOf(pi);
    const chosen = [...new Set(addresses.map(addressOf))].filter((address) => address !== piEmail).sort();
    if (chosen.length > MAX_DELEGATES) {
      throw new DomainError('mail.too-many-delegates', 'invalid', `${chosen.length} delegates are too many; name a mailing list instead.`);
    }
    const data = { piEmail, projectId: projectId?.trim() || null, addresses: chosen };
    const { position } = await this.append(delegatesStream(piEmail), piEmail, metadata, () => ({
      type: 'DelegatesChanged',
      data,
    }));
    return { ...data, position };
  }

  private async append(
    stream: string,
    address: string,
    metadata: EventMetadata,
    decide: (last: (AddressSuppressed | AddressReleased) | undefined) => AddressSuppressed | AddressReleased | DelegatesChanged,
  ): Promise<AppendResult & { address: string }> {
    return this.database.transaction(async (tx) => {
      const recorded = await this.store.readStream(stream, tx);
      const event: Event = decide(recorded.at(-1) as unknown as AddressSuppressed | AddressReleased | undefined);
      return { ...(await this.store.append(tx, stream, recorded.length, [event], metadata)), address };
    });
  }
}

/** @throws DomainError `mail.address-malformed`. */
export function addressOf(text: string): string {
  const address = foldIdentifier(text);
  if (isEmailAddress(address)) return address;
  throw new DomainError('mail.address-malformed', 'invalid', `${JSON.stringify(text)} is not one email address such as ada@example.edu.`);
}
