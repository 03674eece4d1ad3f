import { Finding } from './check-reading.js';

const MAX_ATTEMPTS = 400;

/** Takes pieces out of a file as long as it still fails. */
export async function shrink(bytes: Buffer, check: (bytes: Buffer) => Promise<unknown>): Promise<Buffer> {
  let smallest = bytes;
  let attempts = 0;
  for (let size = bytes.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < smallest.length && attempts < MAX_ATTEMPTS;) {
      const candidate = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      attempts += 1;
      if (await fails(candidate, check)) smallest = candidate;
      else at += size;
    }
  }
  return smallest;
}

async function fails(bytes: Buffer, check: (bytes: Buffer) => Promise<unknown>): Promise<boolean> {
  try {
    await check(bytes);
    return false;
  } catch (error) {
    return error instanceof Finding;
  }
}
