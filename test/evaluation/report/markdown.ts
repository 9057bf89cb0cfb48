/** `docs/evaluation.md` from the rows: every number in it is worked out from the raw results. */
import type { RawResults } from "../raw.ts";
import type { Row } from "../results.ts";
import { PUBLISHED } from "../published.ts";
import { LEVEL } from "../statistics.ts";
import { LOADS, type AppName, type LoadName } from "../types.ts";
import { change, ms, percent, range, table, usd } from "./format.ts";
import { fronts } from "./figures.ts";
import { weaknesses } from "./claims.ts";

const nameOf = ({ contender }: Row): string => [contender.name, ...contender.also].join(" = ");

export interface Report {
  text: string;
  /** File name -> SVG. */
  figures: Map<string, string>;
}

export function reportOf(raw: RawResults, rows: Row[], replay: string): Report {
  const calibrated = rows.filter(({ hopMs }) => hopMs === undefined);
  const figures = fronts(raw, calibrated);
  const apps = [...new Set(rows.map(({ app }) => app))];
  const sections = [
    "# Evaluation",
    "",
    `The evaluation of the FUSIONIZE papers again, on this repository's emulator (\`--fidelity aws\`), with our optimizer beside theirs. Written by \`npm run evaluate\` on ${raw.run.at.slice(0, 10)} ` +
      `from the raw results in \`test/evaluation/results\`; \`npm run evaluate -- --report\` writes it again from them. Machine: ${raw.run.machine}.`,
    "",
    "## In short",
    "",
    headline(apps, raw, calibrated),
    "",
    "Latency is the client's median, cost is US dollars per million requests with request fees; changes carry the " +
      `${percent(LEVEL)} interval of a bootstrap within blocks. “Deployments” counts those a method made until it stopped, the start included.`,
    "",
    ...weaknesses(calibrated),
    "",
    "## Method",
    "",
    ...method(raw),
    "",
    ...apps.flatMap((app) => ofApp(app, raw, calibrated, figures)),
    "## Predicted and measured",
    "",
    "Predicted from the profile of the base setup's own run, before anything else was deployed; measured under warm load.",
    "",
    predictions(raw, calibrated),
    "",
    ...sensitivity(rows),
    "## Another price list",
    "",
    "The same records under the prices of arm64 (a fifth less per GB-second, the same fee per request).",
    "",
    prices(calibrated),
    "",
    "## Beside the published numbers",
    "",
    "Published: Lambda of 2023 behind API Gateway, one run per setup, latency from inside the root function, no request fees. Ours: the emulator, latency " +
      "from inside the root function and cost without fees, to be near to that. **Comparable are the changes from base within one column pair, not the absolute values**: hops, CPU work per kernel and DynamoDB differ.",
    "",
    published(calibrated),
    "",
    "## What this evidence is worth",
    "",
    "Model and emulator use the same law of CPU shares and the same assumed hop waits, so their agreement says that the profile and the arithmetic are right, not that AWS behaves so. " +
      "Independent of that are the published setups, which ran on AWS:",
    "",
    replay,
    "",
  ];
  return { text: sections.join("\n"), figures };
}

function headline(apps: AppName[], { searches }: RawResults, rows: Row[]): string {
  const head = [
    "app, load",
    "deployments, ours / papers'",
    "minutes of search, ours / papers'",
    "latency against base",
    "cost against base",
    "latency against papers' final",
    "p95 against papers' final",
    "cost against papers' final",
  ];
  const lines: string[][] = [];
  for (const app of apps) {
    for (const load of LOADS) {
      const here = rows.filter((row) => row.app === app && row.load === load);
      const ours = here.findLast(({ contender }) => contender.origin === "ours");
      const papers = here.find(({ contender }) => contender.name === "papers, final" || contender.also.includes("papers, final"));
      if (!ours) continue;
      const { base, "papers, final": final } = ours.ratios;
      const { seconds } = searches.find((search) => search.app === app)!;
      lines.push([
        `${app}, ${load}`,
        `${ours.contender.deployments ?? "–"} / ${papers?.contender.deployments ?? "–"}`,
        `${(seconds.ours / 60).toFixed(1)} / ${(seconds.papers / 60).toFixed(1)}`,
        base ? change(base.latency) : "–",
        base ? change(base.cost) : "–",
        final ? change(final.latency) : "same setup",
        final ? percent(final.p95 - 1) : "–",
        final ? change(final.cost) : "–",
      ]);
    }
  }
  return table(head, lines);
}

function method({ run }: RawResults): string[] {
  const { plan } = run;
  const loads = LOADS.flatMap((load) => {
    const own = plan.loads[load];
    if (!own) return [];
    return [
      `${load}: ${own.blocks} blocks of ${own.requests} requests per setup${own.contenders === "all once" ? ", the papers' steps in the first block only" : ""}`,
    ];
  });
  return [
    `- Every method first searched on the running app with ${plan.searchRequests} requests per deployment: the papers' optimizer one call per deployment, then ${plan.measuredSweep ? "all functions measured at six sizes" : "sizes by the model"}; ours by suggestion, deployment, measurement, until it suggested nothing more.`,
    `- Then all setups stood side by side on one emulator and were measured in blocks, in an order drawn anew for every block (seed ${plan.seed}): ${loads.join("; ")}. Warm: ${plan.rate} request${plan.rate === 1 ? "" : "s"} per second, open loop, instances warmed up. Cold: one request at a time, every function of the setup without an instance. Bursty: three at once every four seconds, from no instance at all.`,
    "- The papers sent 1,000 requests per setup at 10 per second; a machine of two cores holds one per second of the base setup of `iot`, which needs most of a vCPU-second per request.",
    "- “All in one” inlines asynchronous calls too, as the papers' “local” setup does, although an event could be lost; our setups never do that.",
    "- Requests that failed, records that were lost and how busy the machine was stand in the tables; what other work took of it at low priority, giving way to the emulator, stands in brackets.",
    "- To trace a number: its row's app, load and setup name the blocks in `test/evaluation/results/<app>.jsonl.gz` (lines of JSON: requests as the client saw them, records and reports as they stood in the logs).",
  ];
}

