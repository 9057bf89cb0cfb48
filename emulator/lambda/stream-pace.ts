import { calibration } from "../calibration.ts";

/** Bytes handed on at once while the rate is limited: 50 ms of it. */
const part = 104_858;

/**
 * Hands the parts of a streamed response on, as fast as AWS does: the first 6 MB at once, then 2 MB a second, 200 MB in all (Lambda developer guide, response
 * streaming). Without `limited` only the total counts.
 */
export class StreamPace {
  /** More than 200 MB came; the rest was left out. */
  exceeded = false;
  private readonly write: (bytes: Uint8Array) => void;
  private readonly limited: boolean;
  private taken = 0;
  private sent = 0;
  private cappedSince: number | undefined;
  private queue: Promise<void> | undefined;

  constructor(write: (bytes: Uint8Array) => void, limited: boolean) {
    this.write = write;
    this.limited = limited;
  }

  push(bytes: Uint8Array): void {
    const room = calibration.streamMostBytes - this.taken;
    if (bytes.length > room) this.exceeded = true;
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    if (kept.length === 0) return;
    this.taken += kept.length;
    if (!this.limited || this.taken <= calibration.streamUncappedBytes) {
      this.sent += kept.length;
      return this.write(kept);
    }
    // The sender's buffer may be used again before its turn comes.
    const copy = Buffer.from(kept);
    this.queue = (this.queue ?? Promise.resolve()).then(() => this.drip(copy));
  }

  /** Resolves when everything has been handed on. */
  async done(): Promise<void> {
    await this.queue;
  }

  private async drip(bytes: Buffer): Promise<void> {
    const since = (this.cappedSince ??= performance.now());
    for (let at = 0; at < bytes.length; at += part) {
      const next = bytes.subarray(at, at + part);
      const past = Math.max(0, this.sent + next.length - calibration.streamUncappedBytes);
      const due = since + (past / calibration.streamBytesPerSecond) * 1000;
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      this.sent += next.length;
      this.write(next);
    }
  }
}
