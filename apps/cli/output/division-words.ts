import type { Part } from '#splits';

const FIELDS = [
  ['piEmail', 'PI'],
  ['projectId', 'project'],
  ['fundOrg', 'fund/org'],
  ['costCenter', 'cost centre'],
  ['accountCode', 'account'],
] as const satisfies readonly (readonly [keyof Part, string])[];

/** `60% fund/org MATH-200, rest PI bob@x.edu project wheel`. */
export function divisionWords(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      const share = part.percent === null ? (part.amount ?? 'rest') : `${part.percent}%`;
      return [share, ...FIELDS.flatMap(([field, name]) => (part[field] === null ? [] : [`${name} ${part[field]}`]))].join(' ');
    })
    .join(', ');
}
