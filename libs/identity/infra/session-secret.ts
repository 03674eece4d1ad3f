import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '#kernel';
import type { AppConfig } from '#platform';
import type { RandomSource } from './random-source.js';

/**
 * What cookies are signed with: `web.secret_key`, or one that is made once and kept in `<data_dir>/session-secret`, for the owner's
 * eyes only. API processes on several machines need the setting, or each would refuse the others' cookies.
 */
export async function sessionSecret(config: AppConfig, random: RandomSource): Promise<string> {
  if (config.web.secretKey !== undefined) return config.web.secretKey;
  const path = join(config.dataDir, 'session-secret');
  const kept = await readSecret(path);
  if (kept !== null) return kept;
  await mkdir(config.dataDir, { recursive: true });
  // Written aside and linked: of processes that start at once one wins, and none reads half a secret.
  const draft = `${path}.${random.bytes(8).toString('hex')}`;
  await writeFile(draft, `${random.bytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  const secret = await readSecret(path);
  if (secret === null) throw new DomainError('session.no-secret', 'unavailable', `${path} vanished while it was written. Start again.`);
  return secret;
}

async function readSecret(path: string): Promise<string | null> {
  try {
    const secret = (await readFile(path, 'utf8')).trim();
    if (secret.length >= 32) return secret;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  throw new DomainError(
    'session.no-secret',
    'unavailable',
    `${path} holds no secret of 32 characters or more. Delete it, and a new one is made.`,
  );
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
