import { readFileSync } from 'node:fs';
import type { Clock } from '#kernel';

/** The system's clock plus an offset in milliseconds that stands in a file, so that it can be made to jump from outside. */
export class ShiftedClock implements Clock {
  constructor(private readonly file: string) {}

  now(): Date {
    return new Date(Date.now() + Number(readFileSync(this.file, 'utf8')));
  }
}
