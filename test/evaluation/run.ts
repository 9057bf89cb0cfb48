/** `npm run evaluate`: measures, keeps the raw results, and writes the report from them. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../../extension/local/locations.ts";
import { describeMachine } from "../bench/harness/machine.ts";
import { measureApp } from "./measure-app.ts";
import { FULL, SHORT } from "./plans.ts";
import { rawWriter, readRaw } from "./raw.ts";
import { claims } from "./report/claims.ts";
import { reportOf } from "./report/markdown.ts";
import { replayTable } from "./report/replay.ts";
import { analyse } from "./results.ts";
import { APPS, type AppName, type Plan } from "./types.ts";

const usage = `usage: npm run evaluate                     measure everything (about 90 minutes on two cores) and write docs/evaluation.md
       npm run evaluate -- --report         write the report again from the raw results
       npm run evaluate -- --short          the short run of the tests; its results go to test/artifacts
       npm run evaluate -- --app iot        only that app (may be repeated); the others' results stay
       npm run evaluate -- --seed N --out FOLDER`;

export async function evaluateApps(plan: Plan, folder: string, say: (text: string) => void, signal?: AbortSignal): Promise<void> {
  const machine = describeMachine();
  const text = `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, commit ${machine.commit}`;
  for (const app of plan.apps) {
    const raw = await rawWriter(folder, app, { plan, at: new Date().toISOString(), machine: text });
    await measureApp(app, { plan, raw, say, ...(signal && { signal }) });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      report: { type: "boolean" },
      short: { type: "boolean" },
      app: { type: "string", multiple: true },
      seed: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const wrong = values.app?.find((name) => !APPS.includes(name as AppName));
  if (wrong !== undefined) throw new TypeError(`There is no app ${wrong}; there are ${APPS.join(", ")}.\n${usage}`);
  const root = packageRoot();
  const kept = join(root, "test/evaluation/results");
  const folder = values.out ?? (values.short ? join(root, "test/artifacts/evaluation/results") : kept);
  if (!values.report) {
    const cancel = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => cancel.abort(new Error("cancelled")));
    const plan: Plan = {
      ...(values.short ? SHORT : FULL),
      ...(values.app && { apps: values.app as AppName[] }),
      ...(values.seed !== undefined && { seed: Number(values.seed) }),
    };
    await evaluateApps(plan, folder, (text) => process.stderr.write(`${text}\n`), cancel.signal);
  }
  const raw = await readRaw(folder);
  const rows = analyse(raw);
  const { text, figures } = reportOf(raw, rows, replayTable());
  const docs = folder === kept ? join(root, "docs") : folder;
  await rm(join(docs, "evaluation"), { recursive: true, force: true });
  await mkdir(join(docs, "evaluation"), { recursive: true });
  await writeFile(join(docs, "evaluation.md"), text);
  for (const [name, svg] of figures) await writeFile(join(docs, "evaluation", name), svg);
  process.stdout.write(`Written: ${join(docs, "evaluation.md")}\n`);
  for (const { text: claim, holds, measured } of claims(rows, { slack: 0 })) {
    process.stdout.write(`${holds ? "holds " : "MISSED"}  ${claim}; measured ${measured}\n`);
  }
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? (error instanceof TypeError ? error.message : error.stack) : String(error)}\n`,
    );
    process.exitCode = error instanceof TypeError ? 2 : 1;
  });
}
