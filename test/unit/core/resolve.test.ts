import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allInOne, baseSetup, normalizeSetup, paperSetup, randomSetup } from "../../../extension/core/base-setup.ts";
import { resolveSetup } from "../../../extension/core/resolve.ts";
import { setupId } from "../../../extension/core/setup-id.ts";
import { notation, parseNotation } from "../../../extension/core/setup-notation.ts";
import type { CallGraph } from "../../../extension/core/graph.ts";
import type { FusionSetup } from "../../../extension/core/setup.ts";
import { graphOf, IOT, TREE } from "./graphs.ts";

const written = (graph: CallGraph, setup = {}) => notation(resolveSetup(graph, setup));

describe("resolveSetup", () => {
  it("gives every task that is called its own function in the base setup, the entry first", () => {
    expect(written(TREE, baseSetup())).toBe("(A)-(B)-(C)-(D)-(E)-(F)-(G)");
    expect(written(IOT).startsWith("(analyzeSensor)-(actionSignage)-")).toBe(true);
  });

  it("inlines synchronous calls and leaves asynchronous ones remote in the papers' setup", () => {
    expect(written(TREE, paperSetup(TREE))).toBe("(A,B,D,E)-(C)-(F)-(G)");
    expect(paperSetup(TREE, 512)).toEqual({
      A: { memory: 512, inline: ["B", "D", "E"] },
      C: { memory: 512 },
      F: { memory: 512 },
      G: { memory: 512 },
    });
  });

  it("keeps a function for every asynchronous callee, also where its calls are inlined", () => {
    expect(written(TREE, allInOne(TREE))).toBe("(A,B,C,D,E,F,G)-(C)-(F)-(G)");
  });

  it("puts one task into several groups", () => {
    const graph = graphOf("P -> X, Q -> X, X -> Y");
    const setup = { P: { inline: ["X"] }, Q: { inline: ["X", "Y"] } };
    expect(written(graph, setup)).toBe("(P,X)-(Q,X,Y)-(Y)");
  });

  it("needs no function for a task that is inlined wherever it is called", () => {
    expect(written(graphOf("A -> B"), { A: { inline: ["B"] } })).toBe("(A,B)");
  });

  it("tells the kinds of a call apart: inlining synchronous calls leaves asynchronous ones remote", () => {
    const graph = graphOf("A -> B, A ~> B");
    const [a] = resolveSetup(graph, { A: { inline: ["B"] } });
    expect(a).toEqual({ root: "A", memory: 128, inline: ["B"], inlineAsync: [], tasks: ["A", "B"] });
    expect(written(graph, { A: { inline: ["B"] } })).toBe("(A,B)-(B)");
  });

  it("ends on recursion and cycles", () => {
    const graph = graphOf("A -> B, B -> C, C -> A, C -> C");
    expect(
      written({ ...graph, tasks: graph.tasks.map((t) => ({ ...t, entry: t.name === "A" })) }, { A: { inline: ["A", "B", "C"] } }),
    ).toBe("(A,B,C)");
  });

  it("ignores roots, names and calls of tasks that do not exist", () => {
    const graph = graphOf("A -> B");
    graph.calls.push({ ...graph.calls[0]!, to: "gone" });
    expect(written(graph, { nope: { memory: 512 }, A: { inline: ["toString", "gone"] } })).toBe("(A)-(B)");
  });

  it("keeps functions for exclusive tasks and for tasks whose calls cannot be followed", () => {
    const graph = graphOf("A -> B, A -> C");
    const setup = { A: { inline: ["B", "C"] } };
    expect(notation(resolveSetup(graph, setup, { exclusive: ["B"] }))).toBe("(A,B,C)-(B)");
    graph.tasks.find((t) => t.name === "C")!.escapes = true;
    expect(written(graph, setup)).toBe("(A,B,C)-(C)");
  });
});

describe("notation", () => {
  it("is read back", () => {
    expect(parseNotation("(A,B)-(C)")).toEqual([["A", "B"], ["C"]]);
    expect(parseNotation(" ( a-1 , b_2 ) - (C) ")).toEqual([["a-1", "b_2"], ["C"]]);
    expect(parseNotation("")).toEqual([]);
    for (const graph of [TREE, IOT]) {
      const functions = resolveSetup(graph, paperSetup(graph));
      expect(parseNotation(notation(functions))).toEqual(functions.map((f) => f.tasks));
    }
  });

  it.each(["A", "(A", "()", "(A)-", "(A)(B)", "(A,)", "(A)-(B))"])("refuses %s", (text) => {
    expect(() => parseNotation(text)).toThrow(expect.objectContaining({ code: "notation-broken" }) as Error);
  });
});

const anyGraph = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }), fc.boolean()), { minLength: 1, maxLength: 20 })
  .map((edges) => graphOf(edges.map(([a, b, sync]) => `t${a} ${sync ? "->" : "~>"} t${b}`).join(", ")));

const seeded = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

describe("any setup of any graph", () => {
  it("has a function for the callee of every call that is not inlined", () => {
    fc.assert(
      fc.property(anyGraph, fc.nat(), (graph, seed) => {
        const functions = resolveSetup(graph, randomSetup(graph, seeded(seed), [128, 512, 1769]));
        const roots = new Set(functions.map((f) => f.root));
        for (const f of functions) {
          for (const call of graph.calls.filter((c) => f.tasks.includes(c.from))) {
            const inlined = (call.kind === "sync" ? f.inline : f.inlineAsync).includes(call.to);
            expect(inlined ? f.tasks.includes(call.to) : roots.has(call.to)).toBe(true);
            if (call.kind === "async") expect(roots.has(call.to)).toBe(true);
          }
        }
      }),
    );
  });

  it("means the same after normalising, and is then as short as it gets", () => {
    fc.assert(
      fc.property(anyGraph, fc.nat(), (graph, seed) => {
        const random = randomSetup(graph, seeded(seed), [128, 512]);
        const long = { ...random, t0: { memory: 128, inline: ["t1", "t1", "nowhere"], inlineAsync: [], ...random.t0 } };
        const short = normalizeSetup(graph, long);
        expect(resolveSetup(graph, short)).toEqual(resolveSetup(graph, long));
        expect(normalizeSetup(graph, short)).toEqual(short);
      }),
    );
  });
});

describe("setupId", () => {
  it("is the same for every way to write one setup", () => {
    const id = setupId({ A: { memory: 512, inline: ["B", "C"] } });
    expect(id).toMatch(/^[0-9a-f]{10}$/);
    expect(setupId({ B: { memory: 128 }, A: { inlineAsync: [], inline: ["C", "B", "C"], memory: 512 } })).toBe(id);
    expect(setupId({ A: { memory: 512, inline: ["B", "C", "gone"] }, gone: { memory: 256 } }, ["A", "B", "C"])).toBe(id);
    expect(setupId({ A: {} })).toBe(setupId({}));
  });

  it("differs between setups that differ", () => {
    const setups: FusionSetup[] = [
      {},
      { A: { memory: 256 } },
      { A: { inline: ["B"] } },
      { A: { inlineAsync: ["B"] } },
      { B: { inline: ["A"] } },
      { A: { inline: ["B", "C"] } },
    ];
    expect(new Set(setups.map((s) => setupId(s))).size).toBe(setups.length);
  });

  it("never changes between versions: history and releases are kept under it", () => {
    expect(setupId({})).toBe("0f60e0a0c3");
    expect(setupId(paperSetup(TREE, 512))).toBe("810495d5da");
  });
});
