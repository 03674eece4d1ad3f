import { DomainError, type Problem } from '#kernel';

/** What a password must have, as configured (`web.password_requirements`). */
export interface PasswordRequirements {
  readonly minLength: number;
  readonly requireUppercase: boolean;
  readonly requireLowercase: boolean;
  readonly requireNumbers: boolean;
  readonly requireSpecialChars: boolean;
}

/** Longer texts would only cost time to hash. Characters. */
const MAX_LENGTH = 1024;

/** What a password lacks, in words; empty if it will do. Letters and digits of every script count. */
export function passwordFindings(password: string, requirements: PasswordRequirements): string[] {
  const length = [...password].length;
  const findings: string[] = [];
  if (length < requirements.minLength) findings.push(`needs at least ${requirements.minLength} characters`);
  if (length > MAX_LENGTH) findings.push(`has at most ${MAX_LENGTH} characters`);
  if (requirements.requireUppercase && !/\p{Lu}/u.test(password)) findings.push('needs an upper-case letter');
  if (requirements.requireLowercase && !/\p{Ll}/u.test(password)) findings.push('needs a lower-case letter');
  if (requirements.requireNumbers && !/\p{Nd}/u.test(password)) findings.push('needs a digit');
  if (requirements.requireSpecialChars && !/[^\p{L}\p{N}\s]/u.test(password))
    findings.push('needs a character that is no letter, digit or blank');
  return findings;
}

/** @throws DomainError `password.weak` with everything the password lacks. */
export function requireStrongPassword(password: string, requirements: PasswordRequirements): void {
  const findings = passwordFindings(password, requirements);
  if (findings.length === 0) return;
  const problems: Problem[] = findings.map((what) => ({ where: 'password', what }));
  throw new DomainError('password.weak', 'invalid', `The password ${findings.join(', ')}.`, problems);
}

/** 144 bits, unless a longer password is asked for. */
const GENERATED_BYTES = 18;
/** Nearly every second draw satisfies the strictest requirements; so many failures in a row are no chance. */
const MAX_DRAWS = 1000;

/**
 * A random password that satisfies the requirements, in letters, digits, `-` and `_`.
 * @param random gives that many random bytes
 */
export function generatePassword(random: (count: number) => Buffer, requirements: PasswordRequirements): string {
  const byteCount = Math.max(GENERATED_BYTES, Math.ceil((requirements.minLength * 3) / 4));
  for (let draw = 0; draw < MAX_DRAWS; draw += 1) {
    const password = random(byteCount).toString('base64url');
    if (passwordFindings(password, requirements).length === 0) return password;
  }
  throw new Error(`no password that satisfies the requirements in ${MAX_DRAWS} draws: the source of randomness is broken`);
}
