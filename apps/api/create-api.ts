import type { IncomingMessage, ServerResponse } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import { assertEveryRouteHasARule, BootstrapUsers, correlationIdOf, sessionMiddleware } from '#identity';
import { type Logger, NestLogger } from '#platform';
import { ReviewRules } from '#review-rules';
import { queuesNamed, type Services } from '#runtime';
import { SourceRegistry } from '#sources';
import { ApiBackground } from './api-background.js';
import { ApiModule } from './api.module.js';
import { serveConsole } from './console-files.js';
import { openApiDocument } from './openapi-document.js';

/** Ten thousand ids of charges fit; a file never comes this way. */
const JSON_LIMIT = '1mb';

export interface ApiOptions {
  /** Also do the jobs of the queues that the configuration names. */
  readonly withWorker: boolean;
}

/**
 * The API on the given services, initialised but not listening: sources and users of the configuration are in the log, read models
 * follow it. `close()` ends all of it but the services.
 * @throws Error if a route declares nobody who may use it.
 */
export async function createApi(services: Services, { withWorker }: ApiOptions): Promise<NestExpressApplication> {
  const { config, database, logger } = services;
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.of(services), {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  assertEveryRouteHasARule(app);
  app.disable('x-powered-by');
  // The address of a client behind a proxy is believed only of a proxy on this machine.
  app.set('trust proxy', 'loopback');
  app.use(requestLog(logger));
  app.use(securityHeaders());
  app.use('/api', neverStored);
  app.use(['/api/v1', '/metrics'], await sessionMiddleware(database, config, logger));
  app.useBodyParser('json', { limit: JSON_LIMIT });
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'OpenChargeback API',
  });
  serveConsole(app);
  await app.init();
  await app.get(SourceRegistry).syncFromConfig();
  await app.get(ReviewRules).syncFromConfig();
  await app.get(BootstrapUsers).syncFromConfig();
  // What the first request reads must know what the configuration just said.
  await services.projections.waitFor(await services.store.lastPosition());
  app.get(ApiBackground).start(withWorker ? queuesNamed(config.worker.queues) : null);
  return app;
}

function securityHeaders(): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // The console's component library places elements with style attributes.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'", 'data:'],
        // Statements are shown in a frame; browsers draw a PDF as an object.
        'frame-src': ["'self'", 'blob:'],
        'object-src': ["'self'", 'blob:'],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'self'"],
      },
    },
    // A name that serves the console by TLS may serve other things without; that is its owner's to say.
    strictTransportSecurity: { maxAge: 15_552_000, includeSubDomains: false },
  });
}

/** Answers hold people's money: no browser or proxy keeps them. Swagger's own files are no answers. */
function neverStored(request: Request, response: Response, next: NextFunction): void {
  if (request.path.startsWith('/v1')) response.setHeader('Cache-Control', 'no-store');
  next();
}

/** A line per request: failures always, the rest at level debug. Without headers, which hold cookies and keys. */
function requestLog(logger: Logger): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  const log = pinoHttp({
    logger,
    genReqId: (request, response) => {
      const id = correlationIdOf(request);
      response.setHeader('X-Request-Id', id);
      return id;
    },
    customLogLevel: (_request, response, error) => {
      if (error !== undefined || response.statusCode >= 500) return 'error';
      return response.statusCode >= 400 ? 'info' : 'debug';
    },
    serializers: {
      req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({ id, method, path: url.split('?')[0] }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
  });
  return (request, response, next) => {
    log(request, response, next);
  };
}
