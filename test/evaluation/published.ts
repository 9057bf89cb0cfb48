/**
 * What was published for the same applications: Fusionize++ (IEEE Trans. Cloud Computing 12(4), 2024), recomputed from the authors' raw traces where a
 * number is not printed. Latency: root function's end less the earliest start, median ms. Cost: billed ms x MB x 1.66667e-11 $, without any request
 * fee, mean US dollars per million requests. Entry function at 128 MB.
 */
import type { AppName, LoadName } from "./types.ts";

export interface PublishedRow {
  app: AppName;
  load: LoadName;
  setup: "base" | "all in one, 128 MB" | "papers, path" | "papers, final";
  latency: number;
  cost: number;
  /** Of the paper's runs. */
  run: string;
}

const row = (
  app: AppName,
  load: LoadName,
  run: string,
  values: Partial<Record<PublishedRow["setup"], [latency: number, cost: number]>>,
): PublishedRow[] =>
  Object.entries(values).map(([setup, [latency, cost]]) => ({
    app,
    load,
    run,
    setup: setup as PublishedRow["setup"],
    latency,
    cost,
  }));

export const PUBLISHED: PublishedRow[] = [
  ...row("tree", "warm", "February 2023", {
    base: [1629, 26.73],
    "papers, path": [1505, 19.4],
    "papers, final": [1505, 18.48],
  }),
  ...row("iot", "warm", "February 2023", { base: [237, 24.3], "papers, path": [172, 18.29], "papers, final": [171, 17.28] }),
  // WEB mixes three kinds of requests; its medians are those of the cheapest kind.
  ...row("web", "warm", "February 2023", { base: [59, 17.57], "papers, path": [53, 16.66], "papers, final": [58, 16.36] }),
  // Cold: medians of cost.
  ...row("tree", "cold", "2023", {
    base: [4762, 44.04],
    "all in one, 128 MB": [9620, 20.53],
    "papers, path": [1723, 23.65],
    "papers, final": [1724, 22.52],
  }),
  ...row("iot", "cold", "2023", {
    base: [2574, 47.1],
    "all in one, 128 MB": [12_682, 27.06],
    "papers, path": [1121, 26.53],
    "papers, final": [1218, 26.31],
  }),
  ...row("web", "cold", "June 2023", {
    base: [480, 9.97],
    "all in one, 128 MB": [918, 4],
    "papers, path": [109, 4.72],
    "papers, final": [113, 4.47],
  }),
];
