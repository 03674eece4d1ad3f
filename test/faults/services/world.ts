import { chmod, cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removedWithHarness } from './clean-up.js';
import { freePort } from '../../support/free-port.js';
import { PostgresServer } from './postgres-server.js';
import { programConfig } from './program-config.js';
import { RedisServer } from './redis-server.js';
import { SmtpSink } from './smtp-sink.js';
import { StorageDisk } from './storage-disk.js';
import { SupervisedProcess } from './supervised-process.js';

const WORKERS = 2;
/** Name of the n-th worker, in its log and in the database's list of connections. */
const PREFIX = 'openchargeback ';

export interface WorldOptions {
  /** Messages that a month sends, about. */
  readonly mails: number;
  /** The disk for files; undefined: a folder. */
  readonly diskMegabytes: number | undefined;
}

/** Everything a month runs on, all of it this run's own: Postgres, Redis, mail server, disk, clock, an API and two workers. */
export class World {
  private constructor(
    readonly folder: string,
    readonly configFile: string,
    readonly expectedMails: number,
    readonly url: string,
    readonly postgres: PostgresServer,
    readonly redis: RedisServer,
    readonly mail: SmtpSink,
    readonly disk: StorageDisk | undefined,
    readonly api: SupervisedProcess,
    readonly workers: readonly SupervisedProcess[],
    private readonly release: () => void,
  ) {}

  static async start({ mails, diskMegabytes }: WorldOptions): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-faults-'));
    const release = removedWithHarness(folder);
    // Postgres runs as another user when root starts it, and must be able to reach its folder.
    await chmod(folder, 0o755);
    const [dataDir, filesDir] = [join(folder, 'instance'), join(folder, 'files')];
    await mkdir(filesDir);
    const disk = diskMegabytes === undefined ? undefined : await StorageDisk.mount(filesDir, diskMegabytes);
    const [postgres, redis, mail] = await Promise.all([PostgresServer.start(dataDir), RedisServer.start(), SmtpSink.start()]);
    const configFile = join(folder, 'config.yaml');
    const places = { dataDir, filesDir, database: postgres.urls, redisUrl: redis.url, smtpPort: mail.port };
    await writeFile(configFile, await programConfig(places));
    const port = await freePort();
    const process = (app: 'api' | 'worker', name: string, ready: RegExp, options: readonly string[] = []): SupervisedProcess =>
      new SupervisedProcess({
        name,
        args: [entry(app), '--config', configFile, '--clock', join(folder, 'clock'), '--name', name, ...options],
        ready,
        logFile: join(folder, `${name}.log`),
      });
    const api = process('api', 'api', /OpenChargeback is at/, ['--port', String(port)]);
    const workers = Array.from({ length: WORKERS }, (_, index) => process('worker', `worker-${index + 1}`, /OpenChargeback works on/));
    const world = new World(folder, configFile, mails, `http://127.0.0.1:${port}`, postgres, redis, mail, disk, api, workers, release);
    await world.shiftClock(0);
    for (const one of world.processes) one.start();
    for (const one of world.processes) await one.ready();
    return world;
  }

  get processes(): readonly SupervisedProcess[] {
    return [this.api, ...this.workers];
  }

  get filesDir(): string {
    return join(this.folder, 'files');
  }

  /** The worker whose relay leads; undefined while none does. */
  async relayLeader(): Promise<SupervisedProcess | undefined> {
    const name = (await this.postgres.relayLeader())?.slice(PREFIX.length);
    return this.workers.find((worker) => worker.name === name);
  }

  /** Sets the clock of all processes `milliseconds` before or after the true time. */
  async shiftClock(milliseconds: number): Promise<void> {
    const draft = join(this.folder, 'clock.draft');
    await writeFile(draft, String(milliseconds));
    await rename(draft, join(this.folder, 'clock'));
  }

  /** Ends API and workers in good order; answers what went wrong with that, and what had gone wrong with them before. */
  async stopProgram(): Promise<string[]> {
    const ends = await Promise.all(this.processes.map((one) => one.stop()));
    return [...this.processes.flatMap((one) => one.crashes), ...ends.filter((end) => end !== null)];
  }

  /** @param keep leaves the folder, with logs, database and files, to be looked into. */
  async stop(keep: boolean): Promise<void> {
    await this.stopProgram();
    await Promise.all([this.postgres.stop(), this.redis.stop(), this.mail.stop()]);
    if (this.disk !== undefined) {
      const copy = `${this.filesDir}.kept`;
      if (keep) await cp(this.filesDir, copy, { recursive: true });
      await this.disk.unmount();
      if (keep) {
        await rm(this.filesDir, { recursive: true });
        await rename(copy, this.filesDir);
      }
    }
    if (!keep) await rm(this.folder, { recursive: true, force: true });
    this.release();
  }
}

function entry(app: 'api' | 'worker'): string {
  return fileURLToPath(new URL(`../processes/${app}.js`, import.meta.url));
}
