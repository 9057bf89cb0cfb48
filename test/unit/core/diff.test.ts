import { describe, expect, it } from "vitest";
import { allInOne, paperSetup } from "../../../extension/core/base-setup.ts";
import { diffSetups } from "../../../extension/core/diff.ts";
import { toDot, toMermaid } from "../../../extension/core/diagram.ts";
import { resolveSetup } from "../../../extension/core/resolve.ts";
import { mostSimilar } from "../../../extension/core/similar.ts";
import { graphOf, IOT, TREE } from "./graphs.ts";

describe("diffSetups", () => {
  it("says in a sentence what changes about each function", () => {
    const sentences = diffSetups(IOT, {}, { analyzeSensor: { memory: 512, inline: ["checkSensor", "storeEvent"] } }).map(
      (c) => `${c.kind}: ${c.sentence}`,
    );
    expect(sentences).toEqual([
      "changed: Inline checkSensor and storeEvent into analyzeSensor, 128 → 512 MB",
      "removed: Remove function checkSensor: nothing invokes it any more",
      "removed: Remove function storeEvent: nothing invokes it any more",
    ]);
  });

  it("goes the way back", () => {
    const changes = diffSetups(TREE, paperSetup(TREE, 256), {});
    expect(changes.map((c) => c.sentence)).toEqual([
      "Call B, D and E remotely from A, 256 → 128 MB",
      "Give B a function of its own with 128 MB",
      "Change the memory of C, 256 → 128 MB",
      "Give D a function of its own with 128 MB",
      "Give E a function of its own with 128 MB",
      "Change the memory of F, 256 → 128 MB",
      "Change the memory of G, 256 → 128 MB",
    ]);
    expect(changes[0]).toMatchObject({ memory: { from: 256, to: 128 }, uninlined: ["B", "D", "E"], inlined: [] });
  });

  it("tells asynchronous calls apart", () => {
    const [a] = diffSetups(TREE, {}, allInOne(TREE));
    expect(a).toMatchObject({ root: "A", inlined: ["B", "D", "E"], inlinedAsync: ["C", "F", "G"] });
    expect(a!.sentence).toBe("Inline B, D and E into A, inline asynchronous calls of C, F and G into A");
  });

  it("finds nothing between two ways to write one setup", () => {
    expect(diffSetups(TREE, { A: { inline: ["B"] }, C: {} }, { A: { inline: ["B", "B"], memory: 128 } })).toEqual([]);
  });
});

describe("diagrams", () => {
  const graph = graphOf("A -> B, A ~> C, B ~> C");
  const functions = resolveSetup(graph, { A: { memory: 512, inline: ["B"], inlineAsync: [] } });

  it("draws functions as boxes in Mermaid", () => {
    expect(toMermaid(graph, functions)).toBe(`flowchart LR
  subgraph f0 ["A · 512 MB"]
    f0t0(["A"])
    f0t1["B"]
  end
  subgraph f1 ["C · 128 MB"]
    f1t0["C"]
  end
  f0t0 ==> f0t1
  f0t0 -.-> f1t0
  f0t1 -.-> f1t0
`);
  });

  it("draws the same for Graphviz", () => {
    expect(toDot(graph, functions)).toBe(`digraph fusionize {
  rankdir=LR;
  node [shape=box];
  subgraph cluster_0 {
    label="A · 512 MB";
    f0t0 [label="A", shape=ellipse];
    f0t1 [label="B"];
  }
  subgraph cluster_1 {
    label="C · 128 MB";
    f1t0 [label="C"];
  }
  f0t0 -> f0t1 [style=solid, penwidth=2];
  f0t0 -> f1t0 [style=dashed, penwidth=1];
  f0t1 -> f1t0 [style=dashed, penwidth=1];
}
`);
  });

  it("draws a task once for each function that it runs in", () => {
    const shared = graphOf("P -> X, Q -> X");
    const text = toMermaid(shared, resolveSetup(shared, { P: { inline: ["X"] } }));
    expect(text.match(/"X"/g)).toHaveLength(2);
  });
});

describe("mostSimilar", () => {
  it.each([
    ["chekAir", "checkAir"],
    ["hceckAir", "checkAir"],
    ["CHECKAIR", "checkAir"],
    ["payment", undefined],
    ["x".repeat(10_000), undefined],
  ])("of %s is %s", (word, expected) => {
    expect(mostSimilar(word, ["checkAir", "storeEvent"])).toBe(expected);
  });
});
