import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The operating-system account the server runs under; undefined ids mean: the one this process has. */
export interface ServerAccount {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** Postgres refuses to run as root, so root drops to `nobody`. */
export async function serverAccount(): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return { uid: undefined, gid: undefined };
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const fields = accounts
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'nobody');
  const uid = Number(fields?.[2] ?? 65534);
  const gid = Number(fields?.[3] ?? 65534);
  return Number.isInteger(uid) && uid > 0 && Number.isInteger(gid) ? { uid, gid } : { uid: 65534, gid: 65534 };
}

/** Whether `account` may enter every folder above `path` and read (folders: enter) `path` itself. */
export async function canReach(account: ServerAccount, path: string): Promise<boolean> {
  if (account.uid === undefined) return true;
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return false;
  for (let current = real; ; current = dirname(current)) {
    const found = await stat(current);
    const shift = found.uid === account.uid ? 6 : found.gid === account.gid ? 3 : 0;
    const needed = current === real ? 0o5 : 0o1;
    if (((found.mode >> shift) & needed) !== needed) return false;
    if (dirname(current) === current) return true;
  }
}
