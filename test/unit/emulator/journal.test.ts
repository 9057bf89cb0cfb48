import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Journal } from "../../../emulator/queue/journal.ts";
import type { QueuedEvent } from "../../../emulator/queue/journal.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-test-"));
  path = join(folder, "queue.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const event = (id: string, payload = "{}"): QueuedEvent => ({
  id,
  functionName: "f",
  payload,
  attempts: 0,
  throttles: 0,
  due: 1,
});

test("what is pending comes back after a restart, with its attempts", () => {
  const journal = new Journal(path);
  const second = event("2");
  for (const each of [event("1"), second, event("3")]) journal.accept(each);
  journal.done("1");
  second.attempts = 1;
  second.due = 99;
  journal.again(second);
  journal.close();
  const again = new Journal(path);
  expect([...again.pending.values()]).toEqual([{ ...event("2"), attempts: 1, due: 99 }, event("3")]);
  again.close();
});

test("a file cut off at any byte loses at most the entry that was being written", () => {
  const journal = new Journal(path);
  for (let id = 0; id < 5; id++) journal.accept(event(String(id), JSON.stringify({ text: "zwölf ✓" })));
  journal.close();
  const whole = readFileSync(path);
  const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([index]) => index + 1);
  for (let size = 0; size <= whole.length; size++) {
    writeFileSync(path, whole.subarray(0, size));
    const complete = ends.filter((end) => end <= size || end === size + 1).length;
    const read = new Journal(path);
    expect(read.pending.size).toBe(complete);
    // What is accepted after the accident must not be glued to the broken line.
    read.accept(event("new"));
    read.close();
    const next = new Journal(path);
    expect(next.pending.size).toBe(complete + 1);
    next.close();
  }
});

test("the file does not grow with events that are done", () => {
  const journal = new Journal(path);
  const payload = JSON.stringify("x".repeat(100_000));
  for (let id = 0; id < 400; id++) {
    journal.accept(event(String(id), payload));
    journal.done(String(id));
  }
  journal.close();
  expect(statSync(path).size).toBeLessThan(9 * 1_048_576);
});
