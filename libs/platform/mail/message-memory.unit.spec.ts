import { describe, expect, it } from 'vitest';
import { MessageMemory } from './message-memory.js';

describe('MessageMemory', () => {
  it('gives the memory of one message to the next that fits into it, and to one at a time', () => {
    const memory = new MessageMemory(2);
    const first = memory.take(45_000);
    expect(first).toHaveLength(45_000);
    memory.giveBack(first);
    const second = memory.take(50_000);
    expect(second).toHaveLength(50_000);
    expect(second.buffer).toBe(first.buffer);
    expect(memory.take(10).buffer).not.toBe(first.buffer);
  });

  it('has room for a larger one than any before', () => {
    const memory = new MessageMemory(2);
    memory.giveBack(memory.take(10));
    expect(memory.take(200_000)).toHaveLength(200_000);
    expect(memory.take(0)).toHaveLength(0);
  });

  it('keeps no more than it may, and nothing large', () => {
    const memory = new MessageMemory(1);
    const [one, other] = [memory.take(10), memory.take(10)];
    memory.giveBack(one);
    memory.giveBack(other);
    expect(memory.take(10).buffer).toBe(one.buffer);
    expect(memory.take(10).buffer).not.toBe(other.buffer);
    const large = memory.take(5_000_000);
    memory.giveBack(large);
    expect(memory.take(5_000_000).buffer).not.toBe(large.buffer);
  });
});
