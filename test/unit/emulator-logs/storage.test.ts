import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Logs, createLogs } from "../../../emulator/logs/index.ts";

const GROUP = "/aws/lambda/iot-local-analyzeSensor";
const NOW = Date.UTC(2026, 10, 24, 8);
const DAY = 86_400_000;

let dataDir: string;
let now: number;
let logs: Logs;
const problems: string[] = [];

const open = () =>
  createLogs({
    dataDir,
    region: "us-east-1",
    accountId: "000000000000",
    clock: () => now,
    problem: (text) => problems.push(text),
  });

async function call<T>(operation: string, body: unknown): Promise<T> {
  const answer = await logs.handle(operation, body, {});
  if (answer.status !== 200) throw Object.assign(new Error(JSON.stringify(answer.body)), answer.body);
  return answer.body as T;
}

interface Page {
  events: { timestamp: number; message: string; eventId: string; logStreamName: string }[];
  nextToken?: string;
  nextForwardToken: string;
  nextBackwardToken: string;
}

async function allEvents(request: object = {}): Promise<Page["events"]> {
  const events: Page["events"] = [];
  let nextToken: string | undefined;
  do {
    const page: Page = await call<Page>("FilterLogEvents", { logGroupName: GROUP, nextToken, ...request });
    events.push(...page.events);
    nextToken = page.nextToken;
  } while (nextToken);
  return events;
}

const messages = async (request: object = {}) => (await allEvents(request)).map((event) => event.message);

async function restart(): Promise<void> {
  await logs.close();
  logs = open();
}

