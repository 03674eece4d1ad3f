import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  Global,
  HttpException,
  Logger,
  Module,
  type Type,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Response } from 'express';
import request, { type Agent, type Response as Answer, type Test } from 'supertest';
import { EventStore, ProjectionRunner } from '#event-store';
import { CLOCK, type Clock, DomainError } from '#kernel';
import { MIGRATIONS } from '#migrations';
import { APP_CONFIG, type AppConfig, createLogger, Database } from '#platform';
import { createTestDatabase } from '#testing';
import { sessionMiddleware } from '../http/session.js';

const STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  throttled: 429,
  unavailable: 503,
};

@Catch()
class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (error instanceof DomainError) response.status(STATUS[error.kind]).json({ code: error.code, detail: error.detail });
    else response.status(error instanceof HttpException ? error.getStatus() : 500).json({ code: String(error) });
  }
}

/** An HTTP server with sessions and the given module on a database of its own, and browsers to visit it with. */
export class IdentityApp {
  private lastOctet = 1;

  private constructor(
    readonly nest: NestExpressApplication,
    readonly database: Database,
    readonly store: EventStore,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(module: Type, controllers: Type[], config: AppConfig, clock: Clock): Promise<IdentityApp> {
    const { url, ownerUrl, drop } = await createTestDatabase();
    const database = await Database.connect({ url, ownerUrl, applicationName: 'spec', migrations: MIGRATIONS });
    const store = new EventStore(database, clock);
    const logger = createLogger({ ...config.logging, level: 'error' }, { name: 'spec' });
    const providers = [
      { provide: Database, useValue: database },
      { provide: EventStore, useValue: store },
      { provide: ProjectionRunner, useValue: new ProjectionRunner(database, store, logger) },
      { provide: CLOCK, useValue: clock },
      { provide: APP_CONFIG, useValue: config },
    ];
    @Global()
    @Module({ providers, exports: providers })
    class RuntimeStandIn {}
    @Module({ imports: [RuntimeStandIn, module], controllers })
    class SpecModule {}
    Logger.overrideLogger(['error']);
    const nest = await NestFactory.create<NestExpressApplication>(SpecModule);
    nest.set('trust proxy', true);
    nest.use(await sessionMiddleware(database, config));
    nest.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
    nest.useGlobalFilters(new ProblemFilter());
    await nest.init();
    return new IdentityApp(nest, database, store, drop);
  }

  async stop(): Promise<void> {
    await this.nest.close();
    await this.database.close();
    await this.drop();
  }

  /** Where browsers come from until {@link move}. */
  get address(): string {
    return `192.0.2.${this.lastOctet}`;
  }

  /** From now on browsers come from another address. */
  move(): void {
    this.lastOctet += 1;
  }

  /** A browser without cookies. */
  browser(): Agent {
    return request.agent(this.nest.getHttpServer()).set('X-Forwarded-For', this.address);
  }

  signIn(agent: Agent, email: string, password: string): Test {
    return agent.post('/api/v1/session').send({ email, password });
  }

  /** A browser that is signed in, and sends the CSRF token along. */
  async signedIn(email: string, password: string): Promise<Agent> {
    const agent = this.browser();
    const answer = await this.signIn(agent, email, password).expect(200);
    return agent.set('x-csrf-token', csrfTokenOf(answer));
  }

  async eventsOf(stream: string): Promise<{ type: string; data: object; metadata: object }[]> {
    const events = await this.store.readStream(stream);
    return events.map(({ type, data, metadata }) => ({ type, data, metadata }));
  }
}

export function csrfTokenOf(answer: Answer): string {
  return (answer.body as { csrfToken: string }).csrfToken;
}

/** Status and code of a refusal. */
export function codeOf(answer: Answer): [number, string | undefined] {
  return [answer.status, (answer.body as { code?: string }).code];
}
