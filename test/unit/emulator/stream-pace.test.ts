import { expect, test, vi } from "vitest";
import { StreamPace } from "../../../emulator/lambda/stream-pace.ts";

const MB = 1_048_576;

test("six megabytes pass at once, the rest at two megabytes a second, in order and whole", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
  try {
    const written: Uint8Array[] = [];
    const size = (): number => written.reduce((sum, { length }) => sum + length, 0);
    const pace = new StreamPace((bytes) => void written.push(Buffer.from(bytes)), true);
    const sent = Buffer.from(Array.from({ length: 10 * MB }, (_, index) => index % 251));
    const scratch = Buffer.alloc(MB);
    for (let at = 0; at < sent.length; at += MB) {
      // As a sender does that uses its buffer again.
      sent.copy(scratch, 0, at, at + MB);
      pace.push(scratch);
    }
    expect(size()).toBe(6 * MB);
    let done = false;
    void pace.done().then(() => (done = true));
    for (let step = 1; step <= 19; step++) await vi.advanceTimersByTimeAsync(100);
    expect(size()).toBeGreaterThan(9.6 * MB);
    expect(size()).toBeLessThan(9.85 * MB);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(done).toBe(true);
    expect(Buffer.concat(written).equals(sent)).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test("past 200 MB the rest is left out, and said to be", async () => {
  let size = 0;
  const pace = new StreamPace((bytes) => void (size += bytes.length), false);
  const part = Buffer.alloc(MB);
  for (let count = 0; count < 200; count++) pace.push(part);
  expect(pace.exceeded).toBe(false);
  pace.push(Buffer.alloc(1));
  expect(pace.exceeded).toBe(true);
  await pace.done();
  expect(size).toBe(200 * MB);
});
