import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, readdir, readlink, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DomainError } from '#kernel';
import { type PostgresBinaries, hasCode, messageOf, ownedFolder } from './postgres-binaries.js';
import { type ServerAccount, canReach } from './server-account.js';

const run = promisify(execFile);

export const SUPERUSER = 'openchargeback';

/** Where root keeps what an unprivileged server must read, when the data folder or the checkout lies in a private home. */
export const SHARED_FOLDERS = ['/var/lib/openchargeback', '/var/tmp/openchargeback'] as const;

/** The files of one embedded server below a data folder. */
export interface ClusterFolder {
  /** The data folder itself, absolute. */
  readonly dataDir: string;
  /** What `postgres -D` is given. */
  readonly cluster: string;
  readonly passwordFile: string;
  readonly logFile: string;
}

/**
 * Makes the data folder, with its parents, if it isn't there.
 * @returns its real path.
 * @throws DomainError `embedded-postgres.data-folder` if it can't be written to.
 */
export async function openDataFolder(dataDir: string): Promise<string> {
  const folder = resolve(dataDir);
  try {
    await mkdir(folder, { recursive: true });
    const probe = join(folder, `.probe-${randomUUID()}`);
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    throw new DomainError(
      'embedded-postgres.data-folder',
      'invalid',
      `The data folder ${folder} can't be written to (${messageOf(error)}); set data_dir to a folder this user may write to.`,
    );
  }
  return realpath(folder);
}

export function lockFileOf(dataDir: string): string {
  return join(dataDir, 'postgres.lock');
}

/** Where things are now; to be asked under the lock, since the first start may put the cluster elsewhere. */
export async function clusterFolder(dataDir: string): Promise<ClusterFolder> {
  const cluster = join(dataDir, 'postgres');
  return {
    dataDir,
    cluster: await realpath(cluster).catch(() => cluster),
    passwordFile: join(dataDir, 'postgres.password'),
    logFile: join(dataDir, 'postgres.log'),
  };
}

