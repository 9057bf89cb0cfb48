/** Clocks that jump: by hours and days, forward and back, while events wait and run. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { until } from "../conformance/lambda/emulator-process.ts";
import { withBench } from "./emulator-under-fault.ts";
import { sending } from "./sending.ts";
import { trial } from "./trial.ts";

const DAY = 86_400_000;
const MODULE = new URL("shifted-clock.ts", import.meta.url).href;

trial({
  kind: "fault",
  fault:
    "the clock of emulator and instances jumps three times by up to a day, forward or back, while events pour in and wait for their next attempt, then SIGKILL and a restart",
  holds: "every accepted event is handled, none as too old; durations in REPORT are real; nothing waits for the jump to be over",
  short: 1,
  long: 60,
  limit: 60,
  atOnce: 3,
  run: async (_seed, random) => {
    const folder = mkdtempSync(join(tmpdir(), "reliability-clock-"));
    const file = join(folder, "shift");
    const jumps: number[] = [];
    const jump = (): void => {
      const shift = Math.round((random() * 2 - 1) * DAY);
      jumps.push(shift);
      writeFileSync(file, String(shift));
    };
    const preload = `${MODULE}?file=${encodeURIComponent(file)}`;
    try {
      return await withBench(
        async (bench) => {
          const change = { FunctionName: "noting", Environment: { Variables: { NODE_OPTIONS: `--import=${preload}` } } };
          await bench.emulator.lambda.send(new UpdateFunctionConfigurationCommand(change));
          const load = sending(bench, random, { fail: 0.2 });
          for (let index = 0; index < 3; index += 1) {
            await delay(40 + random() * 120);
            jump();
          }
          await delay(random() * 60);
          const killed = bench.kill();
          await load.stop();
          await killed;
          if (random() < 0.5) jump();
          await bench.start();
          await bench.check();
          const durations = (await bench.logged()).flatMap((line) => /^REPORT .*?\tDuration: (\S+) ms/.exec(line)?.[1] ?? []);
          const odd = durations.find((duration) => !(Number(duration) >= 0 && Number(duration) < 20_000));
          if (odd !== undefined) throw new Error(`a REPORT line says ${odd} ms`);
          await until("the log is on disk", () => durations.length > 0);
          const hours = jumps.map((shift) => `${(shift / 3_600_000).toFixed(1)} h`).join(", ");
          return `clock at ${hours}; ${bench.accepted.length} accepted, ${durations.length} runs, longest ${Math.max(...durations.map(Number)).toFixed(0)} ms`;
        },
        { node: ["--import", preload] },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});
