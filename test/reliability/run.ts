/**
 * `npm run reliability [-- --long] [--part NAME]…`: runs every part, or the ones named, keeps their rows in `results/`, and writes
 * `docs/reliability.md` from all that is kept. Without `--long` the short numbers, kept and written among the artifacts.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "../bench/harness/machine.ts";
import type { Outcome } from "./outcome.ts";
import { PARTS, ROOT } from "./parts.ts";
import { tableOf, type PartResult } from "./table.ts";

function given(): { long: boolean; parts: string[]; table: boolean } {
  const usage = `Usage: npm run reliability -- [--long] [--part NAME]… [--table]\nParts: ${Object.keys(PARTS).join(", ")}.`;
  try {
    const { values } = parseArgs({
      options: { long: { type: "boolean" }, part: { type: "string", multiple: true }, table: { type: "boolean" } },
    });
    // VS Code must be installed for its part, and a minute of it proves little: only the long run has it.
    const all = Object.keys(PARTS).filter((name) => values.long || name !== "vscode");
    const parts = values.table ? [] : (values.part ?? all);
    const unknown = parts.find((name) => !(name in PARTS));
    if (unknown !== undefined) throw new Error(`There is no part ${unknown}.`);
    return { long: values.long ?? false, parts, table: values.table ?? false };
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

async function readRows(path: string): Promise<Outcome[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Outcome);
}

async function runPart(name: string, long: boolean, results: string): Promise<boolean> {
  const scratch = await mkdtemp(join(tmpdir(), "fusionize-reliability-"));
  const began = performance.now();
  try {
    console.log(`\n━━ ${name}`);
    const outcomes = join(scratch, "outcomes.jsonl");
    const { cores, cpu, commit, node } = describeMachine();
    const { code, rows = await readRows(outcomes) } = await PARTS[name]!({ long, outcomes, scratch });
    const seconds = Math.round((performance.now() - began) / 1000);
    const date = new Date().toISOString().slice(0, 10);
    const result: PartResult = { part: name, date, long, commit, machine: `${cores} × ${cpu}, Node ${node}`, seconds, rows };
    await writeFile(join(results, `${name}.json`), `${JSON.stringify(result, undefined, 1)}\n`);
    return code === 0 && rows.length > 0 && rows.every(({ failed }) => failed === 0);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { long, parts, table } = given();
  const kept = long || table;
  const results = join(ROOT, kept ? "test/reliability/results" : "test/artifacts/reliability");
  await mkdir(results, { recursive: true });
  const failed: string[] = [];
  for (const name of parts) if (!(await runPart(name, long, results))) failed.push(name);
  const order = Object.keys(PARTS);
  const names = (await readdir(results)).filter((name) => order.includes(name.replace(/\.json$/, "")));
  names.sort((a, b) => order.indexOf(a.replace(/\.json$/, "")) - order.indexOf(b.replace(/\.json$/, "")));
  const read = names.map(async (name) => JSON.parse(await readFile(join(results, name), "utf8")) as PartResult);
  const file = kept ? join(ROOT, "docs/reliability.md") : join(results, "reliability.md");
  await writeFile(file, tableOf(await Promise.all(read)));
  console.log(`Written: ${file}`);
  if (failed.length > 0) console.error(`Failed: ${failed.join(", ")}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

if (import.meta.main) await main();
