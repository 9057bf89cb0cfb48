/** Raw results: one file per app, JSON lines, compressed: the search first, then every block. All figures are worked out from these. */
import { appendFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Block, Plan, Search } from "./types.ts";

export interface RunInfo {
  plan: Plan;
  /** ISO 8601. */
  at: string;
  machine: string;
}

type Line = { kind: "run"; run: RunInfo } | { kind: "search"; search: Search } | { kind: "block"; block: Block };

export interface RawResults {
  run: RunInfo;
  searches: Search[];
  blocks: Block[];
}

const fileOf = (folder: string, app: string) => join(folder, `${app}.jsonl.gz`);

/** Every line is a gzip member of its own, so that what was written stays readable whatever comes after. */
async function append(file: string, line: Line): Promise<void> {
  await appendFile(file, gzipSync(`${JSON.stringify(line)}\n`, { level: 9 }));
}

export interface RawWriter {
  search(search: Search): Promise<void>;
  block(block: Block): Promise<void>;
}

/** Starts the app's file anew. */
export async function rawWriter(folder: string, app: string, run: RunInfo): Promise<RawWriter> {
  await mkdir(folder, { recursive: true });
  const file = fileOf(folder, app);
  await rm(file, { force: true });
  await append(file, { kind: "run", run });
  return {
    search: (search) => append(file, { kind: "search", search }),
    block: (block) => append(file, { kind: "block", block }),
  };
}

/** @throws Error when the folder holds no results. */
export async function readRaw(folder: string): Promise<RawResults> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl.gz")).sort();
  if (files.length === 0) throw new Error(`${folder} holds no raw results; run \`npm run evaluate\` first`);
  const searches: Search[] = [];
  const blocks: Block[] = [];
  let run: RunInfo | undefined;
  for (const file of files) {
    const text = gunzipSync(await readFile(join(folder, file))).toString("utf8");
    for (const each of text.split("\n")) {
      if (!each) continue;
      const line = JSON.parse(each) as Line;
      if (line.kind === "run") run = !run || line.run.at < run.at ? line.run : run;
      else if (line.kind === "search") searches.push(line.search);
      else blocks.push(line.block);
    }
  }
  if (!run) throw new Error(`${folder}: the files say nothing of the run they come from`);
  return { run, searches, blocks };
}
