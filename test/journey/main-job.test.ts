/** The main job from the terminal, on the real emulator, and what is left when it is cut off. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Measurement } from "../../extension/core/measurement.ts";
import type { FusionSetup } from "../../extension/core/setup.ts";
import { alive, canFollow, descendants } from "../e2e/journey/processes.ts";
import { copyOf, fusionize, processesWith, start, until } from "./terminal.ts";

const folders: string[] = [];
const copy = async (app: string): Promise<string> => {
  const folder = await copyOf(app);
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

it("run, optimize --apply, run again: iot gets faster and cheaper, with nothing lost", async () => {
  const app = await copy("iot");
  const measure = async (): Promise<Measurement> => {
    const { code, stdout, stderr } = await fusionize("run", app, "--requests", "12", "--rate", "1", "--json");
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as Measurement;
  };
  const before = await measure();
  expect([before.requests, before.errors, before.lostRecords]).toEqual([12, 0, 0]);
  expect(before.invocationsPerRequest).toBe(11);

  const written = await readFile(join(app, "fusionize.json"), "utf8");
  const looked = await fusionize("optimize", app, "--json");
  expect(looked.code, looked.stderr).toBe(0);
  const { front, suggestion } = JSON.parse(looked.stdout) as {
    front: unknown[];
    suggestion: { setup: FusionSetup; reasons: string[] };
  };
  expect(front.length).toBeGreaterThan(1);
  expect(suggestion.reasons.length).toBeGreaterThan(0);
  expect(await readFile(join(app, "fusionize.json"), "utf8")).toBe(written);

  expect((await fusionize("optimize", app, "--apply", "--json")).code).toBe(0);
  const accepted = JSON.parse(await readFile(join(app, "fusionize.json"), "utf8")) as { functions: FusionSetup };
  expect(accepted.functions["analyzeSensor"]?.inline).toEqual(expect.arrayContaining(["checkSensor", "storeEvent"]));

  const after = await measure();
  expect([after.errors, after.lostRecords]).toEqual([0, 0]);
  expect(after.invocationsPerRequest).toBeLessThan(before.invocationsPerRequest);
  expect(after.latency.p50).toBeLessThan(before.latency.p50);
  expect(after.costPerMillion).toBeLessThan(before.costPerMillion);
  expect(processesWith(app)).toEqual([]);
});

it("a task that throws fails its requests with one message, and nothing else", async () => {
  const app = await copy("tree");
  await writeFile(
    join(app, "src/thrower.ts"),
    'import { task } from "fusionize";\nexport const thrower = task("thrower", async () => {\n  throw new RangeError("too far");\n});\n',
  );
  const { code, stdout, stderr } = await fusionize(
    "run",
    app,
    "--task",
    "thrower",
    "--requests",
    "2",
    "--rate",
    "5",
    "--fidelity",
    "fast",
    "--json",
  );
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as Measurement).errors).toBe(2);
  expect(stderr).toMatch(/2 of 2 requests failed/);
});

it.runIf(canFollow)("a run that is killed leaves no emulator, no instance and no service", async () => {
  const app = await copy("iot");
  const running = start(["run", app, "--requests", "50", "--rate", "2", "--fidelity", "fast"]);
  let said = "";
  running.stderr.on("data", (data) => (said += data));
  running.stdout.resume();
  const ended = new Promise((resolve) => running.once("exit", resolve));
  await until("requests are under way", () => /Request \d/.test(said), 60_000);
  const started = descendants(running.pid ?? -1);
  for (const part of ["dynalite", "emulator"]) expect(started.map(({ command }) => command).join("\n")).toContain(part);
  running.kill("SIGKILL");
  await ended;
  await until("every process of it has ended", () => !started.some(alive));
});
