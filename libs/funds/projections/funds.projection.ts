import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { ChartOfFundsImported, Fund, FundChanged, FundRegistered, FundRemoved, FundRetired } from '../domain/fund.events.js';

/** One fund as one event left it. */
interface Entry extends Fund {
  readonly position: number;
  readonly action: 'registered' | 'changed' | 'retired' | 'removed';
  readonly reason: string | null;
  readonly fileName: string | null;
  readonly changedBy: string;
  readonly changedAt: string;
}

/** The chart of funds, and what became of each fund. */
@Injectable()
export class FundsProjection implements Projection {
  readonly name = 'funds';
  readonly version = 1;
  readonly tables = ['funds', 'fund_changes'];
  readonly eventTypes = ['FundRegistered', 'FundChanged', 'FundRetired', 'FundRemoved', 'ChartOfFundsImported'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    const entries = JSON.stringify(events.flatMap(entriesOf));
    await tx.query(
      `insert into fund_changes (fund_org, position, action, title, valid_from, valid_to, owner, reason, file_name, changed_by, changed_at)
       select "fundOrg", position, action, title, "validFrom", "validTo", owner, reason, "fileName", "changedBy", "changedAt" from ${ENTRIES}`,
      [entries],
    );
    await tx.query(
      `insert into funds (fund_org, title, valid_from, valid_to, owner, changed_by, changed_at)
       select "fundOrg", title, "validFrom", "validTo", owner, "changedBy", "changedAt" from (${NEWEST}) newest where action <> 'removed'
       on conflict (fund_org) do update set title = excluded.title, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
         owner = excluded.owner, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
      [entries],
    );
    await tx.query(`delete from funds using (${NEWEST}) newest where fund_org = "fundOrg" and action = 'removed'`, [entries]);
  }
}

const ENTRIES = `jsonb_to_recordset($1::jsonb) as entry("fundOrg" text, position bigint, action text, title text, "validFrom" date, "validTo" date,
  owner text, reason text, "fileName" text, "changedBy" text, "changedAt" timestamptz)`;

/** How the events leave each fund. */
const NEWEST = `select distinct on ("fundOrg" collate "C") * from ${ENTRIES} order by "fundOrg" collate "C", position desc`;

function entriesOf(event: RecordedEvent): Entry[] {
  const { position, metadata, recordedAt } = event;
  const entry = (fund: Fund, action: Entry['action'], fileName: string | null, reason: string | null): Entry => {
    const { fundOrg, title, validFrom, validTo, owner } = fund;
    const changed = { changedBy: metadata.actor.id, changedAt: recordedAt.toISOString() };
    return { fundOrg, title, validFrom, validTo, owner, position, action, reason, fileName, ...changed };
  };
  if (isEvent<ChartOfFundsImported>(event, 'ChartOfFundsImported')) {
    const { fileName, added, changed, retired } = event.data;
    return [
      ...added.map((fund) => entry(fund, 'registered', fileName, null)),
      ...changed.map((fund) => entry(fund, 'changed', fileName, null)),
      ...retired.map((fund) => entry(fund, 'retired', fileName, null)),
    ];
  }
  if (isEvent<FundRetired>(event, 'FundRetired')) return [entry(event.data, 'retired', null, event.data.reason)];
  if (isEvent<FundRemoved>(event, 'FundRemoved')) {
    const { fundOrg, reason } = event.data;
    return [entry({ fundOrg, title: '', validFrom: null, validTo: null, owner: '' }, 'removed', null, reason)];
  }
  const { type, data } = event as RecordedEvent<FundRegistered | FundChanged>;
  return [entry(data, type === 'FundRegistered' ? 'registered' : 'changed', null, null)];
}
