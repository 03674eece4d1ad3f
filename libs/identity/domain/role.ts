/** From least to most: each role may do what those before it may (domain.md §9). */
export const ROLES = ['viewer', 'reviewer', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** True if `held` may do what `needed` may. */
export function roleCovers(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed);
}
