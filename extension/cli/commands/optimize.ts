/** `fusionize optimize`: the front of setups and the suggestion, from measurements or from a profile in a file. */
import { readFile } from "node:fs/promises";
import { loadApp } from "../../application/app.ts";
import { writeSetup } from "../../application/accept.ts";
import { measuredProfile, optimizeApp } from "../../application/suggest.ts";
import { UserError } from "../../core/errors.ts";
import type { FusionSetup, Goal } from "../../core/setup.ts";
import { optimize, parseProfile, type OptimizeResult } from "../../optimizer/index.ts";
import type { Run } from "../main.ts";
import { dollars, milliseconds, percent, table } from "../output.ts";
import { UsageError } from "../usage.ts";

/** `latency`, `cost`, `balanced`, or `p95<200`: cheapest with that latency. */
export function parseGoal(text: string): Goal {
  if (text === "latency" || text === "cost" || text === "balanced") return text;
  const limit = /^(mean|p50|p95)<=?(\d+(?:\.\d+)?)$/.exec(text);
  if (limit) return { minimize: "cost", latency: { [limit[1]!]: Number(limit[2]) } };
  throw new UsageError(`--goal is latency, cost, balanced, or a limit in ms such as p95<200; not “${text}”.`);
}

/** Functions in the shape of `fusionize.json`, in one line. */
function brief(setup: FusionSetup): string {
  return Object.entries(setup)
    .map(([root, { memory, inline = [], inlineAsync = [] }]) => {
      const inside = [root, ...inline, ...inlineAsync.map((task) => `${task}⇢`)].join(",");
      return `(${inside})${memory ? ` ${memory}` : ""}`;
    })
    .join(" ");
}

export function optimizeText({ front, suggestion, explored, ms }: OptimizeResult & { ms: number }): string {
  const rows = front.map((point) => [
    point.labels.join(", ") || "·",
    milliseconds(point.latency.mean),
    milliseconds(point.latency.p95),
    dollars(point.costPerMillion),
    `${(Math.max(point.gap.latency, point.gap.cost) * 100).toFixed(1)} %`,
    String(Object.keys(point.setup).length),
  ]);
  const lines = [
    table(rows, ["pick", "mean", "p95", "$/million", "gap", "functions"]),
    "",
    `${explored} setups explored in ${ms} ms.`,
    "",
  ];
  if (!suggestion) return [...lines, "Nothing is to be gained: the current setup stays."].join("\n");
  const { current, expected } = suggestion;
  return [
    ...lines,
    suggestion.title,
    ...[...suggestion.reasons, ...suggestion.flips].map((line) => `  ${line}`),
    `  expected latency ${milliseconds(current.latency.p50)} → ${milliseconds(expected.latency.p50)} ` +
      `(${percent(expected.latency.p50 / current.latency.p50 - 1)}), cost ${dollars(current.costPerMillion)} → ${dollars(expected.costPerMillion)} ` +
      `per million (${percent(expected.costPerMillion / current.costPerMillion - 1)})`,
    `  ${brief(suggestion.setup)}`,
  ].join("\n");
}

export const run: Run = async ({ app: folder, options }, { output }) => {
  if ((folder === undefined) === (options.profile === undefined))
    throw new UsageError("Name the folder of an app, or --profile FILE: one of the two.");
  if (options.apply && folder === undefined) throw new UsageError("--apply needs the folder of an app.");
  const goal = options.goal === undefined ? undefined : parseGoal(options.goal);
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const began = performance.now();
  let result: OptimizeResult;
  let app: Awaited<ReturnType<typeof loadApp>> | undefined;
  if (options.profile !== undefined) {
    const text = await readFile(options.profile, "utf8").catch((error: Error) => {
      throw new UserError("profile-file", `The profile ${options.profile} cannot be read: ${error.message}`);
    });
    result = optimize(parseProfile(text), { goal: goal ?? "balanced", ...seed });
  } else {
    app = await loadApp(folder!);
    const { profile, notes } = await measuredProfile(app, options.target ?? "local");
    for (const note of notes) process.stderr.write(`${note}\n`);
    result = optimizeApp(app, profile, { ...(goal && { goal }), ...seed });
  }
  const ms = Math.round(performance.now() - began);
  if (options.apply && app && result.suggestion) await writeSetup(app, result.suggestion.setup);
  const { front, suggestion, explored } = result;
  const points = front.map(({ setup, latency, costPerMillion, terms, gap, labels }) => ({
    setup,
    latency,
    costPerMillion,
    terms,
    gap,
    labels,
  }));
  output.answer({ front: points, suggestion: suggestion ?? null, explored, ms }, () => optimizeText({ ...result, ms }));
  if (options.apply && suggestion) output.text("Written to fusionize.json.");
};
