import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loadApp } from "../../../extension/application/app.ts";

vi.mock("vscode", () => ({}));
const { writeSample } = await import("../../../extension/vscode/features/setup/sample.ts");

const root = join(import.meta.dirname, "../../..");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fusionize-sample-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!existsSync(join(root, "dist/types")))("the sample app", () => {
  it("is found without a fault: tasks, calls and events", async () => {
    await writeSample(root, folder);
    const app = await loadApp(folder);
    expect(app.diagnostics).toEqual([]);
    expect(app.graph.tasks.filter(({ entry }) => entry).map(({ name }) => name)).toEqual(["checkout"]);
    expect(app.graph.calls.map(({ from, to, kind }) => `${from} ${kind} ${to}`).sort()).toEqual([
      "checkout async receipt",
      "checkout sync payment",
      "checkout sync price",
      "checkout sync stock",
      "receipt sync render",
    ]);
    expect(existsSync(join(folder, "events/checkout/two-items.json"))).toBe(true);
    expect(await readFile(join(folder, ".gitignore"), "utf8")).toContain("node_modules");
  });

  it("compiles with the library's own declarations, and has typed calls", async () => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const run = promisify(execFile)(process.execPath, [
      compiler,
      "-p",
      folder,
      "--types",
      "node",
      "--typeRoots",
      join(root, "node_modules/@types"),
    ]);
    await expect(
      run.then(
        ({ stdout }) => stdout,
        (error: { stdout: string }) => error.stdout,
      ),
    ).resolves.toBe("");
  });
});
