/** What goes on beside everything else: started once, ended in good order, asleep until a time has passed or somebody wakes it. */
export class BackgroundLoop {
  private stopped = true;
  private running: Promise<void> | undefined;
  private wakeUp: (() => void) | undefined;

  /** @param run goes on until {@link isStopped}; must not throw */
  constructor(private readonly run: () => Promise<void>) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.running = this.run();
  }

  /** Ends when the round under way has. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  isStopped(): boolean {
    return this.stopped;
  }

  wake(): void {
    this.wakeUp?.();
  }

  /** Answers whether it was woken before the time had passed. To miss no call, begin to sleep before looking whether there is work. */
  sleep(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve(false);
      }, milliseconds);
      this.wakeUp = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
