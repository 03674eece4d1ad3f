import { describe, expect, it } from 'vitest';
import { generatePassword, passwordFindings, type PasswordRequirements, requireStrongPassword } from './password-policy.js';

const LAX: PasswordRequirements = {
  minLength: 8,
  requireUppercase: false,
  requireLowercase: false,
  requireNumbers: false,
  requireSpecialChars: false,
};
const STRICT: PasswordRequirements = {
  minLength: 8,
  requireUppercase: true,
  requireLowercase: true,
  requireNumbers: true,
  requireSpecialChars: true,
};

describe('the password policy', () => {
  it.each([
    ['longenough', LAX, 0],
    ['tooshrt', LAX, 1],
    ['🔑🔑🔑🔑', LAX, 1],
    ['x'.repeat(1025), LAX, 1],
    ['Passw0rd!', STRICT, 0],
    ['Łódź-2025', STRICT, 0],
    ['password!1', STRICT, 1],
    ['PASSWORD!1', STRICT, 1],
    ['Password!', STRICT, 1],
    ['Passw0rds', STRICT, 1],
    ['Passw0rd s', STRICT, 1],
    ['', STRICT, 5],
  ])('finds in “%s” as much as it should', (password, requirements, count) => {
    expect(passwordFindings(password, requirements)).toHaveLength(count);
  });

  it('lists every finding at once', () => {
    expect(() => requireStrongPassword('abc', STRICT)).toThrow(
      expect.objectContaining({
        code: 'password.weak',
        problems: [
          { where: 'password', what: 'needs at least 8 characters' },
          { where: 'password', what: 'needs an upper-case letter' },
          { where: 'password', what: 'needs a digit' },
          { where: 'password', what: 'needs a character that is no letter, digit or blank' },
        ],
      }),
    );
  });

  it('generates what it would accept itself, however the draw falls', () => {
    // In base64url: 24 times “A”, then a text with all kinds of characters.
    const draws = [Buffer.alloc(18), Buffer.from('Passw0rd-Passw0rd-Pas_w0', 'base64url')];
    expect(generatePassword(() => draws.shift() ?? Buffer.alloc(0), STRICT)).toBe('Passw0rd-Passw0rd-Pas_w0');
    expect(generatePassword((count) => Buffer.alloc(count), LAX)).toBe('A'.repeat(24));
    expect(generatePassword((count) => Buffer.alloc(count), { ...LAX, minLength: 40 })).toHaveLength(40);
    expect(() => generatePassword((count) => Buffer.alloc(count), STRICT)).toThrow('randomness is broken');
  });
});
