import { describe, expect, it } from "vitest";
import type { App } from "../../../extension/application/types.ts";
import { resolveSetup } from "../../../extension/core/resolve.ts";
import type { CallKind } from "../../../extension/core/graph.ts";
import type { Constraints, FusionSetup } from "../../../extension/core/setup.ts";
import { parseConfig } from "../../../extension/core/config.ts";
import { candidates, moved } from "../../../extension/vscode/features/refactor/groups.ts";
import { nameLiterals } from "../../../extension/vscode/features/refactor/references.ts";
import { setupFixes } from "../../../extension/vscode/features/fixes/setupFixes.ts";
import { applyEdits } from "../../../extension/core/text-edits.ts";

const place = { file: "src/a.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };
const call = (from: string, to: string, kind: CallKind) => ({ ...place, from, to, kind });

function app(setup: FusionSetup = {}, constraints: Constraints = {}): App {
  const graph = {
    tasks: ["a", "b", "c"].map((name) => ({ ...place, name, entry: name === "a" })),
    calls: [call("a", "b", "sync"), call("a", "c", "async"), call("b", "c", "sync")],
    diagnostics: [],
  };
  const { config } = parseConfig(JSON.stringify({ functions: setup, constraints }));
  return {
    folder: "/app",
    setupFile: "/app/fusionize.json",
    config,
    graph,
    setup,
    setupId: "",
    functions: resolveSetup(graph, setup, constraints),
    diagnostics: [],
  };
}

describe("the functions that can run a task", () => {
  it("are those with a task that calls it, with the kinds of their calls", () => {
    expect(candidates(app(), "c")).toEqual([
      { root: "a", kinds: ["async"], member: false },
      { root: "b", kinds: ["sync"], member: false },
    ]);
    expect(candidates(app({ a: { inline: ["b"] } }), "c").find(({ root }) => root === "a")?.kinds).toEqual(["sync", "async"]);
    expect(candidates(app(), "a")).toEqual([]);
  });

  it("are refused where the constraints keep them apart", () => {
    const [a, b] = candidates(app({}, { apart: [["a", "c"]] }), "c");
    expect(a?.refused).toMatch(/keep .* apart/);
    expect(b?.refused).toBeUndefined();
  });
});

describe("moving a task to a group", () => {
  it("inlines its calls of each kind in the chosen functions, and nowhere else", () => {
    const before = app({ b: { memory: 512, inline: ["c"] } });
    expect(moved(before, "c", new Set(["a"]))).toEqual({ a: { inlineAsync: ["c"] }, b: { memory: 512, inline: [] } });
    expect(moved(before, "c", new Set(["a", "b"]))).toEqual({ a: { inlineAsync: ["c"] }, b: { memory: 512, inline: ["c"] } });
  });

  it("changes nothing where everything is as chosen", () => {
    const setup = { a: { inline: ["b"] } };
    expect(moved(app(setup), "b", new Set(["a"]))).toEqual(setup);
  });
});

describe("a task's name in source", () => {
  it.each([
    ['export const b = task("b", async () => 1);', 1],
    ["const b = fusionize.task('b');", 1],
    ['task<Input, Output>("b", run)', 1],
    ['task("bb"); other("b"); const s = "b"; task("a", () => "b")', 0],
  ])("%s", (text, count) => {
    const found = nameLiterals(text, "b");
    expect(found).toHaveLength(count);
    for (const { offset, length } of found) expect(text.slice(offset, offset + length)).toBe("b");
  });
});

describe("fixes of the setup", () => {
  const fixed = (text: string, code: string, at: string, setup: FusionSetup, constraints?: Constraints) =>
    setupFixes(app(setup, constraints), text, code, text.indexOf(at)).map((fix) => [fix.kind, applyEdits(text, fix.edits)]);

  it("offer the name that was meant, or to remove it", () => {
    const text = '{ "functions": { "a": { "inline": ["b", "cc"] } } }';
    expect(fixed(text, "setup-unknown-task", '"cc"', {})).toEqual([
      ["rename", '{ "functions": { "a": { "inline": ["b", "c"] } } }'],
      ["remove", '{ "functions": { "a": { "inline": ["b"] } } }'],
    ]);
  });

  it("remove what does nothing, a whole function with its key", () => {
    const text = '{ "functions": { "a": {}, "b": { "memory": 256 } } }';
    expect(fixed(text, "setup-function-unreached", '"b"', {})).toEqual([["remove", '{ "functions": { "a": {} } }']]);
  });

  it("set the nearest memory size that every task inside allows", () => {
    const text = '{ "functions": { "a": { "memory": 128, "inline": ["b"] } } }';
    const setup = { a: { memory: 128, inline: ["b"] } };
    expect(fixed(text, "setup-memory", "128", setup, { memory: { b: { min: 1024 } } })).toEqual([
      ["memory", text.replace("128", "1024")],
    ]);
    expect(fixed(text, "setup-memory", "128", setup, { memory: { b: { min: 1024 }, a: { max: 512 } } })).toEqual([]);
  });
});
