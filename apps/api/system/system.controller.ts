import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EventStore, formatSeal, LogSealer, ProjectionRunner } from '#event-store';
import { Public } from '#identity';
import { JobQueues } from '#jobs';
import { DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig, Database } from '#platform';
import { programVersion } from '#runtime';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { Health, SystemInfo } from './system.dto.js';

@ApiTags('system')
@Controller('api/v1')
export class SystemController {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly sealer: LogSealer,
    private readonly projections: ProjectionRunner,
    private readonly queues: JobQueues,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get('health')
  @Public()
  @ApiOperation({ operationId: 'getHealth', summary: 'Whether this process can work: its database answers' })
  @ApiOkResponse({ type: Health })
  @Fails(503)
  async health(): Promise<Health> {
    try {
      await this.database.query('select 1');
    } catch {
      throw new DomainError('database.unreachable', 'unavailable', 'The database does not answer.');
    }
    return { status: 'ok' };
  }

  @Get('system')
  @Access('admin')
  @ApiOperation({ operationId: 'getSystem', summary: 'Version, read models, queues, storage' })
  @ApiOkResponse({ type: SystemInfo })
  async system(): Promise<SystemInfo> {
    const seal = await this.sealer.latest();
    const [server] = await this.database.query<{ version: string }>(`select current_setting('server_version') as version`);
    return {
      version: programVersion(),
      nodeVersion: process.version,
      devMode: this.config.devMode,
      database: { embedded: this.config.database.url === undefined, version: server?.version ?? '' },
      queueStore: this.config.redis.url === undefined ? 'postgres' : 'redis',
      storageDir: this.config.storage.dir,
      lastPosition: await this.store.lastPosition(),
      lastSeal: seal === undefined ? null : { seal: formatSeal(seal), sealedAt: seal.sealedAt, position: seal.data.upTo.position },
      projections: await this.projections.states(),
      queues: await this.queues.counts(),
    };
  }
}
