import { createReadStream, createWriteStream } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Logs, createLogs } from "../../emulator/logs/index.ts";
import { type Peer, defineBench } from "./bench.ts";

const GROUP = "/aws/lambda/bench";
const EVENTS = 1_000_000;
const BATCH = 100;

/** What is asked of a million records: all of them hold every name, so only values tell them apart. */
const QUESTIONS = {
  "rare value": { pattern: '{ $.trace = "t-777*" }', test: (record: LogRecord) => record.trace.startsWith("t-777") },
  "1 % by value": { pattern: '{ $.level = "error" }', test: (record: LogRecord) => record.level === "error" },
  "by number": { pattern: "{ $.duration > 998 }", test: (record: LogRecord) => record.duration > 998 },
  "two conditions": {
    pattern: '{ $.duration > 990 && $.task = "task9" }',
    test: (record: LogRecord) => record.duration > 990 && record.task === "task9",
  },
} as const;

interface LogRecord {
  fusionize: 1;
  task: string;
  trace: string;
  duration: number;
  level: string;
  caller: string;
  kind: string;
  bytes: number;
}

const record = (n: number): LogRecord => ({
  fusionize: 1,
  task: `task${n % 10}`,
  trace: `t-${n}`,
  duration: (n * 7919) % 1000,
  level: n % 100 === 0 ? "error" : "info",
  caller: "analyzeSensor",
  kind: "sync",
  bytes: 2048 + (n % 77),
});

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Both must find the same number of records, or the times mean nothing. */
const found = new Map<string, number>();
function check(question: string, count: number, scale: number): void {
  const key = `${question} ${scale}`;
  if (found.has(key) && found.get(key) !== count) throw new Error(`${question}: ${count} found, another peer ${found.get(key)}`);
  found.set(key, count);
}

function emulatorPeer(): Peer {
  let logs: Logs;
  let appendRate = 0;
  const open = (dataDir: string) => createLogs({ dataDir, region: "us-east-1", accountId: "000000000000" });
  return {
    name: "emulator",
    async setup({ folder, scale }) {
      logs = open(folder);
      const now = Date.now();
      const count = EVENTS * scale;
      const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) =>
        Array.from({ length: BATCH }, (__, index) => {
          const n = batch * BATCH + index;
          return { timestamp: now + Math.floor(n / 100), message: JSON.stringify(record(n)) };
        }),
      );
      const ms = await timed(async () => {
        for (const [batch, events] of batches.entries()) {
          logs.append(GROUP, `stream${batch % 8}`, events);
          if (batch % 100 === 0) await new Promise(setImmediate);
        }
        await logs.flush();
      });
      appendRate = (batches.length * BATCH) / (ms / 1000);
    },
    async run({ folder, scale }) {
      await logs.close();
      logs = open(folder);
      const restart = await timed(async () => void (await filter(logs, '{ $.trace = "none" }', 1)));
      const values: Record<string, number> = { restart, append: appendRate };
      for (const [question, { pattern }] of Object.entries(QUESTIONS)) {
        values[question] = await timed(async () => check(question, await filter(logs, pattern), scale));
      }
      return values;
    },
    async teardown() {
      await logs?.close();
    },
  };
}

/** All pages of a FilterLogEvents, as a client asks for them. */
async function filter(logs: Logs, filterPattern: string, pages = Infinity): Promise<number> {
  let count = 0;
  let nextToken: string | undefined;
  do {
    const answer = await logs.handle("FilterLogEvents", { logGroupName: GROUP, filterPattern, nextToken }, {});
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    const page = answer.body as { events: unknown[]; nextToken?: string };
    count += page.events.length;
    nextToken = page.nextToken;
  } while (nextToken && --pages > 0);
  return count;
}

/** What one would write by hand: a file of lines, each parsed. */
function parsingPeer(): Peer {
  let path: string;
  return {
    name: "a file of lines, each parsed",
    async setup({ folder, scale }) {
      path = join(folder, "events.jsonl");
      const file = createWriteStream(path);
      for (let n = 0; n < EVENTS * scale; n += 1000) {
        const lines = Array.from({ length: 1000 }, (_, index) => JSON.stringify(record(n + index))).join("\n");
        if (!file.write(`${lines}\n`)) await once(file, "drain");
      }
      file.end();
      await once(file, "finish");
    },
    async run({ scale }) {
      const values: Record<string, number> = {};
      for (const [question, { test }] of Object.entries(QUESTIONS)) {
        values[question] = await timed(async () => {
          let count = 0;
          for await (const line of createInterface({ input: createReadStream(path) })) {
            if (test(JSON.parse(line) as LogRecord)) count++;
          }
          check(question, count, scale);
        });
      }
      return values;
    },
  };
}

export const bench = defineBench({
  name: "logs",
  description:
    "A million log events of about 130 bytes in one group of eight streams, filtered by JSON patterns through FilterLogEvents, all pages; " +
    "`restart` opens the group anew and searches it all, `append` is events a second while they were written, up to the flush.",
  metrics: [
    ...Object.keys(QUESTIONS).map((name) => ({ name, unit: "ms", better: "lower" as const })),
    { name: "restart", unit: "ms", better: "lower" },
    { name: "append", unit: "events/s", better: "higher" },
  ],
  rounds: 5,
  peers: [emulatorPeer(), parsingPeer()],
  goals: Object.keys(QUESTIONS).map((metric) => ({ peer: "emulator", metric, atMost: 2000 })),
});
