/**
 * Setups of Fusionize++ that ran on AWS (February 2023), recomputed from the authors' raw traces. Latency: median ms of warm runs, from inside the
 * functions. Cost: mean US dollars per million requests without request fees; IoT's records of a second run of AS in one trace were merged in the
 * original, so AS's mean cost at its size is added once.
 */
import type { FusionSetup } from "../../../../extension/core/setup.ts";

export interface PublishedSetup {
  name: string;
  setup: FusionSetup;
  latency: number;
  cost: number;
}

type Sizes = number | Record<string, number>;
const sizeIn = (sizes: Sizes, root: string): number => (typeof sizes === "number" ? sizes : (sizes[root] ?? 128));
const functions = (sizes: Sizes, inline: Record<string, string[]>): FusionSetup =>
  Object.fromEntries(Object.entries(inline).map(([root, list]) => [root, { memory: sizeIn(sizes, root), inline: list }]));

const iotPath = (sizes: Sizes): FusionSetup =>
  functions(sizes, { I: ["CW", "SE"], CS: ["CSA", "CSL"], CA: ["DJ"], CT: [], AS: [] });
const iotBase = functions(
  128,
  Object.fromEntries(["I", "CW", "SE", "CT", "CS", "CSL", "CSA", "CA", "DJ", "AS"].map((task) => [task, []])),
);

export const PUBLISHED_IOT: PublishedSetup[] = [
  { name: "base", setup: iotBase, latency: 237, cost: 24.3 + 5.26 },
  { name: "path, 128 MB", setup: iotPath(128), latency: 172, cost: 18.29 + 5.26 },
  { name: "path, 768 MB", setup: iotPath(768), latency: 52, cost: 19.01 + 5.14 },
  { name: "path, 1024 MB", setup: iotPath(1024), latency: 52, cost: 18.89 + 5.07 },
  { name: "path, 1536 MB", setup: iotPath(1536), latency: 53, cost: 20.03 + 5.08 },
  { name: "path, 1650 MB", setup: iotPath(1650), latency: 53, cost: 20.34 + 4.96 },
  { name: "path, 2048 MB", setup: iotPath(2048), latency: 52, cost: 21.53 + 5.04 },
  { name: "final", setup: iotPath({ AS: 1650 }), latency: 171, cost: 17.28 + 4.96 },
];

const treePath = (sizes: Sizes): FusionSetup => functions(sizes, { A: ["B", "D", "E"], C: [], F: [], G: [] });
const treeBase = functions(128, Object.fromEntries(["A", "B", "C", "D", "E", "F", "G"].map((task) => [task, []])));

export const PUBLISHED_TREE: PublishedSetup[] = [
  { name: "base", setup: treeBase, latency: 1629, cost: 26.73 },
  { name: "path, 128 MB", setup: treePath(128), latency: 1505, cost: 19.4 },
  { name: "path, 768 MB", setup: treePath(768), latency: 1505, cost: 35.1 },
  { name: "path, 1024 MB", setup: treePath(1024), latency: 1505, cost: 41.1 },
  { name: "path, 1536 MB", setup: treePath(1536), latency: 1505, cost: 54.2 },
  { name: "path, 2048 MB", setup: treePath(2048), latency: 1505, cost: 67.1 },
  { name: "path, 3000 MB", setup: treePath(3000), latency: 1505, cost: 91.9 },
  { name: "path, 4096 MB", setup: treePath(4096), latency: 1505, cost: 121 },
  { name: "final", setup: treePath({ C: 1024, F: 1536, G: 1536 }), latency: 1505, cost: 18.48 },
];
