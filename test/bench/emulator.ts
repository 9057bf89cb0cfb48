import { readFileSync } from "node:fs";
import { type Bench, type Peer, type Surroundings, defineBench } from "./bench.ts";
import { load, newClient, timedCall } from "./emulator-peers/client.ts";
import { type Server, type Target, startServer, stopServer } from "./emulator-peers/server.ts";
import { bareServer, emulator, lambdaLocal, plainTrial, serverlessOffline } from "./emulator-peers/targets.ts";
import { percentile } from "./harness/statistics.ts";

const EVENT = JSON.stringify({ hello: "world", n: 12_345 });
const MEGABYTE = JSON.stringify("x".repeat(1_048_574));
/** How long the function sleeps when many are started at once, in ms. */
const SLEEP_MS = 300;
const AT_ONCE = 50;

async function timesOf(url: string, body: string, expected: string, count: number): Promise<number[]> {
  const client = newClient(1);
  const times: number[] = [];
  try {
    for (let index = 0; index < count; index++) times.push(await timedCall(client, url, body, expected));
  } finally {
    client.destroy();
  }
  return times;
}

/** Time until requests that came at once, each for a function that sleeps, are all answered. */
async function burst(url: string, body: string, expected: string, count: number): Promise<number> {
  const client = newClient(count);
  const start = performance.now();
  try {
    await Promise.all(Array.from({ length: count }, () => timedCall(client, url, body, expected)));
  } finally {
    client.destroy();
  }
  return performance.now() - start;
}

/** What the first request of a new instance takes beyond one of a warm instance, in ms, with a process ready ahead of need; median of nine. Only of our own emulator. */
async function newInstance({ url }: Server): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 9; count++) {
    await fetch(new URL("/_emulator/reset-instances", url), { method: "POST" });
    // Time for the emulator to have another process ready.
    await new Promise((resolve) => setTimeout(resolve, 400));
    const [cold = 0, ...warm] = await timesOf(url, EVENT, EVENT, 6);
    times.push(cold - percentile(warm, 50));
  }
  return percentile(times, 50);
}

/** Private memory of an idle instance in MB, meaned over all; only of our own emulator, which says which processes they are. */
async function instanceMemory({ url }: Server): Promise<number | undefined> {
  if (process.platform !== "linux") return undefined;
  const answer = await fetch(new URL("/_emulator/state", url));
  if (!answer.ok) return undefined;
  const state = (await answer.json()) as { functions: { instances: { pid: number }[] }[] };
  const pids = state.functions.flatMap(({ instances }) => instances.map(({ pid }) => pid));
  return pids.reduce((sum, pid) => sum + privateMegabytes(pid), 0) / pids.length;
}

function privateMegabytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return [...text.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce((sum, [, size]) => sum + Number(size), 0) / 1024;
}

async function round(target: Target, { folder, scale }: Surroundings): Promise<Record<string, number>> {
  const client = newClient(1);
  const amount = (count: number): number => Math.max(10, Math.round(count * scale));
  const started = performance.now();
  const server = await startServer(target, folder, client);
  const values: Record<string, number> = { "start to first": performance.now() - started };
  try {
    const { url } = server;
    const body = target.body(EVENT);
    await timesOf(url, body, EVENT, amount(300));
    const times = await timesOf(url, body, EVENT, amount(2_000));
    values["p50"] = percentile(times, 50);
    values["p99"] = percentile(times, 99);
    for (const clients of [8, 32]) {
      await load(url, body, EVENT, clients, amount(50 * clients));
      values[`rate ${clients}`] = (await load(url, body, EVENT, clients, amount(4_000))).rate;
    }
    const large = await timesOf(url, target.body(MEGABYTE), MEGABYTE, amount(20));
    values["1 MB"] = percentile(large, 50);
    const reset = target.name.startsWith("emulator") ? await newInstance(server) : undefined;
    if (reset !== undefined) values["new instance"] = reset;
    if (target.scalesOut) {
      const sleeping = JSON.stringify({ sleep: SLEEP_MS });
      values["50 at once"] = await burst(url, target.body(sleeping), sleeping, AT_ONCE);
    }
    const memory = target.name.startsWith("emulator") ? await instanceMemory(server) : undefined;
    if (memory !== undefined) values["memory"] = memory;
    return values;
  } finally {
    client.destroy();
    await stopServer(server);
  }
}

const peer = (target: Target): Peer => ({
  name: target.name,
  setup: async ({ folder }) => target.prepare(folder),
  run: async (surroundings) => round(target, surroundings),
});

const BARE = bareServer();
const TRIAL = plainTrial();
const FAST = emulator("emulator, fast", ["--fidelity", "fast"]);
const FROZEN = emulator("emulator, fast, frozen when idle and with CPU quota", [
  "--fidelity",
  "fast",
  "--freeze",
  "on",
  "--cpu",
  "auto",
]);
const OFFLINE = serverlessOffline("serverless-offline, worker threads", []);

export const bench: Bench = defineBench({
  name: "emulator",
  description:
    "A function that gives its event back, called over HTTP with kept connections; each target is started anew in every round. The bare server is the floor: " +
    "an HTTP server that does what the function does, without isolation; the plain trial is the floor of a process for each instance.",
  metrics: [
    { name: "start to first", unit: "ms", better: "lower" },
    { name: "p50", unit: "ms", better: "lower" },
    { name: "p99", unit: "ms", better: "lower" },
    { name: "rate 8", unit: "calls/s", better: "higher" },
    { name: "rate 32", unit: "calls/s", better: "higher" },
    { name: "1 MB", unit: "ms", better: "lower" },
    { name: "new instance", unit: "ms", better: "lower" },
    { name: "50 at once", unit: "ms", better: "lower" },
    { name: "memory", unit: "MB", better: "lower" },
  ],
  rounds: 5,
  peers: [
    BARE,
    TRIAL,
    FAST,
    FROZEN,
    OFFLINE,
    serverlessOffline("serverless-offline, in process", ["--useInProcess"]),
    lambdaLocal(),
  ].map(peer),
  goals: [
    { peer: FAST.name, metric: "p50", of: BARE.name, atMost: 1.5 },
    { peer: FAST.name, metric: "p50", of: OFFLINE.name, atMost: 0.5 },
    { peer: FAST.name, metric: "rate 8", of: OFFLINE.name, atLeast: 1.2 },
    { peer: FAST.name, metric: "rate 32", of: OFFLINE.name, atLeast: 1.2 },
    { peer: FAST.name, metric: "rate 8", of: TRIAL.name, atLeast: 0.8 },
    { peer: FAST.name, metric: "rate 32", of: TRIAL.name, atLeast: 0.8 },
    { peer: FAST.name, metric: "new instance", atMost: 5 },
    { peer: FAST.name, metric: "50 at once", of: OFFLINE.name, atMost: 0.5 },
    { peer: FAST.name, metric: "1 MB", of: BARE.name, atMost: 5 },
    { peer: FAST.name, metric: "start to first", atMost: 150 },
    { peer: FAST.name, metric: "memory", atMost: 25 },
  ],
});