export async function readPassword(folder: ClusterFolder): Promise<string | undefined> {
  try {
    return (await readFile(folder.passwordFile, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new DomainError(
      'embedded-postgres.data-folder',
      'invalid',
      `The database password in ${folder.passwordFile} can't be read (${messageOf(error)}); run as the user who created the data folder.`,
    );
  }
}

/**
 * Runs initdb unless there is a cluster, and gives its folder to `account`.
 * @returns the folder to start from, which differs from `folder` where a private home forced the cluster elsewhere.
 */
export async function ensureCluster(
  folder: ClusterFolder,
  binaries: PostgresBinaries,
  account: ServerAccount,
  options: { readonly sync: boolean },
): Promise<ClusterFolder> {
  const parent = (await canReach(account, folder.dataDir)) ? folder.dataDir : undefined;
  if (await isCluster(folder.cluster)) {
    await requireReachable(folder, account);
    await giveTo(account, folder.cluster);
    if ((await readPassword(folder)) === undefined) {
      throw new DomainError(
        'embedded-postgres.password-missing',
        'invalid',
        `The database in ${folder.cluster} has no password file; put ${folder.passwordFile} back from the backup.`,
      );
    }
    return folder;
  }
  await requireVacant(folder);
  const home = parent ?? (await homeOutside(folder.dataDir));
  await sweepDrafts(home);
  const cluster = join(home, 'postgres');
  const draft = join(home, `postgres.init-${randomUUID()}`);
  await mkdir(draft, { mode: 0o700 });
  await giveTo(account, draft);
  await writePassword(folder.passwordFile);
  await initialise(draft, folder.passwordFile, binaries, account, options.sync);
  await rename(draft, cluster);
  if (parent === undefined) await linkTo(join(folder.dataDir, 'postgres'), cluster);
  return { ...folder, cluster };
}

async function isCluster(cluster: string): Promise<boolean> {
  return (await lstat(join(cluster, 'PG_VERSION')).catch(() => undefined)) !== undefined;
}

/** A cluster that was moved away must be missed, not replaced by an empty one. */
async function requireVacant({ dataDir }: ClusterFolder): Promise<void> {
  const place = join(dataDir, 'postgres');
  const found = await lstat(place).catch(() => undefined);
  if (found === undefined) return;
  const target = found.isSymbolicLink() ? await readlink(place) : undefined;
  if (target === undefined && found.isDirectory() && (await readdir(place)).length === 0) return;
  throw new DomainError(
    'embedded-postgres.cluster-missing',
    'invalid',
    target === undefined
      ? `${place} is there but holds no database; put it back from the backup, or move it away to begin with an empty one.`
      : `The database that ${place} points to, ${target}, is missing; put it back from the backup, or delete the link to begin with an empty one.`,
  );
}

async function requireReachable(folder: ClusterFolder, account: ServerAccount): Promise<void> {
  if (await canReach(account, dirname(folder.cluster))) return;
  throw new DomainError(
    'embedded-postgres.data-folder',
    'invalid',
    `The database in ${folder.cluster} can't be entered by the unprivileged user it runs as; open the folders above it (chmod o+x), or run as an ordinary user.`,
  );
}

/** A fixed place outside a private home for the cluster of this data folder. */
async function homeOutside(dataDir: string): Promise<string> {
  const shared = await ownedFolder(SHARED_FOLDERS);
  const home = join(shared, `data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
  await mkdir(home, { recursive: true });
  await chmod(home, 0o755);
  // Only a data folder that was deleted can have left a cluster behind here: its password is gone, so keep it but make room.
  const leftover = join(home, 'postgres');
  if (await isCluster(leftover)) await rename(leftover, `${leftover}.orphan-${randomUUID()}`);
  return home;
}

async function linkTo(link: string, target: string): Promise<void> {
  await rm(link, { recursive: true, force: true });
  await symlink(target, link);
}

/** Removes what an initdb that was killed has left. */
async function sweepDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith('postgres.init-')) await rm(join(home, name), { recursive: true, force: true });
  }
}

async function writePassword(path: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
}

async function initialise(
  cluster: string,
  passwordFile: string,
  binaries: PostgresBinaries,
  account: ServerAccount,
  sync: boolean,
): Promise<void> {
  const handedOver = join(dirname(cluster), `postgres.init-password-${randomUUID()}`);
  await writeFile(handedOver, await readFile(passwordFile), { mode: 0o600, flag: 'wx' });
  try {
    if (account.uid !== undefined && account.gid !== undefined) await chown(handedOver, account.uid, account.gid);
    const flags = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${handedOver}`, '--encoding=UTF8', '--locale=C'];
    if (!sync) flags.push('--no-sync');
    await run(binaries.initdb, ['-D', cluster, ...flags], { cwd: dirname(cluster), ...asAccount(account), ...serverEnvironment() });
  } catch (error) {
    await rm(cluster, { recursive: true, force: true });
    const output = error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
    throw new DomainError(
      'embedded-postgres.initdb-failed',
      'unavailable',
      `The database in ${dirname(cluster)} could not be created: ${output.split('\n').slice(-3).join(' ') || messageOf(error)}; mend that, or set database.url.`,
    );
  } finally {
    await rm(handedOver, { force: true });
  }
}

async function giveTo(account: ServerAccount, folder: string): Promise<void> {
  if (account.uid === undefined || account.gid === undefined) return;
  const found = await lstat(folder);
  if (found.uid === account.uid && found.gid === account.gid) return;
  await chown(folder, account.uid, account.gid);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await chown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}

/** Spawn options that make the child run under `account`. */
export function asAccount(account: ServerAccount): { uid?: number; gid?: number } {
  return account.uid === undefined || account.gid === undefined ? {} : { uid: account.uid, gid: account.gid };
}

/** The server gets a bare environment: PG… variables and locales of whoever starts it must not change it. */
export function serverEnvironment(): { env?: NodeJS.ProcessEnv } {
  return process.platform === 'win32' ? {} : { env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };
}
