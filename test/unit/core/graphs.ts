import type { CallGraph, CallKind } from "../../../extension/core/graph.ts";

/** A graph from lines like `A -> B` (synchronous) and `A ~> C` (asynchronous); tasks that nobody calls are entries. */
export function graphOf(text: string): CallGraph {
  const edges = [...text.matchAll(/(\w+)\s*(->|~>)\s*(\w+)/g)].map(([, from, arrow, to]) => {
    const kind: CallKind = arrow === "->" ? "sync" : "async";
    return { from: from!, to: to!, kind };
  });
  const names = [...new Set(text.match(/\w+/g) ?? [])];
  const range = (line: number) => ({ file: "src/tasks.ts", line, column: 1, endLine: line, endColumn: 2 });
  return {
    tasks: names.map((name, i) => ({ name, entry: !edges.some((e) => e.to === name && e.from !== name), ...range(i + 1) })),
    calls: edges.map((edge, i) => ({ ...edge, ...range(100 + i) })),
    diagnostics: [],
  };
}

/** The papers' TREE and IoT, by their call graphs. */
export const TREE = graphOf("A ~> C, A -> B, B -> D, D -> E, C ~> F, C ~> G");
export const IOT = graphOf(
  `analyzeSensor -> checkSensor, analyzeSensor -> storeEvent, analyzeSensor ~> checkTemperature, analyzeSensor ~> checkSound,
   analyzeSensor ~> checkAir, checkTemperature ~> actionSignage, checkSound -> soundTooLoud, checkSound -> soundAccident,
   checkAir -> detectJam, checkAir ~> actionSignage`,
);
