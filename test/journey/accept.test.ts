/** Guarded acceptance and the scheduler on the real emulator, with an app small enough to be compared in seconds. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  acceptGuarded,
  type AcceptanceOptions,
  type Accepted,
  type SetupFile,
} from "../../extension/application/acceptance/accept-guarded.ts";
import { awsStage, localStage } from "../../extension/application/acceptance/stages.ts";
import { writeSetup } from "../../extension/application/accept.ts";
import { loadApp } from "../../extension/application/app.ts";
import { readAcceptances, readHistory } from "../../extension/application/history.ts";
import { startLocal } from "../../extension/application/local-run.ts";
import { monitorLocal } from "../../extension/application/scheduler/monitor.ts";
import type { SchedulerEvent } from "../../extension/application/scheduler/scheduler.ts";
import type { LocalRun } from "../../extension/application/types.ts";
import type { FusionSetup } from "../../extension/core/setup.ts";
import { root } from "./terminal.ts";

const SOURCE = `import { task } from "fusionize";
export const leaf = task("leaf", async (n: number) => n + 1);
export const top = task("top", async (n: number) => {
  let sum = n;
  for (let i = 0; i < 4; i++) sum = await leaf(sum);
  return sum;
});
`;
const CONFIG = `{
  // What is written here stays.
  "app": "small",
  "tasks": ["src/**/*.ts"],
  "goal": "latency"
}
`;
const FUSED: FusionSetup = { top: { memory: 128, inline: ["leaf"] } };

let folder: string;
let running: LocalRun;
const text = (): Promise<string> => readFile(join(folder, "fusionize.json"), "utf8");
const file: SetupFile = {
  current: async () => (await loadApp(folder)).setup,
  write: async (setup) => writeSetup(await loadApp(folder), setup),
};
/** This machine may be busy with other tests: what the probe does is tested by itself. */
const calm = () => ({ stop: () => ({ busy: 0, late: 0, saturated: false }) });
const options: AcceptanceOptions = {
  events: [{ task: "top", event: 1 }],
  rate: 200,
  blockRequests: 20,
  mostRequests: 1_200,
  probe: calm,
};

async function accept(setup: FusionSetup, more: Partial<AcceptanceOptions> = {}, stage = localStage(running)): Promise<Accepted> {
  const app = await loadApp(folder);
  await file.write(setup);
  return acceptGuarded(app, setup, stage, file, { ...options, ...more });
}

beforeAll(async () => {
  await mkdir(join(root, "test/artifacts"), { recursive: true });
  folder = await mkdtemp(join(root, "test/artifacts/small-"));
  await mkdir(join(folder, "src"));
  await writeFile(join(folder, "src/tasks.ts"), SOURCE);
  await writeFile(join(folder, "fusionize.json"), CONFIG);
  running = await startLocal(await loadApp(folder), { fidelity: "fast" });
});
afterAll(async () => {
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a setup that was accepted", () => {
  it("stays when it proves better, with its evidence, its effect from fresh requests, and what was measured kept", async () => {
    const { acceptance, comparison, measurements, file: outcome } = await accept(FUSED);
    expect([acceptance.verdict, outcome]).toEqual(["better", "kept"]);
    expect(comparison.verdict.evidence.goal.below).toBeGreaterThan(20);
    expect(comparison.fresh!.latency).toBeLessThan(-0.2);
    expect(measurements.new.latency.mean).toBeLessThan(measurements.old.latency.mean);
    expect([measurements.old.lostRecords, measurements.new.lostRecords]).toEqual([0, 0]);
    expect([measurements.old.invocationsPerRequest, measurements.new.invocationsPerRequest]).toEqual([5, 1]);
    const app = await loadApp(folder);
    expect(app.setup).toEqual(FUSED);
    expect(await text()).toContain("// What is written here stays.");
    expect((await readAcceptances(app)).map(({ verdict }) => verdict)).toEqual(["better"]);
    const kept = (await readHistory(app)).map(({ measurement }) => measurement.setupId);
    expect(kept).toEqual([acceptance.old.setupId, acceptance.new.setupId]);
  });

  it("is rolled back when it is worse: the file has every byte of before, and requests go to the old setup", async () => {
    const before = await text();
    const { acceptance, file: outcome } = await accept({});
    expect([acceptance.verdict, outcome]).toEqual(["worse", "restored"]);
    expect(await text()).toBe(before);
    const { measurement } = await running.workload({ requests: 5, rate: 50, events: options.events, keep: false });
    expect(measurement.invocationsPerRequest).toBe(1);
  });

  it("is left alone where the file was edited meanwhile", async () => {
    const edited: FusionSetup = { top: { memory: 256, inline: ["leaf"] } };
    const { acceptance, file: outcome } = await accept(
      {},
      {
        progress: (message) => void (message.startsWith("Comparing: pair 2") && writing.push(file.write(edited))),
      },
    );
    await Promise.all(writing);
    expect([acceptance.verdict, outcome]).toEqual(["worse", "edited meanwhile"]);
    expect((await loadApp(folder)).setup).toEqual(edited);
    await file.write(FUSED);
  });
  const writing: Promise<void>[] = [];

  it("is rolled back as well when the comparison is cancelled", async () => {
    const before = await text();
    const cancel = new AbortController();
    const stopped = accept(
      {},
      {
        signal: cancel.signal,
        progress: (message) => void (message.startsWith("Comparing: pair 2") && cancel.abort(new Error("cancelled"))),
      },
    );
    await expect(stopped).rejects.toThrow("cancelled");
    expect(await text()).toBe(before);
  });

  it("has its file back even when the old setup cannot be deployed any more", async () => {
    const before = await text();
    const cancel = new AbortController();
    const stage = localStage(running);
    const failing: typeof stage = {
      ...stage,
      deploy: (app, work) => (cancel.signal.aborted ? Promise.reject(new Error("no longer running")) : stage.deploy(app, work)),
    };
    const progress = (message: string) => void (message.startsWith("Comparing: pair 2") && cancel.abort(new Error("cancelled")));
    await expect(accept({}, { signal: cancel.signal, progress }, failing)).rejects.toThrow("no longer running");
    expect(await text()).toBe(before);
    await running.deploy(await loadApp(folder));
  });

  // Logs are read at the pace that CloudWatch allows: half a minute.
  it.runIf(process.env["FUSIONIZE_LONG"])(
    "is compared by the same code on a target of AWS's kind, both setups at once",
    async () => {
      const stage = awsStage({ ...running.target, kind: "aws", stage: "side" });
      try {
        const app = await loadApp(folder);
        const { acceptance, comparison } = await acceptGuarded({ ...app, setup: {} }, FUSED, stage, file, {
          ...options,
          mostRequests: 640,
        });
        expect([acceptance.target, acceptance.verdict]).toEqual(["aws", "better"]);
        // A block of each setup carries that setup's id in every record, or it would be void.
        expect(comparison.voids).toEqual({ old: [], new: [] });
      } finally {
        await stage.stop();
      }
    },
  );
});

it("runs in the region that its functions are told", async () => {
  await running.deploy(await loadApp(folder));
  const { region, credentials } = running.target;
  const lambda = new LambdaClient({ region, endpoint: running.endpoint, ...(credentials && { credentials }) });
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand());
  lambda.destroy();
  expect(Functions.length).toBeGreaterThan(0);
  for (const { FunctionArn } of Functions) expect(FunctionArn?.split(":")[3]).toBe(region);
});

it("looks at the running app now and then, sends nothing between, and stops with its signal", async () => {
  const app = await loadApp(folder);
  await running.deploy(app);
  const end = new AbortController();
  const events: SchedulerEvent[] = [];
  const monitoring = monitorLocal(
    app,
    running,
    { rate: 200, events: options.events },
    {
      everyMs: 50,
      blockRequests: 20,
      signal: end.signal,
      busy: () => (events.length < 2 ? "a workload runs" : undefined),
      onEvent(event) {
        events.push(event);
        if (event.kind === "looked" || event.kind === "void" || events.length > 200) end.abort(new Error("seen enough"));
      },
      onRound: () => {},
    },
  );
  await expect(monitoring).rejects.toThrow("seen enough");
  expect(events.slice(0, 2)).toEqual([
    { kind: "put off", reason: "a workload runs" },
    { kind: "put off", reason: "a workload runs" },
  ]);
  expect(await text()).toContain("// What is written here stays.");
});
