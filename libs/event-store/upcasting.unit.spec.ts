import { describe, expect, it } from 'vitest';
import { Upcasting } from '#event-store';

const named = { type: 'Noted', from: 1, upcast: (data: object) => ({ ...data, author: 'unknown' }) };
const split = { type: 'Noted', from: 2, upcast: (data: object) => ({ ...data, lines: 1 }) };

describe('upcasting', () => {
  it('brings an event of any older version to the newest', () => {
    const upcasting = new Upcasting([named, split]);
    expect(upcasting.currentVersion('Noted')).toBe(3);
    expect(upcasting.upcast('Noted', 1, { text: 'a' })).toEqual({ text: 'a', author: 'unknown', lines: 1 });
    expect(upcasting.upcast('Noted', 2, { text: 'a', author: 'Ada' })).toEqual({ text: 'a', author: 'Ada', lines: 1 });
    expect(upcasting.upcast('Noted', 3, { text: 'a' })).toEqual({ text: 'a' });
  });

  it('leaves types without upcasters at version 1', () => {
    const upcasting = new Upcasting([named]);
    expect(upcasting.currentVersion('Denied')).toBe(1);
    expect(upcasting.upcast('Denied', 1, { text: 'a' })).toEqual({ text: 'a' });
  });

  it('does not guess what a newer program wrote', () => {
    expect(() => new Upcasting([named]).upcast('Noted', 3, {})).toThrow('Noted in schema version 3; this program knows versions up to 2');
  });

  it('does not start with a gap or a second upcaster for a version', () => {
    expect(() => new Upcasting([split])).toThrow('expected one from version 1');
    expect(() => new Upcasting([named, named])).toThrow('expected one from version 2');
  });
});
