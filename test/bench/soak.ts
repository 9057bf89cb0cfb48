import { mkdtemp, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { type Bench, defineBench } from "./bench.ts";
import { createFunctionOf, emulator } from "./emulator-peers/targets.ts";
import { newClient, post } from "./emulator-peers/client.ts";
import { startServer, stopServer } from "./emulator-peers/server.ts";

const FUNCTIONS = 20;
const PER_SECOND = 1_000;
/** Ten minutes; `--scale 0.1` makes it one. */
const SECONDS = 600;

/** Resident memory of the emulator itself in MB. */
const resident = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN) / 1024;

/** Requests at their times, whatever the answers take: half synchronous, half asynchronous. Resolves with the numbers of those that were accepted. */
async function drive(
  base: string,
  seconds: number,
  each: (second: number) => void,
): Promise<{ sent: Set<string>; errors: number }> {
  const client = newClient(64);
  const sent = new Set<string>();
  const open = new Set<Promise<void>>();
  let errors = 0;
  const total = Math.round(seconds * PER_SECOND);
  const start = performance.now();
  const one = async (n: number): Promise<void> => {
    const url = `${base}/2015-03-31/functions/soak-${n % FUNCTIONS}/invocations`;
    const headers: Record<string, string> = n % 2 === 0 ? {} : { "x-amz-invocation-type": "Event" };
    const { status } = await post(client, url, JSON.stringify({ n }), headers);
    if (status === 200 || status === 202) sent.add(`n=${n};`);
    else errors++;
  };
  for (let n = 0; n < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * PER_SECOND));
    for (; n < due; n++) {
      const call: Promise<void> = one(n)
        .catch(() => void errors++)
        .finally(() => open.delete(call));
      open.add(call);
    }
    each(Math.floor(n / PER_SECOND));
    await wait(5);
  }
  await Promise.all(open);
  client.destroy();
  return { sent, errors };
}

/** Numbers that the functions have logged, each with how often. */
async function logged(endpoint: string): Promise<Map<string, number>> {
  const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };
  const logs = new CloudWatchLogsClient({ endpoint, region: "us-east-1", credentials });
  const seen = new Map<string, number>();
  for (let index = 0; index < FUNCTIONS; index++) {
    let nextToken: string | undefined;
    do {
      const query = { logGroupName: `/aws/lambda/soak-${index}`, filterPattern: '"n="', nextToken, limit: 10_000 };
      const page = await logs.send(new FilterLogEventsCommand(query));
      for (const { message = "" } of page.events ?? []) {
        const found = /n=\d+;/.exec(message)?.[0];
        if (found !== undefined) seen.set(found, (seen.get(found) ?? 0) + 1);
      }
      ({ nextToken } = page);
    } while (nextToken !== undefined);
  }
  logs.destroy();
  return seen;
}

async function soak(seconds: number): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), "fusionize-soak-"));
  const target = emulator("emulator, fast", ["--fidelity", "fast"]);
  const client = newClient(1);
  try {
    await target.prepare(folder);
    const server = await startServer(target, folder, client);
    try {
      const base = new URL(server.url).origin;
      for (let index = 0; index < FUNCTIONS; index++) await createFunctionOf(client, base, `soak-${index}`);
      const memory: number[] = [];
      const { sent, errors } = await drive(base, seconds, (second) => {
        if (second >= memory.length && server.child.pid !== undefined) memory.push(resident(server.child.pid));
      });
      const state = async (): Promise<number> =>
        ((await (await fetch(`${base}/_emulator/state`)).json()) as { queuedEvents: number }).queuedEvents;
      const deadline = performance.now() + 60_000;
      while ((await state()) > 0 && performance.now() < deadline) await wait(100);
      const seen = await logged(base);
      const part = (from: number, to: number): number => {
        const values = memory.slice(Math.floor(memory.length * from), Math.max(1, Math.ceil(memory.length * to)));
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      };
      return {
        sent: sent.size,
        errors,
        lost: [...sent].filter((one) => !seen.has(one)).length,
        twice: [...seen.values()].filter((count) => count > 1).length,
        "memory at a third": part(0.3, 0.4),
        "memory at the end": part(0.9, 1),
        growth: part(0.9, 1) / part(0.3, 0.4),
      };
    } finally {
      await stopServer(server);
    }
  } finally {
    client.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

export const bench: Bench = defineBench({
  name: "soak",
  description:
    `${PER_SECOND} requests a second over ${FUNCTIONS} functions for ten minutes (--scale makes it shorter), half of them asynchronous, sent at their times ` +
    "whatever the answers take. Every accepted event must be in the logs. Memory is the emulator's own; a part of its growth is the index of the log events, 24 bytes each.",
  metrics: [
    { name: "sent", unit: "requests", better: "higher" },
    { name: "errors", unit: "requests", better: "lower" },
    { name: "lost", unit: "events", better: "lower" },
    { name: "twice", unit: "events", better: "lower" },
    { name: "memory at a third", unit: "MB", better: "lower" },
    { name: "memory at the end", unit: "MB", better: "lower" },
    { name: "growth", unit: "×", better: "lower" },
  ],
  rounds: 1,
  peers: [{ name: "emulator, fast", run: async ({ scale }, round) => (round < 0 ? {} : soak(SECONDS * scale)) }],
  goals: [
    { peer: "emulator, fast", metric: "lost", atMost: 0 },
    { peer: "emulator, fast", metric: "errors", atMost: 0 },
    { peer: "emulator, fast", metric: "growth", atMost: 1.5 },
  ],
});
