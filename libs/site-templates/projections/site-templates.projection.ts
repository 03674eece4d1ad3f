import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { TemplateRemoved, TemplateSaved } from '../domain/site-template.events.js';

/** What became of each template, without the texts: those stay in the log. */
@Injectable()
export class SiteTemplatesProjection implements Projection {
  readonly name = 'site-templates';
  readonly version = 1;
  readonly tables = ['site_template_versions'];
  readonly eventTypes = ['TemplateSaved', 'TemplateRemoved'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    await tx.query(
      `insert into site_template_versions (area, name, version, action, bytes, note, changed_by, changed_at)
       select area, name, version, action, bytes, note, "changedBy", "changedAt"
       from jsonb_to_recordset($1::jsonb) as entry(area text, name text, version int, action text, bytes int, note text, "changedBy" text, "changedAt" timestamptz)`,
      [JSON.stringify(events.map(entryOf))],
    );
  }
}

function entryOf(event: RecordedEvent): object {
  const { version, metadata, recordedAt } = event;
  const changed = { version, changedBy: metadata.actor.id, changedAt: recordedAt.toISOString() };
  if (isEvent<TemplateRemoved>(event, 'TemplateRemoved')) {
    const { area, name, reason } = event.data;
    return { area, name, action: 'removed', bytes: 0, note: reason, ...changed };
  }
  const { area, name, text, note } = event.data as TemplateSaved['data'];
  return { area, name, action: 'saved', bytes: Buffer.byteLength(text), note, ...changed };
}
