/** Starts the suite inside VS Code through `@vscode/test-electron`: desktop VS Code where there is one, else our launcher. */
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "./outcome.ts";
import { chromium, Missing, repository, vscodeServer } from "./vscode/setup.ts";

interface Part {
  name: string;
  workspace: string;
  /** What is opened of it, where it is not the folder itself. */
  open?: string;
  launchArgs?: string[];
  /** Runs only when it is named. */
  apart?: boolean;
}

const parts: Part[] = [
  { name: "trusted", workspace: "shop" },
  { name: "untrusted", workspace: "shop", launchArgs: ["--no-disable-workspace-trust"] },
  { name: "existing", workspace: "existing" },
  { name: "folders", workspace: "two", open: "two.code-workspace" },
  { name: "empty", workspace: "empty" },
  { name: "random", workspace: "shop", apart: true },
  { name: "measured", workspace: "shop", apart: true },
];

/** For work on one feature: only one part, only tests whose title has this text. */
export interface Only {
  part?: string;
  grep?: string;
  /** A folder that is copied in place of the part's own workspace; absolute. */
  workspace?: string;
}

export async function suite(artifacts: string, { part: only, grep, workspace }: Only = {}): Promise<Outcome[]> {
  const wanted = parts.filter(({ name, apart }) => (only === undefined ? !apart : name === only));
  if (wanted.length === 0) throw new Error(`There is no part ${only}. Parts: ${parts.map(({ name }) => name).join(", ")}.`);
  const executable = await editor();
  const entry = await bundle();
  const outcomes: Outcome[] = [];
  for (const part of wanted) outcomes.push(...(await runPart(part, { executable, entry, artifacts, grep, from: workspace })));
  return outcomes;
}

/** `VSCODE_PATH` names a desktop VS Code; without it the launcher runs VS Code's server in a headless browser. */
async function editor(): Promise<string> {
  const desktop = process.env["VSCODE_PATH"];
  if (desktop) {
    if (!existsSync(desktop)) throw new Missing(`VSCODE_PATH names ${desktop}, which does not exist.`);
    return desktop;
  }
  if (process.platform === "win32") throw new Missing("On Windows name a desktop VS Code in VSCODE_PATH.");
  await Promise.all([vscodeServer(), chromium()]);
  return join(repository, "test/e2e/vscode/launch.sh");
}

async function bundle(): Promise<string> {
  const outfile = join(repository, ".tsbuild/e2e/suite.cjs");
  await build({
    entryPoints: [join(repository, "test/e2e/suite/index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    sourcemap: "inline",
    external: ["vscode", "mocha", "./backend/*"],
    logLevel: "warning",
  });
  return outfile;
}

interface Surroundings {
  executable: string;
  entry: string;
  artifacts: string;
  grep: string | undefined;
  from: string | undefined;
}

async function runPart(part: Part, { executable, entry, artifacts, grep, from }: Surroundings): Promise<Outcome[]> {
  const scratch = await mkdtemp(join(tmpdir(), "fusionize-suite-"));
  const workspace = join(scratch, part.workspace);
  const results = join(scratch, "results.jsonl");
  await cp(from ?? join(repository, "test/e2e/workspaces", part.workspace), workspace, { recursive: true });
  // Of its own, so that what is left there is known to be of this run.
  const temporary = join(scratch, "tmp");
  await mkdir(temporary);
  let ended: string | undefined;
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: repository,
      extensionTestsPath: entry,
      launchArgs: [join(workspace, part.open ?? ""), ...(part.launchArgs ?? [])],
      extensionTestsEnv: {
        FUSIONIZE_SUITE: part.name,
        FUSIONIZE_RESULTS: results,
        FUSIONIZE_ARTIFACTS: artifacts,
        TMPDIR: temporary,
        ...(grep && { FUSIONIZE_GREP: grep }),
      },
    });
  } catch (error) {
    ended = error instanceof Error ? error.message : String(error);
  }
  const lines = (await readFile(results, "utf8").catch(() => "")).split("\n").filter(Boolean);
  const read = lines.map((line) => JSON.parse(line) as Outcome & { done?: boolean });
  const outcomes = read.filter(({ done }) => !done).map((outcome) => ({ ...outcome, title: `${part.name}: ${outcome.title}` }));
  // A suite that ended early has not passed, whatever had passed until then.
  const complete = read.some(({ done }) => done);
  const failed = outcomes.some(({ state }) => state === "failed");
  if (!complete || (ended && !failed)) {
    outcomes.push({
      title: `${part.name}: the whole suite runs`,
      state: "failed",
      error: ended ?? "It ended without its results.",
    });
  }
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  return outcomes;
}
