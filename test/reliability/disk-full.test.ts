/** A disk that is really full: a tmpfs of a few megabytes, filled to the last byte and emptied again. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { withBench, type Bench } from "./emulator-under-fault.ts";
import { sending } from "./sending.ts";
import { SmallDisk, whyNoSmallDisk } from "./small-disk.ts";
import { trial } from "./trial.ts";

const skip = whyNoSmallDisk();

async function onSmallDisk(megabytes: number, run: (disk: SmallDisk) => Promise<string>): Promise<string> {
  const disk = SmallDisk.make(megabytes);
  try {
    return await run(disk);
  } finally {
    disk.remove();
  }
}

const memoryOf = async ({ emulator }: Bench): Promise<number> =>
  (await emulator.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "noting" }))).MemorySize ?? 0;

trial({
  kind: "fault",
  fault:
    "a full disk below the emulator while events pour in and its function is configured, then room again, then SIGKILL and a restart",
  holds:
    "the emulator stays up, refuses what it cannot keep, loses no accepted event, and says after the restart what it said before",
  short: 1,
  long: 60,
  limit: 60,
  atOnce: 3,
  skip,
  run: (_seed, random) =>
    onSmallDisk(12, (disk) =>
      withBench(
        async (bench) => {
          const load = sending(bench, random);
          await delay(random() * 200);
          disk.fill(random() < 0.5 ? 0 : Math.floor(random() * 8_192));
          const full = bench.accepted.length;
          let refused = 0;
          for (let index = 0; index < 3; index += 1) {
            await delay(random() * 60);
            const change = new UpdateFunctionConfigurationCommand({ FunctionName: "noting", MemorySize: 256 + index });
            await bench.emulator.lambda.send(change).catch(() => (refused += 1));
          }
          const meanwhile = bench.accepted.length - full;
          disk.free();
          await delay(random() * 100);
          await load.stop();
          if (bench.emulator.process.exitCode !== null) throw new Error("the emulator has ended");
          await bench.check();
          const before = await memoryOf(bench);
          await bench.kill();
          await bench.start();
          const after = await memoryOf(bench);
          if (after !== before) throw new Error(`${before} MB before the restart, ${after} MB after it`);
          return `${refused} of 3 changes refused, ${meanwhile} of ${bench.accepted.length} events accepted while it was full, all handled`;
        },
        { data: disk.sub("data") },
      ),
    ),
});

trial({
  kind: "fault",
  fault: "SIGKILL of the emulator on a full disk, and a start while it is still full",
  holds: "the start says why in one line, or works; with room again it starts and every accepted event is handled",
  short: 1,
  long: 40,
  limit: 60,
  atOnce: 3,
  skip,
  run: (_seed, random) =>
    onSmallDisk(12, (disk) =>
      withBench(
        async (bench) => {
          const load = sending(bench, random);
          await delay(50 + random() * 200);
          disk.fill(Math.floor(random() * 4_096));
          await delay(random() * 100);
          const killed = bench.kill();
          await load.stop();
          await killed;
          const entry = join(import.meta.dirname, "../../emulator/main.ts");
          const tried = spawnSync(process.execPath, [entry, "--stdin", "--data", bench.data, "--fidelity", "fast"], {
            input: "",
            encoding: "utf8",
            timeout: 20_000,
          });
          if (tried.status !== 0 && !/^The data folder cannot be used: ENOSPC[^\n]*\n$/.test(tried.stderr))
            throw new Error(`status ${tried.status}: ${tried.stderr.slice(0, 300)}`);
          disk.free();
          await bench.start();
          return `the start on the full disk ${tried.status === 0 ? "worked" : `said: ${tried.stderr.trim().slice(0, 60)}…`}`;
        },
        { data: disk.sub("data") },
      ),
    ),
});

const APPLICATION = new URL("../../extension/application/", import.meta.url).href;
const WRITER = `
import { loadApp } from ${JSON.stringify(`${APPLICATION}app.ts`)};
import { writeSetup } from ${JSON.stringify(`${APPLICATION}accept.ts`)};
const app = await loadApp(process.argv[1]);
await writeSetup(app, { a: { memory: 1769, inline: ["b"] } });`;

trial({
  kind: "fault",
  fault: "accepting a setup on a full disk, with a random number of bytes left",
  holds:
    "fusionize.json is the old one or the new one, to the byte, and says which by the command's end; with room the next try works",
  short: 1,
  long: 60,
  limit: 30,
  atOnce: 3,
  skip,
  run: (_seed, random) =>
    onSmallDisk(1, async (disk) => {
      const app = disk.sub("app");
      const file = join(app, "fusionize.json");
      const old = `{\n  // kept\n  "app": "demo",\n  "functions": { "a": { "memory": 128 } }\n}\n`;
      writeFileSync(file, old);
      const write = () =>
        spawnSync(process.execPath, ["--input-type=module", "--no-warnings", "-e", WRITER, app], { encoding: "utf8" });
      disk.fill(random() < 0.7 ? 0 : Math.floor(random() * 16_384));
      const { status } = write();
      const text = readFileSync(file, "utf8");
      if (status !== 0 && text !== old) throw new Error(`the command failed and left: ${JSON.stringify(text)}`);
      if (status === 0 && !text.includes('"memory": 1769'))
        throw new Error(`the command succeeded and left: ${JSON.stringify(text)}`);
      disk.free();
      const again = write();
      if (again.status !== 0) throw new Error(`with room again: ${again.stderr.slice(-300)}`);
      if (!readFileSync(file, "utf8").includes('"memory": 1769')) throw new Error("the next try did not write");
      const left = readdirSync(app).filter((name) => name !== "fusionize.json" && name !== ".fusionize");
      if (left.length > 0) throw new Error(`left beside it: ${left.join(", ")}`);
      return status === 0 ? "written with what was left" : "refused, the old file whole";
    }),
});
