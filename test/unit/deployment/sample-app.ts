/** A small app in a temporary folder: `front` calls `check` and waits, and hands `store` an event; `check` calls `rate`. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CallGraph } from "../../../extension/core/graph.ts";
import type { AppConfig, FusionSetup } from "../../../extension/core/setup.ts";
import type { DeployableApp } from "../../../extension/deployment/types.ts";

export interface SampleApp extends DeployableApp {
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

export const SOURCES: Record<string, string> = {
  "src/front.ts": `import { task } from "fusionize";
import { check } from "./check.ts";
import { store } from "./store.ts";
export const front = task("front", async (input: { value: number }) => {
  const verdict = await check(input);
  await store.async({ ...input, verdict });
  return { verdict, marker: "FRONT-CODE" };
});
`,
  "src/check.ts": `import { task } from "fusionize";
import { rate } from "./rate.ts";
export class TooLarge extends Error {
  override name = this.constructor.name;
}
export const LIMIT = 1000;
export const check = task("check", async ({ value }: { value: number }) => {
  if (value > LIMIT) throw new TooLarge("CHECK-CODE " + value);
  return await rate({ value });
});
`,
  "src/rate.ts": `import { task } from "fusionize";
const table = buildTable("RATE-TOP-LEVEL");
function buildTable(name: string) { return new Map([[name, 1]]); }
export const rate = task("rate", async ({ value }: { value: number }) => ({ rated: value * table.size, marker: "RATE-CODE" }));
`,
  "src/store.ts": `import { task } from "fusionize";
import { LIMIT } from "./check.ts";
export const store = task("store", async (input: unknown) => { console.log("STORE-CODE", LIMIT, JSON.stringify(input)); });
`,
};

const GRAPH: CallGraph = {
  tasks: ["front", "check", "rate", "store"].map((name) => ({
    name,
    exportName: name,
    entry: name === "front",
    ...at(`src/${name}.ts`),
  })),
  calls: [
    { from: "front", to: "check", kind: "sync", ...at("src/front.ts") },
    { from: "front", to: "store", kind: "async", ...at("src/front.ts") },
    { from: "check", to: "rate", kind: "sync", ...at("src/check.ts") },
  ],
  diagnostics: [],
};

function at(file: string) {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

export function sampleConfig(overrides: Partial<AppConfig> = {}): AppConfig {
  return {
    app: "sample",
    tasks: ["src/**/*.ts"],
    runtime: "nodejs24.x",
    goal: "balanced",
    local: { services: [], environment: {} },
    environment: {},
    timeout: 30,
    constraints: {},
    functions: {},
    ...overrides,
  };
}

export async function sampleApp({
  config = {},
  setup = {},
  sources = {},
  below = "",
}: {
  config?: Partial<AppConfig>;
  setup?: FusionSetup;
  sources?: Record<string, string>;
  below?: string;
} = {}): Promise<SampleApp> {
  const root = await mkdtemp(join(tmpdir(), "fusionize-sample-"));
  const folder = join(root, below);
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  for (const [file, text] of Object.entries({ ...SOURCES, ...sources })) await write(file, text);
  return {
    folder,
    config: sampleConfig(config),
    graph: structuredClone(GRAPH),
    setup,
    write,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
