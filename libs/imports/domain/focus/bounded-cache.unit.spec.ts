import { describe, expect, it } from 'vitest';
import { BoundedCache } from './bounded-cache.js';

describe('BoundedCache', () => {
  it('never holds more than two generations, and works out a text again only after it was dropped', () => {
    const worked: string[] = [];
    const cache = new BoundedCache((text) => {
      worked.push(text);
      return text.length;
    }, 10);
    for (let i = 0; i < 1000; i++) {
      expect(cache.get('always asked for')).toBe(16);
      expect(cache.get(`text ${i}`)).toBe(`text ${i}`.length);
      expect(cache.size).toBeLessThanOrEqual(20);
    }
    expect(worked.filter((text) => text === 'always asked for')).toHaveLength(1);
  });

  it('holds no text that is too long', () => {
    const cache = new BoundedCache((text) => text.length, 10);
    expect(cache.get('x'.repeat(100_000))).toBe(100_000);
    expect(cache.size).toBe(0);
  });
});
