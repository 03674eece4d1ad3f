import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EventStore } from '#event-store';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { activityOf } from './activity.js';
import { AuditPage, AuditQuery } from './overview.dto.js';

@ApiTags('overview')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly store: EventStore) {}

  @Get()
  @Access('reviewer')
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'The event log, newest first: who did what, when, from where',
    description: 'Lists in the data of an event are cut after 200 members; the last one then says how many more there are.',
  })
  @ApiOkResponse({ type: AuditPage })
  @Fails(400)
  async list(@Query() { type, actor, stream, before, limit }: AuditQuery): Promise<AuditPage> {
    const filter = {
      ...(type !== undefined && { types: [type] }),
      ...(stream !== undefined && { stream }),
      ...(actor !== undefined && { actorId: actor }),
    };
    const events = await this.store.readLatest(filter, limit, before);
    return {
      events: events.map((event) => ({
        ...activityOf(event),
        version: event.version,
        correlationId: event.metadata.correlationId,
        requestIp: event.metadata.requestIp ?? null,
        data: abridged(event.data),
      })),
      nextBefore: events.length < limit ? null : (events.at(-1)?.position ?? null),
    };
  }
}

/** Members of a list that a page shows: a file may change tens of thousands of funds as one event. */
const MOST_MEMBERS = 200;
/** The same for a text: a template has up to 256 KiB. */
const MOST_CHARACTERS = 10_000;

/** The data of an event with its long lists and texts cut; the end says what was left out. */
function abridged(data: object): object {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]: [string, unknown]) => {
      if (typeof value === 'string' && value.length > MOST_CHARACTERS)
        return [name, `${value.slice(0, MOST_CHARACTERS)}… and ${value.length - MOST_CHARACTERS} more characters`];
      if (!Array.isArray(value) || value.length <= MOST_MEMBERS) return [name, value];
      return [name, [...(value.slice(0, MOST_MEMBERS) as unknown[]), `… and ${value.length - MOST_MEMBERS} more`]];
    }),
  );
}
