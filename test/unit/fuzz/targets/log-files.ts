import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSegment } from "../../../../emulator/logs/storage/load.ts";
import { streamRecord, writeEvent } from "../../../../emulator/logs/storage/record.ts";
import { Journal } from "../../../../emulator/queue/journal.ts";
import { assert, type FuzzTarget } from "../target.ts";

const folder = mkdtempSync(join(tmpdir(), "fuzz-files-"));
const path = join(folder, "file");

/** A segment with a stream and three events. */
function segment(): Buffer {
  const header = Buffer.alloc(24);
  header.write("FZLOGS1\n");
  const events = Buffer.alloc(1_000);
  let at = 0;
  for (const message of ["one", "zwölf ✓", "x".repeat(200)])
    at = writeEvent(events, at, { timestamp: 1_000, ingested: 1_001, stream: 0, message, bytes: Buffer.byteLength(message) });
  return Buffer.concat([header, streamRecord(0, 1, "stream"), events.subarray(0, at)]);
}

const queued = { id: "1", functionName: "f", payload: "{}", attempts: 0, throttles: 0, due: 1 };

const target: FuzzTarget = {
  seeds: () => [segment(), Buffer.concat([segment(), segment()])],
  tokens: ["FZLOGS1\n", '{"accept":', '{"done":"1"}', '{"again":{"id":"1","attempts":1}}', "\n", "null", "[]", '"__proto__"'],
  check(input) {
    writeFileSync(path, input);
    let records = 0;
    loadSegment(path, true, (buffer, at, length) => {
      records += 1;
      assert(at >= 0 && length > 0 && at + length <= buffer.length, "a record that lies outside of the file");
    });
    let again = 0;
    loadSegment(path, true, () => (again += 1));
    assert(again === records, `${records} records, after the repair ${again}`);
    writeFileSync(path, input);
    const journal = new Journal(path);
    journal.accept({ ...queued, id: "new" });
    journal.close();
    const next = new Journal(path);
    next.close();
    assert(next.pending.has("new"), "what was accepted after the accident is lost");
  },
  end: () => rmSync(folder, { recursive: true, force: true }),
};
export default target;
