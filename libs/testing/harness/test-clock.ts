import type { Clock } from '#kernel';

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  constructor(private time = new Date('2025-11-03T09:00:00.000Z')) {}

  now(): Date {
    return new Date(this.time);
  }

  advance(milliseconds: number): void {
    this.time = new Date(this.time.getTime() + milliseconds);
  }
}
