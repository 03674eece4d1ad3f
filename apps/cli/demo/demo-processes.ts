import { fileURLToPath } from 'node:url';
import { processEnvironment } from '#platform';
import { type DemoFolder, forgetProcesses, noteProcesses } from './demo-folder.js';
import { type ProcessOptions, SupervisedProcess } from './supervised-process.js';

const API_SCRIPT = fileURLToPath(new URL('../../../programs/api.js', import.meta.url));
const WORKER_SCRIPT = fileURLToPath(new URL('../../../programs/worker.js', import.meta.url));

/** The processes of the demo: one that does everything, or a server and a worker apart. */
export class DemoProcesses {
  private readonly server: SupervisedProcess;
  private readonly worker: SupervisedProcess | undefined;

  constructor(
    private readonly folder: DemoFolder,
    { separateWorker }: { readonly separateWorker: boolean },
    say: (line: string) => void,
  ) {
    // The folder is the demo's own, whatever folder this shell is set up for.
    const { OPENCHARGEBACK_DATA_DIR: _theirs, ...env } = processEnvironment();
    const shared = (name: string): Omit<ProcessOptions, 'script' | 'args'> => ({
      name,
      env,
      logFile: folder.logFile,
      onDeath: (how) => {
        say(`  (the ${name} died: ${how}; starting it again)`);
      },
      onStart: () => {
        noteProcesses(folder.dir, this.pids);
      },
    });
    const config = ['--config', folder.configFile];
    const serverArgs = [...config, '--port', String(folder.port), ...(separateWorker ? [] : ['--with-worker'])];
    this.server = new SupervisedProcess({ ...shared('server'), script: API_SCRIPT, args: serverArgs });
    if (separateWorker) this.worker = new SupervisedProcess({ ...shared('worker'), script: WORKER_SCRIPT, args: config });
  }

  /** The worker comes after the server has shown, by `ready`, that the database is set up. */
  async start(ready: () => Promise<void>): Promise<void> {
    this.server.start();
    await ready();
    this.worker?.start();
  }

  readonly requireAlive = (): void => {
    this.server.requireAlive();
    this.worker?.requireAlive();
  };

  async stop(): Promise<void> {
    await this.worker?.stop();
    await this.server.stop();
    await forgetProcesses(this.folder.dir);
  }

  private get pids(): number[] {
    return [this.server.pid, this.worker?.pid].filter((pid) => pid !== undefined);
  }
}
