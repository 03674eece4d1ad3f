import { Choice, Instant, ListOf, Part, Text, Whole, YesNo } from '../http/fields.js';

export class Health {
  @Choice(['ok'], 'HealthStatus') status!: 'ok';
}

class ProjectionRebuild {
  @Whole() version!: number;
  @Whole({ description: 'Events of the log that the new version has not seen.' }) lag!: number;
  @Instant() startedAt!: Date;
}

class ProjectionInfo {
  @Text() name!: string;
  @Whole() version!: number;
  @Whole() position!: number;
  @Whole({ description: 'Events of the log that it has not seen.' }) lag!: number;
  @Part(() => ProjectionRebuild, { nullable: true, description: 'A new version that is being built beside the one in use.' })
  rebuilding!: ProjectionRebuild | null;
}

export class QueueInfo {
  @Text() queue!: string;
  @Whole() waiting!: number;
  @Whole() active!: number;
  @Whole() delayed!: number;
  @Whole() failed!: number;
}

class DatabaseInfo {
  @YesNo({ description: 'Run by the program itself, in its data folder.' }) embedded!: boolean;
  @Text({ example: '18.4' }) version!: string;
}

class LastSeal {
  @Text({ description: 'As `audit verify --since` takes it.', example: '12:9f2c01d4a7b3e865' }) seal!: string;
  @Instant() sealedAt!: Date;
  @Whole({ description: 'Position of the last event that it covers.' }) position!: number;
}

export class SystemInfo {
  @Text({ example: '0.1.0' }) version!: string;
  @Text({ example: 'v20.19.0' }) nodeVersion!: string;
  @YesNo({ description: 'Mail goes to files instead of people.' }) devMode!: boolean;
  @Part(() => DatabaseInfo) database!: DatabaseInfo;
  @Choice(['postgres', 'redis'], 'QueueStore') queueStore!: 'postgres' | 'redis';
  @Text({ description: 'Where uploads, PDFs and journals are kept.' }) storageDir!: string;
  @Whole({ description: 'Position of the newest event.' }) lastPosition!: number;
  @Part(() => LastSeal, { nullable: true, description: 'The newest seal on the log; null as long as there is none.' })
  lastSeal!: LastSeal | null;
  @ListOf(() => ProjectionInfo) projections!: readonly ProjectionInfo[];
  @ListOf(() => QueueInfo) queues!: readonly QueueInfo[];
}
