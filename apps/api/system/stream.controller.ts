import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access } from '../http/access.js';
import { EventFeed } from './event-feed.js';

/** Below the minute after which proxies drop a silent connection. */
const HEARTBEAT_INTERVAL_MS = 20_000;
/** A client that reads so slowly that this much waits is cut off; it connects anew and reads the pages again. */
const MAX_WAITING_BYTES = 1_000_000;

@ApiTags('system')
@Controller('api/v1/stream')
export class StreamController {
  constructor(private readonly feed: EventFeed) {}

  @Get()
  @Access('viewer')
  @ApiOperation({
    operationId: 'followEvents',
    summary: 'Server-sent events: one `log` per event of the log, with position, type and stream',
    description: 'A client that was cut off reads its pages again; what happened meanwhile is not repeated here.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  follow(@Req() request: Request, @Res() response: Response): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    response.write('retry: 2000\n\n');
    const leave = this.feed.join({
      next: ({ position, type, stream }) => {
        response.write(`event: log\nid: ${position}\ndata: ${JSON.stringify({ position, type, stream })}\n\n`);
        if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
      },
      end: () => response.end(),
    });
    const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_INTERVAL_MS);
    response.on('close', () => {
      clearInterval(heartbeat);
      leave();
    });
    request.socket.setKeepAlive(true);
  }
}
