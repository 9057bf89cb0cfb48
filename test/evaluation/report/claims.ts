/** What the report claims, as checks: the short run in the tests holds them, the long one prints where they fail. */
import type { Row } from "../results.ts";
import type { AppName } from "../types.ts";

export interface Claim {
  text: string;
  holds: boolean;
  measured: string;
}

interface Tolerances {
  /** Added to every bound on a ratio: short runs are noisier. */
  slack: number;
}

const oursOf = (rows: readonly Row[], app: AppName): Row | undefined =>
  rows.findLast((row) => row.app === app && row.load === "warm" && row.hopMs === undefined && row.contender.origin === "ours");

/** Bounds are those that the design of the optimizer sets for `iot`, `tree` and `web` on the emulator. */
export function claims(rows: readonly Row[], { slack }: Tolerances): Claim[] {
  const result: Claim[] = [];
  const say = (text: string, value: number | undefined, bound: number): void => {
    if (value === undefined) return;
    result.push({ text: `${text} ≤ ${bound}`, holds: value <= bound + slack, measured: value.toFixed(3) });
  };
  const iot = oursOf(rows, "iot");
  say("iot: median latency against base", iot?.ratios.base?.latency.value, 0.5);
  say("iot: cost against base", iot?.ratios.base?.cost.value, 0.9);
  say("iot: median latency against the papers' final setup", iot?.ratios["papers, final"]?.latency.value, 0.5);
  say("iot: cost against the papers' final setup", iot?.ratios["papers, final"]?.cost.value, 1.03);
  say("iot: deployments", iot?.contender.deployments, 4);
  const web = oursOf(rows, "web");
  say("web: p95 against the papers' final setup", web?.ratios["papers, final"]?.p95, 1);
  say("web: cost against the papers' final setup", web?.ratios["papers, final"]?.cost.value, 1.04);
  const tree = oursOf(rows, "tree");
  say("tree: cost against base", tree?.ratios.base?.cost.value, 0.85);
  for (const app of ["tree", "iot", "web"] as const) {
    const own = rows.filter((row) => row.app === app);
    if (own.length === 0) continue;
    say(`${app}: requests that failed`, sum(own.map(({ errors }) => errors)), 0);
    say(`${app}: records lost`, sum(own.map(({ lostRecords }) => lostRecords)), 0);
  }
  return result;
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** Where we do not win, in words. */
export function weaknesses(rows: readonly Row[]): string[] {
  const lines: string[] = [];
  for (const row of rows) {
    const final = row.ratios["papers, final"];
    if (row.contender !== lastOurs(rows, row) || !final) continue;
    if (final.latency.value > 1.02)
      lines.push(
        `- ${row.app}, ${row.load}: median latency is ${percentMore(final.latency.value)} higher than the papers' final setup's.`,
      );
    if (final.cost.value > 1.02)
      lines.push(`- ${row.app}, ${row.load}: cost is ${percentMore(final.cost.value)} higher than the papers' final setup's.`);
    const cheaper = rows.filter(
      (other) =>
        other.app === row.app &&
        other.load === row.load &&
        other !== row &&
        other.cost.mean < row.cost.mean * 0.98 &&
        other.latency.median <= row.latency.median * 1.02,
    );
    for (const other of cheaper)
      lines.push(`- ${row.app}, ${row.load}: “${other.contender.name}” is cheaper and no slower than ours.`);
  }
  const failed = claims(rows, { slack: 0 }).filter(({ holds }) => !holds);
  return [
    "**Where we do not win, or miss our own goals:**",
    "",
    ...(lines.length + failed.length === 0 ? ["- nowhere in these runs."] : []),
    ...lines,
    ...failed.map(({ text, measured }) => `- goal missed: ${text}; measured ${measured}.`),
  ];
}

const lastOurs = (rows: readonly Row[], { app, load }: Row) =>
  rows.findLast((row) => row.app === app && row.load === load && row.contender.origin === "ours")?.contender;
const percentMore = (ratio: number): string => `${Math.round((ratio - 1) * 100)} %`;
