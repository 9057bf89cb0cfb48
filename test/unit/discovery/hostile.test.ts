import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDiscovery, discover, stripTasks } from "../../../extension/discovery/index.ts";
import { brief } from "./workspace.ts";

const codes = (text: string, file = "src/x.ts") => discover([{ file, text }]).diagnostics.map((d) => d.code);
const IMPORT = 'import { task } from "fusionize"; ';

describe("hostile input", () => {
  it.each([
    ["brackets", "(".repeat(50_000)],
    ["closed brackets", `${"(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["lists", `x = ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["blocks", `${"{".repeat(20_000)}${"}".repeat(20_000)}`],
    ["arrows", `x = ${"() => ".repeat(20_000)}1`],
    ["calls", `x${"()".repeat(20_000)}`],
    ["members", `x${".y".repeat(20_000)}`],
    ["unary operators", `x = ${"!".repeat(20_000)}1`],
    ["conditions", `x = ${"a ? ".repeat(10_000)}1${" : 1".repeat(10_000)}`],
    ["templates", `x = ${"`${".repeat(10_000)}1${"}`".repeat(10_000)}`],
    ["functions", `${"function f() {".repeat(10_000)}${"}".repeat(10_000)}`],
    ["types", `let x: ${"A<".repeat(20_000)}B${">".repeat(20_000)};`],
    ["smaller than", `x = ${"a < ".repeat(3_000)}a`],
    ["else if", `${"if (a) b(); else ".repeat(10_000)}c();`],
  ])("deeply nested %s are told, not followed into the ground", (_, text) => {
    const found = codes(IMPORT + text);
    for (const code of found) expect(["source-syntax", "source-too-deep"]).toContain(code);
    expect(() => stripTasks("src/x.ts", IMPORT + text, new Set())).not.toThrow();
  });

  it.each([
    ["+", `x = ${"a + ".repeat(1_500)}a;`],
    ["awaits", "await a(1);\n".repeat(20_000)],
    ["one line", "a(1);".repeat(20_000)],
    ["strings", `x = "${"é🙂\\u0041".repeat(20_000)}";`],
  ])("long files of %s are read", (_, text) => {
    expect(codes(IMPORT + text)).toEqual([]);
  });

  it("files of many megabytes are left out, and say so", () => {
    expect(codes(`// ${"x".repeat(4_000_000)}`)).toEqual(["source-too-large"]);
  });

  it.each([
    ["\0\uFFFF\uD800"],
    ["\u2028\u2029\r\r\n\uFEFF"],
    ['task("\\ud83d", 1)'],
    ["#!/usr/bin/env node\n"],
    ["<div>{a}</div>"],
    ["@x class A { @y() z(@w p) {} }"],
    ["using x = y; await using z = y;"],
    ["label: { break label; }"],
    ["enum E { A = 1, B }"],
    ["declare module 'x' { export const y: number; }"],
    ["export = 1;"],
    ["import x, { type y } from 'z' with { type: 'json' };"],
    [
      "abstract class A { abstract x(): void; declare y: number; accessor z = 1; static { this.w = 1; } constructor(); constructor(private readonly a = 1) {} }",
    ],
    ["function f(this: A, ...r: B[]): asserts r is C[]; function f() {}"],
    ["for (const x in y) {} for await (const z of w) {} with (a) {}"],
    ["from namespace super"],
    ["new.target; import.meta.url; super.x(); #a in b;"],
  ])("odd but possible: %s", (text) => {
    expect(() => codes(IMPORT + text)).not.toThrow();
    expect(() => codes(IMPORT + text, "src/x.jsx")).not.toThrow();
    expect(() => codes(IMPORT + text, "src/x.cjs")).not.toThrow();
  });

  it("any text is read without a crash, and no other file suffers", () => {
    const token = fc.constantFrom(
      ..."import export default from task ( ) { } [ ] => , ; : . ?. ... = const let var function async await class extends new this super return yield * ` ${ } \" ' / < > a b c x 1 'fusionize' \"x\" require module.exports exports type as satisfies namespace enum @ # ! ~ + - && || ?? ? for of in if else while do try catch finally switch case void typeof delete".split(
        " ",
      ),
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(token, { maxLength: 80 }).map((tokens) => tokens.join(" ")),
      fc.array(token, { maxLength: 40 }).map((tokens) => `${IMPORT}const a = task("a", async () => { ${tokens.join(" ")} });`),
    );
    fc.assert(
      fc.property(text, fc.constantFrom("ts", "tsx", "js", "cjs", "mts"), (hostile, extension) => {
        const graph = discover([
          { file: `src/a.${extension}`, text: hostile },
          {
            file: "src/b.ts",
            text: `${IMPORT}export const good = task("good", async () => { await other(1); }); const other = task("other", async () => 1);`,
          },
        ]);
        expect(graph.calls).toContainEqual(expect.objectContaining({ from: "good", to: "other" }));
        stripTasks(`src/a.${extension}`, hostile, new Set());
      }),
      { numRuns: 1500 },
    );
  });

  it("circles of values, modules and classes end", () => {
    expect(
      brief(
        `${IMPORT}\nconst o: any = {}; o.o = o; o.list = [o, ...[o]]; Object.assign(o, { ...o });\nclass A extends B {} class B extends A {}\nfunction f(g: any): any { return g(f)(g); }\nconst x = task("x", async () => { await f(f); await o.o.o.t(1); });\no.t = task("t", async () => 1);\n=== src/m.ts\nexport * from "./n";\nexport { z } from "./n";\n=== src/n.ts\nexport * from "./m";\nexport { z } from "./m";\n`,
      ),
    ).toContain("x -> t");
  });

  it("names like those of JavaScript's own are names", () => {
    expect(
      brief(
        `${IMPORT}\nexport const constructor = task("constructor", async () => { await hasOwnProperty(1); });\nexport const hasOwnProperty = task("hasOwnProperty", async () => 1);\n=== src/y.ts\nimport * as t from "./tasks"; ${IMPORT}\ntask("toString", async () => { await t.constructor(1); await (t as any).valueOf(1); });\n`,
      ),
    ).toMatch(/^constructor -> hasOwnProperty, toString -> constructor/);
  });
});

describe("createDiscovery", () => {
  const file = (i: number, n: number, extra = "") =>
    `${IMPORT}\nimport { t${(i + 1) % n} } from "./t${(i + 1) % n}";\nexport const t${i} = task("t${i}", async (x: number) => {\n  ${i % 10 === 9 ? "" : `await t${(i + 1) % n}(x);`}\n  ${extra}\n  return x;\n});\n`;

  it("gives what discovery from scratch gives, after any sequence of updates", () => {
    const step = fc.tuple(fc.nat(5), fc.constantFrom("await t0.async(1);", "x(", "", undefined));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        const discovery = createDiscovery();
        const texts = new Map<string, string>();
        for (const [i, extra] of steps) {
          const name = `src/t${i}.ts`;
          const text = extra === undefined ? undefined : file(i, 6, extra);
          discovery.update(name, text);
          if (text === undefined) texts.delete(name);
          else texts.set(name, text);
          expect(discovery.graph()).toEqual(discover([...texts].map(([f, t]) => ({ file: f, text: t }))));
          expect(discovery.files().toSorted()).toEqual([...texts.keys()].toSorted());
        }
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same graph until something changes", () => {
    const discovery = createDiscovery();
    discovery.update("src/t0.ts", file(0, 2));
    const graph = discovery.graph();
    discovery.update("./src/t0.ts", file(0, 2));
    expect(discovery.graph()).toBe(graph);
    discovery.update("src/t1.ts", file(1, 2));
    expect(discovery.graph()).not.toBe(graph);
  });

  it("reads 3,000 tasks, and after one edit does a fraction of that work", () => {
    const discovery = createDiscovery();
    const n = 3000;
    const begin = performance.now();
    for (let i = 0; i < n; i++) discovery.update(`src/t${i}.ts`, file(i, n));
    expect(discovery.graph().tasks).toHaveLength(n);
    const cold = performance.now() - begin;
    const edited = performance.now();
    discovery.update("src/t9.ts", file(9, n, "await t10.async(x);"));
    const graph = discovery.graph();
    const warm = performance.now() - edited;
    expect(graph.calls).toHaveLength(n - n / 10 + 1);
    expect(warm).toBeLessThan(cold);
    console.info(`3,000 tasks: ${Math.round(cold)} ms cold, ${Math.round(warm)} ms after one edit`);
  });
});