function folder(): string {
  const root = join(dataDir, "logs");
  return join(root, readdirSync(root)[0] as string);
}
const segments = () =>
  readdirSync(folder())
    .filter((name) => name.endsWith(".log"))
    .sort()
    .map((name) => join(folder(), name));

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "fusionize-logs-"));
  now = NOW;
  problems.length = 0;
  logs = open();
});
afterEach(async () => {
  await logs.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test("events can be read at once, before they are on disk, and in order of time across streams", async () => {
  logs.append(GROUP, "a", [
    { timestamp: NOW, message: "one" },
    { timestamp: NOW + 20, message: "four" },
  ]);
  logs.append(GROUP, "b", [
    { timestamp: NOW + 10, message: "two é 😀" },
    { timestamp: NOW + 10, message: "three" },
  ]);
  expect(await messages()).toEqual(["one", "two é 😀", "three", "four"]);
  await logs.flush();
  expect(await messages()).toEqual(["one", "two é 😀", "three", "four"]);
  await restart();
  expect(await messages()).toEqual(["one", "two é 😀", "three", "four"]);
});

test("a file cut off at any byte loses only what was cut, and takes new events after", async () => {
  const events = ["first", "second ünïcode", "x".repeat(300), "last"].map((message, index) => ({
    timestamp: NOW + index,
    message,
  }));
  for (const event of events) logs.append(GROUP, "stream", [event]);
  await logs.close();
  const [path] = segments() as [string];
  const whole = readFileSync(path);
  // Where each record ends: header 24, stream record 9 + 13 + 6, events 9 + 21 + message.
  const ends: number[] = [];
  let at = 24 + 28;
  for (const event of events) ends.push((at += 30 + Buffer.byteLength(event.message)));
  expect(at).toBe(whole.length);

  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    logs = open();
    const kept = events.filter((_, index) => (ends[index] as number) <= length).map((event) => event.message);
    expect(await messages(), `cut at ${length}`).toEqual(kept);
    logs.append(GROUP, "stream", [{ timestamp: NOW + 100, message: "after" }]);
    await restart();
    expect(await messages(), `cut at ${length}, then written on`).toEqual([...kept, "after"]);
    await logs.close();
  }
  logs = open();
}, 60_000);

test("a damaged record in the middle is skipped, those after it are kept", async () => {
  for (const message of ["one", "two", "three"]) logs.append(GROUP, "stream", [{ timestamp: NOW, message }]);
  await logs.close();
  const [path] = segments() as [string];
  const bytes = readFileSync(path);
  bytes[bytes.indexOf("two") + 1] = 0;
  writeFileSync(path, bytes);
  logs = open();
  expect(await messages()).toEqual(["one", "three"]);
  await restart();
  expect(await messages()).toEqual(["one", "three"]);
});

test("a segment that is none is set aside, not written over", async () => {
  logs.append(GROUP, "stream", [{ timestamp: NOW, message: "one" }]);
  await logs.close();
  const [path] = segments() as [string];
  writeFileSync(path, "something of another program, longer than a header");
  logs = open();
  logs.append(GROUP, "stream", [{ timestamp: NOW, message: "two" }]);
  expect(await messages()).toEqual(["two"]);
  expect(problems.join()).toContain("not a log segment");
  expect(readdirSync(folder()).filter((name) => name.endsWith(".damaged"))).toHaveLength(1);
});

test("an unfinished creation or deletion of a group leaves nothing behind", async () => {
  logs.append(GROUP, "stream", [{ timestamp: NOW, message: "one" }]);
  await logs.close();
  rmSync(join(folder(), "group.json"));
  logs = open();
  expect((await call<{ logGroups: unknown[] }>("DescribeLogGroups", {})).logGroups).toEqual([]);
  await call("CreateLogGroup", { logGroupName: GROUP });
  expect(await messages()).toEqual([]);
});

test("whatever arrives in whatever order comes out sorted by time, then arrival, before and after a restart", async () => {
  const batch = fc.record({
    stream: fc.constantFrom("a", "b", "c"),
    times: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 12 }), fc.integer({ min: 1, max: 7 }), async (batches, limit) => {
      await logs.close();
      rmSync(dataDir, { recursive: true, force: true });
      logs = open();
      await call("CreateLogGroup", { logGroupName: GROUP });
      const model: { timestamp: number; message: string; stream: string }[] = [];
      for (const { stream, times } of batches) {
        const events = times.map((time, index) => ({ timestamp: NOW + time, message: `${stream} ${model.length + index}` }));
        logs.append(GROUP, stream, events);
        model.push(...events.map((event) => ({ ...event, stream })));
      }
      const sorted = model.toSorted((x, y) => x.timestamp - y.timestamp);
      const expected = (stream?: string) =>
        sorted.filter((event) => !stream || event.stream === stream).map((event) => event.message);
      for (const when of ["live", "restarted"]) {
        if (when === "restarted") await restart();
        expect(await messages({ limit })).toEqual(expected());
        const backwards = await messages({ limit, startFromHead: false, startTime: NOW });
        expect(backwards).toEqual(expected().toReversed());
        if (!model.some((event) => event.stream === "a")) continue;
        expect(await messages({ limit, logStreamNames: ["a"] })).toEqual(expected("a"));
        expect(await readForwards("a", limit)).toEqual(expected("a"));
        expect(await readBackwards("a", limit)).toEqual(expected("a"));
      }
      const ids = (await allEvents()).map((event) => event.eventId);
      expect(new Set(ids).size).toBe(model.length);
    }),
    { numRuns: 60 },
  );
}, 60_000);

async function readForwards(stream: string, limit: number): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const page: Page = await call<Page>("GetLogEvents", {
      logGroupName: GROUP,
      logStreamName: stream,
      limit,
      startFromHead: true,
      nextToken,
    });
    found.push(...page.events.map((event) => event.message));
    if (page.nextForwardToken === nextToken) return found;
    nextToken = page.nextForwardToken;
  }
}

async function readBackwards(stream: string, limit: number): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const page: Page = await call<Page>("GetLogEvents", { logGroupName: GROUP, logStreamName: stream, limit, nextToken });
    found.unshift(...page.events.map((event) => event.message));
    if (page.nextBackwardToken === nextToken) return found;
    nextToken = page.nextBackwardToken;
  }
}

