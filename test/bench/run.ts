import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Bench } from "./bench.ts";
import { markdown } from "./harness/markdown.ts";
import { measure } from "./harness/measure.ts";

const HERE = import.meta.dirname;
const NOT_BENCHES = new Set(["run.ts", "bench.ts"]);

const usage = `usage: npm run bench -- NAME [NAME…] [--rounds N] [--scale X] [--out FOLDER]
       npm run bench -- --list

  --rounds N    rounds to measure in place of the bench's own number
  --scale X     do X times as much (0.1 for a quick try); scaled results are not kept unless --out is given
  --out FOLDER  where <date>-<name>.json and .md go; test/bench/results if absent`;

class UsageError extends Error {}

async function names(): Promise<string[]> {
  const files = await readdir(HERE, { withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name.endsWith(".ts") && !NOT_BENCHES.has(file.name))
    .map((file) => file.name.slice(0, -3))
    .sort();
}

async function load(name: string): Promise<Bench> {
  if (!(await names()).includes(name))
    throw new UsageError(`there is no bench '${name}'; there are: ${(await names()).join(", ")}`);
  return ((await import(join(HERE, `${name}.ts`))) as { bench: Bench }).bench;
}

function number(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`--${option} takes a number above 0`);
  return value;
}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseCommandLine(args);
  if (values.list) {
    for (const name of await names()) process.stdout.write(`${name}: ${(await load(name)).description}\n`);
    return;
  }
  if (positionals.length === 0) throw new UsageError("which bench?");
  const rounds = number(values.rounds, "rounds");
  const scale = number(values.scale, "scale") ?? 1;
  const benches = await Promise.all(positionals.map(load));
  for (const bench of benches) {
    const result = await measure(bench, { rounds, scale, progress: (text) => process.stderr.write(`${text}\n`) });
    const text = markdown(bench, result);
    process.stdout.write(`${text}\n`);
    const folder = values.out ?? (scale === 1 ? join(HERE, "results") : undefined);
    if (folder === undefined) continue;
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${result.date}-${bench.name}.json`), `${JSON.stringify(result, undefined, 1)}\n`);
    await writeFile(join(folder, `${result.date}-${bench.name}.md`), text);
  }
}

function parseCommandLine(args: string[]) {
  try {
    const options = {
      list: { type: "boolean" },
      rounds: { type: "string" },
      scale: { type: "string" },
      out: { type: "string" },
    } as const;
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const wrong = error instanceof UsageError;
  process.stderr.write(wrong ? `${error.message}\n\n${usage}\n` : `${(error as Error).stack}\n`);
  process.exitCode = wrong ? 2 : 1;
});
