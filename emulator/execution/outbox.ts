/** Something that keeps log events back for a moment. */
interface Holder {
  /** Throws when the store takes none; they are still held then. */
  flush(): void;
}

const holdMs = 20;
/** ms until a store that took none is asked again: a full disk gives the error, and may have room later. */
const againMs = 500;

/**
 * The way of log events to the log store: they are written out together every 20 ms, since formatting and storing each for itself would cost a short request
 * more than its own work; whoever reads logs makes them come at once. A kill of the emulator loses no more than these 20 ms.
 */
export class Outbox {
  private readonly holders = new Set<Holder>();
  private timer: NodeJS.Timeout | undefined;
  /** Requests that are answered while the end of their output is still being read. */
  private open = 0;

  hold(holder: Holder): void {
    this.holders.add(holder);
    this.timer ??= setTimeout(() => this.flush(), holdMs);
  }

  /** A request is answered, but not all of its output is read. */
  begin(): void {
    this.open++;
  }

  end(): void {
    this.open--;
  }

  /** Resolves when the store holds everything about the requests answered until now. */
  async complete(): Promise<void> {
    // Each takes two turns of the event loop, and began before this.
    if (this.open > 0) await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    this.flush();
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const holder of this.holders) {
      try {
        holder.flush();
        this.holders.delete(holder);
      } catch {
        this.timer ??= setTimeout(() => this.flush(), againMs).unref();
      }
    }
  }
}
