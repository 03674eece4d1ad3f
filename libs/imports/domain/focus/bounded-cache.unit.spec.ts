import { describe, expect, it } from 'vitest';
import { BoundedCache } from './bounded-cache.js';

/** What the cache answers for a text that lies among other bytes. */
function ask<Value>(cache: BoundedCache<Value>, text: string): Value {
  const source = Buffer.from(`before ${text} after`);
  return cache.get(source, 7, source.length - 6);
}

describe('BoundedCache', () => {
  it('never holds more than two generations, and works out a text again only after it was dropped', () => {
    const worked: string[] = [];
    const cache = new BoundedCache((text) => {
      worked.push(text);
      return text.length;
    }, 10);
    for (let i = 0; i < 1000; i++) {
      expect(ask(cache, 'always asked for')).toBe(16);
      expect(ask(cache, `text ${i}`)).toBe(`text ${i}`.length);
      expect(cache.size).toBeLessThanOrEqual(20);
    }
    expect(worked.filter((text) => text === 'always asked for')).toHaveLength(1);
  });

  it('holds no text that is too long', () => {
    const cache = new BoundedCache((text) => text.length, 10);
    expect(ask(cache, 'x'.repeat(100_000))).toBe(100_000);
    expect(cache.size).toBe(0);
  });

  it('works on the text, whatever its characters, and tells texts apart by their last byte', () => {
    const cache = new BoundedCache((text) => text, 10);
    for (const text of ['Łukasz', 'Łukasy', '李', 'Ã', '', 'é', 'é', 'Łukasz']) expect(ask(cache, text)).toBe(text);
  });
});
