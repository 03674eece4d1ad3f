import { createHash } from 'node:crypto';

/** A running SHA-256 over written lines, in the order of their line numbers: what the event says the table holds. */
export class ChargeLineDigest {
  private readonly hash = createHash('sha256');

  /** @param written lines as `COPY … TO` prints them (time zone UTC, DateStyle ISO). */
  update(written: Buffer): this {
    this.hash.update(written);
    return this;
  }

  /** 64 hexadecimal digits; asks for the end of the run. */
  hex(): string {
    return this.hash.digest('hex');
  }
}

/** A text[] as Postgres prints it: quotes only around elements that need them. */
export function arrayLiteral(elements: readonly string[]): string {
  if (elements.length === 0) return '{}';
  return `{${elements.map(arrayElement).join(',')}}`;
}

function arrayElement(element: string): string {
  const needsQuotes = element === '' || /[{}",\\ \t\n\r\v\f]/.test(element) || element.toLowerCase() === 'null';
  return needsQuotes ? `"${element.replace(/["\\]/g, '\\$&')}"` : element;
}
