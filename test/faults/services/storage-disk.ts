import { execFile, execFileSync } from 'node:child_process';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endedWithHarness } from './clean-up.js';

const run = promisify(execFile);
const BLOCK_BYTES = 1 << 20;

/** The disk that the program's files lie on: a small one of its own in memory, so that it can be filled up. */
export class StorageDisk {
  private constructor(
    readonly folder: string,
    private readonly release: () => void,
  ) {}

  /** @throws Error where this user may not mount. */
  static async mount(folder: string, megabytes: number): Promise<StorageDisk> {
    await mkdir(folder, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder]);
    return new StorageDisk(
      folder,
      endedWithHarness(() => execFileSync('umount', ['--lazy', folder])),
    );
  }

  /** Takes all space that is left. */
  async fill(): Promise<void> {
    const ballast = await open(join(this.folder, 'ballast'), 'a');
    try {
      const block = Buffer.alloc(BLOCK_BYTES, 1);
      for (let size = BLOCK_BYTES; size >= 1;) {
        try {
          const { bytesWritten } = await ballast.write(block, 0, size);
          if (bytesWritten === 0) size = Math.floor(size / 2);
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
          size = Math.floor(size / 2);
        }
      }
    } finally {
      await ballast.close();
    }
  }

  async free(): Promise<void> {
    await rm(join(this.folder, 'ballast'), { force: true });
  }

  async bytesFree(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder);
    return bavail * bsize;
  }

  async unmount(): Promise<void> {
    await run('umount', [this.folder]);
    this.release();
  }
}

/** Why no disk can be mounted here; null where it can. */
export async function whyNotMounting(folder: string): Promise<string | null> {
  try {
    const disk = await StorageDisk.mount(folder, 1);
    await disk.unmount();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.trim().replaceAll('\n', ' ') : String(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
