import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { correlationIdOf } from '#identity';
import { LOGGER, type Logger } from '#platform';
import { problemOf } from './problem.js';

/** What a client that is told to come back later may wait. */
const RETRY_AFTER_SECONDS = 5;

/** Turns every error into `application/problem+json` (RFC 9457). What nobody foresaw is logged, and shown as a number to ask for. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const correlationId = correlationIdOf(request);
    if (isGone(request)) {
      this.logger.debug({ err: error, correlationId }, 'a client went away before its answer');
      return;
    }
    const { problem, isForeseen } = problemOf(error, correlationId);
    if (!isForeseen) this.logger.error({ err: error, correlationId, method: request.method, path: request.path }, 'a request failed');
    if (response.headersSent) {
      // Half an answer is out: cutting the connection is the only way left to say that it is not whole.
      response.destroy();
      return;
    }
    const { status } = problem;
    if ((status === 429 || status === 503) && !response.hasHeader('Retry-After')) response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
    response.status(status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** The connection broke while the request was still coming in: nobody is there to be answered, and nothing is wrong here. */
function isGone(request: Request): boolean {
  return request.destroyed && !request.complete;
}
