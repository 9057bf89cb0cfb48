/** Exit codes, JSON answers and messages of the terminal tool. */
import { createServer } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { copyOf, fusionize } from "./terminal.ts";

const folders: string[] = [];
const copy = async (app: string): Promise<string> => {
  const folder = await copyOf(app);
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe("wrong usage exits 2 and writes nothing to standard output", () => {
  it.each([
    [[]],
    [["nope"]],
    [["graph"]],
    [["graph", "test/apps/iot", "--wat"]],
    [["graph", "test/apps/iot", "more"]],
    [["graph", "test/apps/iot", "--json", "--dot"]],
    [["run", "test/apps/iot", "--requests", "x"]],
    [["run", "test/apps/iot", "--fidelity", "slow"]],
    [["run", "test/apps/iot", "--port", "1"]],
    [["emulator", "--port", "70000"]],
    [["optimize"]],
    [["optimize", "test/apps/iot", "--goal", "best"]],
    [["accept"]],
    [["accept", "test/apps/iot", "--region", "eu-central-1"]],
    [["monitor", "test/apps/iot", "--every", "0"]],
    [["monitor", "test/apps/iot", "--target", "aws", "--rate", "1"]],
  ])("%j", async (args) => {
    const { code, stdout, stderr } = await fusionize(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).not.toBe("");
  });
});

describe("graph", () => {
  it("prints one JSON document with tasks, calls, setup and diagnostics", async () => {
    const { code, stdout } = await fusionize("graph", "test/apps/iot", "--json");
    expect(code).toBe(0);
    const answer = JSON.parse(stdout) as {
      app: string;
      tasks: unknown[];
      calls: { from: string; to: string; kind: string }[];
      setup: object;
    };
    expect([answer.app, answer.tasks.length, answer.calls.length]).toEqual(["iot", 10, 10]);
    expect(answer.calls).toContainEqual(expect.objectContaining({ from: "checkAir", to: "actionSignage", kind: "async" }));
    expect(Object.keys(answer.setup)).toHaveLength(10);
  });

  it("names the place where fusionize.json is broken, and prints the graph all the same", async () => {
    const app = await copy("tree");
    await writeFile(join(app, "fusionize.json"), '{ "app": "tree", "functions": { "A": { "memory": "big" } } }');
    const { code, stdout, stderr } = await fusionize("graph", app, "--json");
    expect(code).toBe(1);
    expect(stderr).toMatch(/fusionize\.json:1:\d+ error: .*memory/is);
    expect((JSON.parse(stdout) as { tasks: unknown[] }).tasks).toHaveLength(7);
  });

  it("names the source that does not parse, and keeps the other tasks", async () => {
    const app = await copy("tree");

    await writeFile(join(app, "src/broken.ts"), "export const x = task(");
    const { code, stdout, stderr } = await fusionize("graph", app, "--json");
    expect(code).toBe(1);
    expect(stderr).toMatch(/src\/broken\.ts:\d+:\d+ error/);
    expect((JSON.parse(stdout) as { tasks: unknown[] }).tasks).toHaveLength(7);
  });
});

describe("failures exit 1 with one sentence and the next step", () => {
  it("nothing measured yet", async () => {
    const { code, stdout, stderr } = await fusionize("optimize", await copy("tree"), "--json");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/Nothing is measured yet.*\n→ Run a workload first/);
  });

  it("a taken port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const { code, stdout, stderr } = await fusionize("emulator", "--port", String(port));
    server.close();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(String(port));
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("a folder without an app", async () => {
    const empty = await mkdtemp(join(tmpdir(), "fusionize-empty-"));
    folders.push(empty);
    const { code, stderr } = await fusionize("run", empty);
    expect(code).toBe(1);
    expect(stderr).toMatch(/No task definitions were found/);
  });
});
