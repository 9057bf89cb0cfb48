/** Requests that are answered while the end of their log is still being read. */
export class Settling {
  private open = 0;

  begin(): void {
    this.open++;
  }

  end(): void {
    this.open--;
  }

  /** Resolves when the log holds all of the requests answered until now. A reader of logs waits for it. */
  async done(): Promise<void> {
    // Each takes two turns of the event loop, and began before this.
    if (this.open > 0) await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  }
}
