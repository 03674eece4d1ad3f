import { Inject, Injectable } from '@nestjs/common';
import { hash as hashWithArgon2, verify as verifyWithArgon2 } from '@node-rs/argon2';
import { compare as compareWithBcrypt } from 'bcryptjs';
import { RANDOM_SOURCE, type RandomSource } from './random-source.js';

const BCRYPT_PATTERN = /^\$2[abxy]\$/;
const ARGON2ID_PREFIX = '$argon2id$';

/** Hashes with argon2id; also verifies the bcrypt hashes of the older program (domain.md §9). */
@Injectable()
export class PasswordHasher {
  private decoy: Promise<string> | undefined;

  constructor(@Inject(RANDOM_SOURCE) private readonly random: RandomSource) {}

  /** Argon2id in PHC format, with the library's parameters: 19 MiB, 2 passes, 1 lane (OWASP's minimum). */
  async hash(password: string): Promise<string> {
    return hashWithArgon2(password);
  }

  /** False for a hash that can't be read, as for a wrong password. */
  async verify(hash: string, password: string): Promise<boolean> {
    try {
      return BCRYPT_PATTERN.test(hash) ? await compareWithBcrypt(password, hash) : await verifyWithArgon2(hash, password);
    } catch {
      return false;
    }
  }

  /** Takes as long as a real verification and fails: the time of an answer must not tell whether an account exists. */
  async verifyNothing(password: string): Promise<false> {
    this.decoy ??= this.hash(this.random.bytes(16).toString('hex'));
    await this.verify(await this.decoy, password);
    return false;
  }

  isOutdated(hash: string): boolean {
    return !hash.startsWith(ARGON2ID_PREFIX);
  }
}