function ofApp(app: AppName, { searches }: RawResults, rows: Row[], figures: Map<string, string>): string[] {
  const search = searches.find((one) => one.app === app)!;
  const own = rows.filter((row) => row.app === app);
  const parts = [`## ${app}`, ""];
  if (figures.has(`${app}.svg`)) {
    parts.push(
      `![Setups of ${app} by cost and latency under warm load: measured filled, predicted hollow](evaluation/${app}.svg)`,
      "",
    );
  }
  for (const load of LOADS) {
    const here = own.filter((row) => row.load === load);
    if (here.length === 0) continue;
    parts.push(`### ${app}, ${load}`, "", measured(here), "");
  }
  parts.push(...search.notes.map((note) => `- ${note}`), "", "<details><summary>The setups</summary>", "");
  for (const { name, also, setup } of search.contenders) {
    parts.push(`- **${[name, ...also].join(" = ")}**: \`${JSON.stringify(setup)}\``);
  }
  return [...parts, "", "</details>", ""];
}

function measured(rows: Row[]): string {
  const head = [
    "setup",
    "median ms",
    "p95 ms",
    "$ per million",
    "latency against base",
    "cost against base",
    "invocations",
    "cold",
    "requests",
    "errors",
    "lost records",
    "machine busy (with low priority)",
  ];
  return table(
    head,
    rows
      .toSorted((a, b) => a.latency.median - b.latency.median)
      .map((row) => [
        nameOf(row),
        `${ms(row.latency.median)} (${range(row.latency.interval, ms)})`,
        ms(row.latency.p95),
        `${usd(row.cost.mean)} (${range(row.cost.interval, usd)})`,
        row.ratios.base ? change(row.ratios.base.latency) : "–",
        row.ratios.base ? change(row.ratios.base.cost) : "–",
        row.invocations.toFixed(1),
        percent(row.coldShare),
        String(row.requests),
        String(row.errors),
        String(row.lostRecords),
        `${percent(row.machineBusy[0])}–${percent(row.machineBusy[1])} (${percent(row.machineYielding)})`,
      ]),
  );
}

function predictions({ searches }: RawResults, rows: Row[]): string {
  const lines: string[][] = [];
  for (const row of rows.filter(({ load }) => load === "warm")) {
    const said = searches.find(({ app }) => app === row.app)!.predicted[row.contender.name];
    if (!said) continue;
    lines.push([
      `${row.app}: ${nameOf(row)}`,
      ms(said.latency),
      ms(row.latency.mean),
      percent(said.latency / row.latency.mean - 1, 1),
      usd(said.cost),
      usd(row.cost.mean),
      percent(said.cost / row.cost.mean - 1, 1),
    ]);
  }
  return table(["setup", "mean ms predicted", "measured", "error", "$ predicted", "measured", "error"], lines);
}

function sensitivity(rows: Row[]): string[] {
  const varied = rows.filter(({ hopMs }) => hopMs !== undefined);
  if (varied.length === 0) return [];
  return [
    "## If hops take longer or shorter",
    "",
    "The emulator's hop waits are assumptions. The same setups, none chosen anew, with other waits (8 ms is the calibrated one):",
    "",
    table(
      ["app", "hop ms", "setup", "median ms", "$ per million", "latency against base", "cost against base"],
      varied.map((row) => [
        row.app,
        String(row.hopMs),
        nameOf(row),
        ms(row.latency.median),
        usd(row.cost.mean),
        row.ratios.base ? change(row.ratios.base.latency) : "–",
        row.ratios.base ? change(row.ratios.base.cost) : "–",
      ]),
    ),
    "",
  ];
}

function prices(rows: Row[]): string {
  const warm = rows.filter(({ load }) => load === "warm");
  return table(
    ["setup", "x86_64 $", "arm64 $"],
    warm.map((row) => [`${row.app}: ${nameOf(row)}`, usd(row.cost.mean), usd(row.cost.arm64)]),
  );
}

function published(rows: Row[]): string {
  const lines: string[][] = [];
  for (const one of PUBLISHED) {
    const find = (setup: string) =>
      rows.find(
        ({ app, load, contender }) =>
          app === one.app && load === one.load && (contender.name === setup || contender.also.includes(setup)),
      );
    const row = find(one.setup);
    const base = find("base");
    const theirs = PUBLISHED.find(({ app, load, setup }) => app === one.app && load === one.load && setup === "base")!;
    const against = (value: number, from: number | undefined) => (from ? percent(value / from - 1) : "–");
    lines.push([
      `${one.app}, ${one.load} (${one.run}): ${one.setup}`,
      ms(one.latency),
      against(one.latency, theirs.latency),
      row ? ms(row.internal) : "–",
      row ? against(row.internal, base?.internal) : "–",
      usd(one.cost),
      against(one.cost, theirs.cost),
      row ? usd(row.cost.withoutFees) : "–",
      row ? against(row.cost.withoutFees, base?.cost.withoutFees) : "–",
    ]);
  }
  return table(["", "published ms", "change", "here ms", "change", "published $", "change", "here $", "change"], lines);
}

export type { LoadName };
