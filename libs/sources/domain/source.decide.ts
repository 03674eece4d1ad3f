import { DomainError, foldIdentifier } from '#kernel';
import type { SourceEvent, SourceSettings } from './source.events.js';

const NAME_PATTERN = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u;

export type SourceInput = Partial<Omit<SourceSettings, 'name'>>;

/** @throws DomainError `source.malformed-name`. */
export function sourceName(text: string): string {
  const name = foldIdentifier(text);
  if (!NAME_PATTERN.test(name)) {
    throw new DomainError(
      'source.malformed-name',
      'invalid',
      `“${text}” is no name for a source; use letters, digits, blanks, dots, dashes and underscores.`,
    );
  }
  return name;
}

/** Registers a source, or changes what `input` says about a known one; no event when nothing would change. */
export function decideSource(current: SourceSettings | null, writtenName: string, input: SourceInput): SourceEvent[] {
  const name = sourceName(writtenName);
  const before: SourceSettings = current ?? {
    name,
    displayName: writtenName.trim(),
    pattern: name,
    fundOrg: '',
    accountCode: '',
    deliveryMode: 'merge',
    costBasis: 'billed',
    dateFormat: '',
    lineIdColumn: '',
    enabled: true,
  };
  const after = { ...before, ...input };
  if (current === null) return [{ type: 'SourceRegistered', data: after }];
  const changed = (Object.keys(after) as (keyof SourceSettings)[]).some((key) => after[key] !== current[key]);
  return changed ? [{ type: 'SourceChanged', data: after }] : [];
}
