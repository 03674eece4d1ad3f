import { Decimal } from '#kernel';
import type { TemplateFailure } from '#templates';

/** What a thread is asked to do with a template. */
export interface TemplateTask {
  readonly name: string;
  readonly source: string;
  readonly templates: ReadonlyMap<string, string>;
  /** Null: the template is read, not filled in. */
  readonly filling: {
    /** As {@link toTransfer} wrote it. */
    readonly context: unknown;
    readonly digits: number;
    readonly fuel: number | undefined;
    readonly timeLimitMs: number;
    /** Of the text that is handed back. */
    readonly mostCharacters: number;
  } | null;
}

export interface RenderedTemplate {
  /** The beginning, if the whole is longer than was asked for. */
  readonly text: string;
  readonly isCapped: boolean;
  /** Of the whole. */
  readonly bytes: number;
  readonly lineCount: number;
}

export type TemplateOutcome = { readonly rendered: RenderedTemplate } | { readonly failure: TemplateFailure };

/** No setting and no field is called so. */
const DECIMAL = '\u0000decimal';

/** A copy for another thread, which gets data without its classes. */
export function toTransfer(value: unknown): unknown {
  if (value instanceof Decimal) return { [DECIMAL]: value.toString() };
  return mapped(value, toTransfer);
}

export function fromTransfer(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && DECIMAL in value) return Decimal.parse(String(value[DECIMAL]));
  return mapped(value, fromTransfer);
}

function mapped(value: unknown, copy: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copy(item)]));
  if (value instanceof Date) return value;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
  }
  return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
}
