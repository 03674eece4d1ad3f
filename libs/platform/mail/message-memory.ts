/** Memory of larger messages goes back to the system. */
const LARGEST_KEPT = 1024 ** 2;
/** Most messages of a run are about as large, so that memory for one serves the next. */
const STEP = 64 * 1024;

/**
 * Memory that messages are put together in, used again. With new memory for each of them, the collector takes what lies outside its heap for
 * a reason to walk through all of it, every hundredth message.
 */
export class MessageMemory {
  private readonly spare: Buffer[] = [];

  /** @param mostKept pieces that are kept while nobody uses them */
  constructor(private readonly mostKept: number) {}

  /** @returns as many bytes, with anything in them */
  take(bytes: number): Buffer {
    const at = this.spare.findIndex((each) => each.length >= bytes);
    const [found] = at < 0 ? [] : this.spare.splice(at, 1);
    return (found ?? Buffer.allocUnsafeSlow(STEP * Math.max(1, Math.ceil(bytes / STEP)))).subarray(0, bytes);
  }

  /** Of bytes that {@link take} gave, and that nobody reads any more. */
  giveBack(bytes: Buffer): void {
    const whole = Buffer.from(bytes.buffer);
    if (whole.length <= LARGEST_KEPT && this.spare.length < this.mostKept) this.spare.push(whole);
  }
}
