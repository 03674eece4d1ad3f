import type { RecordedEvent } from '#event-store';
import type { Plain } from '../http/written.dto.js';
import { eventText } from './event-text.js';
import type { Activity } from './overview.dto.js';

/** An event as a line of a list. */
export function activityOf(event: RecordedEvent): Plain<Activity> {
  const { position, recordedAt, metadata, type, stream } = event;
  return { position, recordedAt, actor: metadata.actor, type, stream, text: eventText(event) };
}
