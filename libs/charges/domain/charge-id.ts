import { DomainError } from '#kernel';

/** A charge is known by the import and the line that brought it: `12-345` is line 345 of import 12. */
export interface ChargeId {
  readonly importId: number;
  readonly lineNumber: number;
}

const CHARGE_ID_PATTERN = /^(\d{1,9})-(\d{1,9})$/;

/** @throws DomainError `charge.malformed-id` unless `text` is like `12-345`. */
export function parseChargeId(text: string): ChargeId {
  const match = CHARGE_ID_PATTERN.exec(text.trim());
  if (match === null) {
    throw new DomainError('charge.malformed-id', 'invalid', `“${text}” is not a charge; write import and line, such as 12-345.`);
  }
  return { importId: Number(match[1]), lineNumber: Number(match[2]) };
}

export function formatChargeId(id: ChargeId): string {
  return `${id.importId}-${id.lineNumber}`;
}

/** Charges of one import in an event: `lines` is a list of numbers and ranges, `3,7-12`, so that 100,000 charges stay small. */
export interface ChargeRanges {
  readonly importId: number;
  readonly lines: string;
}

export function packChargeIds(ids: readonly ChargeId[]): ChargeRanges[] {
  const byImport = new Map<number, number[]>();
  for (const { importId, lineNumber } of ids) {
    const lines = byImport.get(importId);
    if (lines === undefined) byImport.set(importId, [lineNumber]);
    else lines.push(lineNumber);
  }
  return [...byImport].sort(([a], [b]) => a - b).map(([importId, lines]) => ({ importId, lines: packNumbers(lines) }));
}

export function unpackChargeIds(ranges: readonly ChargeRanges[]): ChargeId[] {
  return ranges.flatMap(({ importId, lines }) =>
    lines.split(',').flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => ({ importId, lineNumber: first + index }));
    }),
  );
}

function packNumbers(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    parts.push(start === end ? `${sorted[start]}` : `${sorted[start]}-${sorted[end]}`);
    start = end + 1;
  }
  return parts.join(',');
}
