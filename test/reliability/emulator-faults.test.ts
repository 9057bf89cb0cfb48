/** Faults of the emulator and its instances, injected for real at random moments. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { instanceProcesses, until } from "../conformance/lambda/emulator-process.ts";
import { alive, descendants } from "../e2e/journey/processes.ts";
import { withBench } from "./emulator-under-fault.ts";
import { sending } from "./sending.ts";
import { trial } from "./trial.ts";

const MAIN = join(import.meta.dirname, "../../emulator/main.ts");

trial({
  kind: "fault",
  fault: "SIGKILL of the emulator at a random moment while events pour in",
  holds: "every accepted event is handled after a restart, the log parses, no instance is left, the next invocation works",
  short: 1,
  long: 200,
  limit: 60,
  atOnce: 3,
  run: (_seed, random) =>
    withBench(async (bench) => {
      const load = sending(bench, random);
      await delay(20 + random() * 400);
      const killed = bench.kill();
      await load.stop();
      await killed;
      const before = bench.handled().size;
      await bench.start();
      return `${bench.accepted.length} accepted, ${before} handled before the kill, all after`;
    }),
});

trial({
  kind: "fault",
  fault: "SIGKILL of a random instance, busy or not, while events pour in",
  holds: "the event is tried again, every accepted one is handled, the next invocation works",
  short: 1,
  long: 200,
  limit: 60,
  atOnce: 3,
  run: (_seed, random) =>
    withBench(async (bench) => {
      const load = sending(bench, random);
      let kills = 0;
      for (let index = 0; index < 3; index += 1) {
        await delay(20 + random() * 150);
        const pids = instanceProcesses(bench.data);
        const pid = pids[Math.floor(random() * pids.length)];
        if (pid === undefined) continue;
        try {
          process.kill(pid, "SIGKILL");
          kills += 1;
        } catch {
          // It ended by itself in between.
        }
      }
      await load.stop();
      return `${kills} instances killed, ${bench.accepted.length} accepted`;
    }),
});

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Bytes that a crash may cut off: what was written last, of at most three requests. */
const CUT = 400;
const REQUESTS = 10;

trial({
  kind: "fault",
  fault: "the log's files cut at a random byte, or ended by random bytes, as a crash of the machine may leave them",
  holds: "the emulator starts, what is readable is whole, the next invocation works and is logged",
  short: 1,
  long: 60,
  limit: 60,
  atOnce: 3,
  run: (_seed, random) =>
    withBench(async (bench) => {
      for (let index = 0; index < REQUESTS; index += 1) await bench.send(0);
      await bench.check();
      // A kill may cost what was logged in the last moments, which is not this trial's matter.
      const onDisk = () => files(join(bench.data, "logs")).some((path) => readFileSync(path).includes("handled -1"));
      await until("the log is on disk", onDisk);
      await bench.kill();
      const logs = files(join(bench.data, "logs")).filter((path) => statSync(path).size > 0);
      const path = logs[Math.floor(random() * logs.length)];
      if (path === undefined) throw new Error("no file of the log has anything in it");
      const size = statSync(path).size;
      if (random() < 0.5) truncateSync(path, size - Math.ceil(random() * Math.min(size, CUT)));
      else
        writeFileSync(
          path,
          Buffer.concat([readFileSync(path), Buffer.from(Array.from({ length: 40 }, () => Math.floor(random() * 256)))]),
        );
      await bench.start();
      // The group is there again with its next event, however its settings were spoilt.
      await bench.send(0);
      await bench.check();
      const kept = (await bench.logged()).filter((line) => /handled \d+$/.test(line)).length - 1;
      if (kept < REQUESTS - 3) throw new Error(`${kept} of ${REQUESTS} requests are left in the log`);
      return `${path.endsWith(".log") ? "a segment" : "the settings"} of ${size} bytes spoilt, ${kept} of ${REQUESTS} requests left`;
    }),
});

trial({
  kind: "fault",
  fault: "SIGKILL of an emulator that keeps its data in a temporary folder, at a random moment of its life",
  holds: "no process and no folder is left",
  short: 1,
  long: 60,
  limit: 30,
  atOnce: 3,
  skip: process.platform === "linux" ? undefined : "processes are followed on Linux only",
  run: async (_seed, random) => {
    const place = mkdtempSync(join(tmpdir(), "reliability-tmp-"));
    const child = spawn(process.execPath, [MAIN, "--fidelity", "fast"], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, TMPDIR: place },
    });
    try {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      const ready = new Promise((resolve) => child.stdout.once("data", resolve));
      if (random() < 0.7) await Promise.race([ready, exited]);
      await delay(random() * 300);
      const started = descendants(child.pid!);
      child.kill("SIGKILL");
      await exited;
      await until("its processes have ended", () => !started.some(alive));
      await until("its folder is gone", () => readdirSync(place).length === 0);
      return `${started.length} processes ended with it`;
    } finally {
      child.kill("SIGKILL");
      rmSync(place, { recursive: true, force: true });
    }
  },
});
