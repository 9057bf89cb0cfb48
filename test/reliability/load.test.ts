/** The emulator at the edge. Memory bounds are of the emulator's own process, resident. */
import { readFileSync } from "node:fs";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import {
  createFunction,
  handlerZip,
  logLines,
  startEmulatorProcess,
  until,
  type EmulatorProcess,
} from "../conformance/lambda/emulator-process.ts";
import { trial } from "./trial.ts";

/** MB resident; 0 where the system does not say. */
function resident({ process: { pid } }: EmulatorProcess): number {
  if (process.platform !== "linux") return 0;
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
}

async function withEmulator(
  run: (emulator: EmulatorProcess, bound: (limit: number) => string) => Promise<string>,
  ...more: string[]
): Promise<string> {
  const emulator = await startEmulatorProcess("--fidelity", "fast", "--retry-scale", "0.002", ...more);
  let most = 0;
  const watching = setInterval(() => (most = Math.max(most, resident(emulator))), 100);
  try {
    return await run(emulator, (limit) => {
      if (most > limit) throw new Error(`the emulator took ${most.toFixed(0)} MB, more than ${limit}`);
      return `${most.toFixed(0)} MB at most, ${limit} allowed`;
    });
  } finally {
    clearInterval(watching);
    await emulator.stop();
  }
}

const pending = async ({ endpoint }: EmulatorProcess): Promise<number> =>
  ((await (await fetch(`${endpoint}/_emulator/state`)).json()) as { queuedEvents: number }).queuedEvents;

trial({
  kind: "load",
  fault: "10,000 asynchronous events at once (1,000 in the short form)",
  holds: "each is handled exactly as often as its REPORT lines say, and memory is bounded",
  short: 1,
  long: 1,
  limit: 300,
  run: () =>
    withEmulator(
      async (emulator, bound) => {
        const count = process.env["FUSIONIZE_LONG"] === "1" ? 10_000 : 1_000;
        await createFunction(emulator.lambda, "echo", handlerZip("return event;"));
        let next = 0;
        await Promise.all(
          Array.from({ length: 50 }, async () => {
            while (next < count) {
              const n = next++;
              await emulator.lambda.send(
                new InvokeCommand({ FunctionName: "echo", InvocationType: "Event", Payload: JSON.stringify({ n }) }),
              );
            }
          }),
        );
        await until("the queue is empty", async () => (await pending(emulator)) === 0, 250);
        const reports = (await logLines(emulator.logs, "echo")).filter((line) => line.startsWith("REPORT")).length;
        if (reports !== count) throw new Error(`${reports} REPORT lines for ${count} events`);
        return `${count} events; ${bound(400)}`;
      },
      "--max-instances",
      "20",
    ),
});

trial({
  kind: "load",
  fault: "200 slow requests at once",
  holds: "all are answered, on at most as many instances as the machine is asked to hold",
  short: 1,
  long: 3,
  limit: 120,
  run: () =>
    withEmulator(
      async (emulator, bound) => {
        await createFunction(
          emulator.lambda,
          "slow",
          handlerZip("await new Promise((r) => setTimeout(r, 500)); return event.n;"),
          { Timeout: 60 },
        );
        const answers = await Promise.all(
          Array.from({ length: 200 }, async (_, n) => {
            const { Payload } = await emulator.lambda.send(
              new InvokeCommand({ FunctionName: "slow", Payload: JSON.stringify({ n }) }),
            );
            return Number(Buffer.from(Payload!).toString()) === n;
          }),
        );
        if (!answers.every(Boolean)) throw new Error("an answer went to the wrong caller");
        return bound(400);
      },
      "--max-instances",
      "40",
    ),
});

trial({
  kind: "load",
  fault: "100 functions, each invoked (20 in the short form)",
  holds: "every one answers with its own name, and memory is bounded",
  short: 1,
  long: 1,
  limit: 240,
  run: () =>
    withEmulator(
      async (emulator, bound) => {
        const count = process.env["FUSIONIZE_LONG"] === "1" ? 100 : 20;
        const zip = handlerZip("return process.env.AWS_LAMBDA_FUNCTION_NAME;");
        for (let n = 0; n < count; n += 1) {
          await createFunction(emulator.lambda, `f${n}`, zip);
          const { Payload } = await emulator.lambda.send(new InvokeCommand({ FunctionName: `f${n}` }));
          const name = JSON.parse(Buffer.from(Payload!).toString()) as string;
          if (name !== `f${n}`) throw new Error(`f${n} answered as ${name}`);
        }
        return `${count} functions; ${bound(400)}`;
      },
      "--max-instances",
      "40",
    ),
});

trial({
  kind: "load",
  fault: "a function that floods its log with 100 MB (10 MB in the short form)",
  holds: "every line is in the log, and memory is bounded",
  short: 1,
  long: 1,
  limit: 240,
  run: () =>
    withEmulator(async (emulator, bound) => {
      const megabytes = process.env["FUSIONIZE_LONG"] === "1" ? 100 : 10;
      const lines = megabytes * 100;
      const body = `const text = "x".repeat(10_000);
        for (let n = 0; n < event.lines; n += 1) { console.log(n + " " + text); if (n % 50 === 0) await new Promise((r) => setImmediate(r)); }`;
      await createFunction(emulator.lambda, "flood", handlerZip(body), { Timeout: 120 });
      await emulator.lambda.send(new InvokeCommand({ FunctionName: "flood", Payload: JSON.stringify({ lines }) }));
      const found = (await logLines(emulator.logs, "flood")).filter((line) => line.endsWith("xxxx")).length;
      if (found !== lines) throw new Error(`${found} of ${lines} lines are in the log`);
      return `${lines} lines of 10 kB; ${bound(500)}`;
    }),
});
