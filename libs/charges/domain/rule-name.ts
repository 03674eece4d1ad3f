import { DomainError } from '#kernel';

/**
 * An attribution rule as people name it: `R3` is rule 3 in any version, `R3.2` its second version.
 * @throws DomainError `charge.malformed-rule`.
 */
export function parseRuleName(text: string): string {
  const name = text.trim().toUpperCase();
  if (/^R[1-9]\d{0,8}(\.[1-9]\d{0,8})?$/.test(name)) return name;
  throw new DomainError(
    'charge.malformed-rule',
    'invalid',
    `“${text}” names no attribution rule. Write R3 for rule 3 in any version, or R3.2 for its second version.`,
  );
}
