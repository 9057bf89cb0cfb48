/** The parts of a run: one for each file of trials here, and those that other layers hold. Each may be run alone. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { linkedRows, type VitestReport } from "./linked/rows.ts";
import { linkedFiles } from "./linked/tests.ts";
import type { Outcome } from "./outcome.ts";

export const ROOT = join(import.meta.dirname, "../..");
const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");

export interface Surroundings {
  long: boolean;
  /** File that rows are written to, one a line. */
  outcomes: string;
  /** Folder for what a part needs besides. */
  scratch: string;
}

/** Runs the part. @returns the exit code; rows are in the file of outcomes, or returned. */
type Part = (around: Surroundings) => Promise<{ code: number; rows?: Outcome[] }>;

function run(args: string[], { long, outcomes }: Surroundings): Promise<number> {
  const child = spawn(process.execPath, ["--no-warnings", ...args], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, FUSIONIZE_LONG: long ? "1" : "", FUSIONIZE_OUTCOMES: outcomes },
  });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}

const trials = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".test.ts"))
  .sort()
  .map((name) => name.replace(/\.test\.ts$/, ""));

const vitest = (...args: string[]): Part => {
  return async (around) => ({ code: await run([VITEST, "run", ...args], around) });
};

/** Tests of other layers: they run as they are, and are told by their titles. */
const linked: Part = async (around) => {
  const report = join(around.scratch, "linked.json");
  // Pages and the terminal are tested as they are shipped.
  const built = await run([join(ROOT, "esbuild.mjs")], around);
  if (built !== 0) return { code: built };
  // What is long in them has a row of its own, or none here.
  const args = [VITEST, "run", ...linkedFiles(), "--reporter=json", `--outputFile=${report}`];
  const code = await run(args, { ...around, long: false, outcomes: "" });
  const rows = linkedRows(JSON.parse(await readFile(report, "utf8")) as VitestReport, ROOT);
  return { code, rows };
};

const editor: Part = async (around) => ({ code: await run([join(ROOT, "test/e2e/run.ts"), "random"], around) });

export const PARTS: Record<string, Part> = {
  ...Object.fromEntries(trials.map((name) => [name, vitest("--project", "reliability", `test/reliability/${name}.test.ts`)])),
  fuzz: vitest("--project", "unit", "--project", "conformance", "fuzz"),
  linked,
  vscode: editor,
};