test("retention hides expired events to the millisecond and removes their files", async () => {
  await call("CreateLogGroup", { logGroupName: GROUP });
  // More than one segment of old events, so that whole files expire.
  const filler = "f".repeat(200_000);
  for (let index = 0; index < 400; index++)
    logs.append(GROUP, "old", [{ timestamp: NOW - 2 * DAY, message: `${index} ${filler}` }]);
  logs.append(GROUP, "new", [
    { timestamp: NOW - DAY - 1, message: "just expired" },
    { timestamp: NOW - DAY, message: "just kept" },
  ]);
  await logs.flush();
  const before = segments().length;
  expect(before).toBeGreaterThan(2);
  const [last] = (await allEvents({ startTime: NOW - DAY })).slice(-1);

  await call("PutRetentionPolicy", { logGroupName: GROUP, retentionInDays: 1 });
  expect(await messages()).toEqual(["just kept"]);
  expect(segments().length).toBeLessThan(before);
  // Ids and tokens hold across retention and restart: they count from the group's beginning.
  expect((await allEvents())[0]?.eventId).toBe(last?.eventId);
  await restart();
  expect((await allEvents())[0]?.eventId).toBe(last?.eventId);
  const { logStreams } = await call<{ logStreams: { logStreamName: string; lastEventTimestamp?: number }[] }>(
    "DescribeLogStreams",
    {
      logGroupName: GROUP,
    },
  );
  expect(logStreams.map((stream) => [stream.logStreamName, stream.lastEventTimestamp])).toEqual([
    ["new", NOW - DAY],
    ["old", undefined],
  ]);
  now += 2 * DAY;
  expect(await messages()).toEqual([]);
}, 60_000);

test("deleted streams and groups stay deleted after a restart", async () => {
  for (const stream of ["a", "b"]) logs.append(GROUP, stream, [{ timestamp: NOW, message: `of ${stream}` }]);
  logs.append("other", "a", [{ timestamp: NOW, message: "of other" }]);
  await call("DeleteLogStream", { logGroupName: GROUP, logStreamName: "a" });
  await call("DeleteLogGroup", { logGroupName: "other" });
  logs.append(GROUP, "a", [{ timestamp: NOW + 1, message: "of a again" }]);
  expect(await messages()).toEqual(["of b", "of a again"]);
  await restart();
  expect(await messages()).toEqual(["of b", "of a again"]);
  expect((await call<{ logGroups: unknown[] }>("DescribeLogGroups", {})).logGroups).toHaveLength(1);
});

test("a flood of 100 MB stays on disk: the heap does not grow with it", async () => {
  const message = "m".repeat(1000);
  const before = process.memoryUsage();
  for (let index = 0; index < 100; index++) {
    logs.append(
      GROUP,
      `stream ${index % 4}`,
      Array.from({ length: 1000 }, (_, n) => ({ timestamp: NOW + index, message: `${index} ${n} ${message}` })),
    );
    // The loop of a server turns between requests; here nothing else would let the disk keep up.
    await logs.flush();
  }
  const after = process.memoryUsage();
  expect(segments().reduce((sum, path) => sum + statSync(path).size, 0)).toBeGreaterThan(100e6);
  expect(after.heapUsed - before.heapUsed).toBeLessThan(60e6);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(60e6);
  expect(await messages({ filterPattern: '"99 999 m"' })).toHaveLength(1);
}, 60_000);

test("events that the disk refuses are kept and written when it takes them again", async () => {
  await call("CreateLogGroup", { logGroupName: GROUP });
  // A folder in the place of the first segment makes every write to it fail, whoever the user is.
  const path = join(folder(), `${"0".repeat(16)}.log`);
  mkdirSync(path);
  logs.append(GROUP, "stream", [{ timestamp: NOW, message: "one" }]);
  await expect(logs.flush()).rejects.toThrow();
  expect(await messages()).toEqual(["one"]);
  expect(problems.join()).toContain("cannot write");
  await expect(
    call("PutLogEvents", { logGroupName: GROUP, logStreamName: "stream", logEvents: [{ timestamp: NOW, message: "two" }] }),
  ).rejects.toMatchObject({ __type: "ServiceUnavailableException" });
  rmSync(path, { recursive: true });
  await logs.flush();
  await restart();
  expect(await messages()).toEqual(["one", "two"]);
});

test("a flood within one turn of the loop is written as it comes, none of it lost", async () => {
  const filler = "f".repeat(1_000_000);
  for (let index = 0; index < 150; index++)
    logs.append(GROUP, "stream", [{ timestamp: NOW + index, message: `${index} ${filler}` }]);
  expect(problems).toEqual([]);
  await restart();
  expect((await messages()).map((message) => message.split(" ")[0])).toEqual(
    Array.from({ length: 150 }, (_, index) => `${index}`),
  );
}, 60_000);
