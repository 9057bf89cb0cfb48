import { transformSync } from "esbuild";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stripTasks, taskDefinitions } from "../../../extension/discovery/index.ts";

const strip = (text: string, keep: string[] = [], file = "src/x.ts") => stripTasks(file, text, new Set(keep));
/** Without the blanks that stand for what was left out. */
const short = (text: string) => text.replace(/ {2,}/g, " ").replace(/ \)/g, ")");
const IMPORT = 'import { task } from "fusionize";';

describe("stripTasks", () => {
  it.each([
    [`${IMPORT} task("x", async () => 1);`, `${IMPORT} task("x");`],
    [`${IMPORT} task("x", handler);`, `${IMPORT} task("x");`],
    [
      `${IMPORT} task<In, Out<A<B>>>("x", async (a: In): Promise<Out<A<B>>> => f(a, (b), [c]),);`,
      `${IMPORT} task<In, Out<A<B>>>("x");`,
    ],
    [`${IMPORT} task(/* , */ "x" /* ) */, /* ( */ async () => ")" /* " */ );`, `${IMPORT} task(/* , */ "x");`],
    [`${IMPORT} task(("x"), () => 1);`, `${IMPORT} task(("x"));`],
    [`${IMPORT} task(\`x\`, () => 1);`, `${IMPORT} task(\`x\`);`],
    [`${IMPORT} task("x" as const, () => 1);`, `${IMPORT} task("x" as const);`],
    [
      'import { task as t } from "fusionize"; t("x", () => 1); task("y", () => 1);',
      'import { task as t } from "fusionize"; t("x"); task("y", () => 1);',
    ],
    [
      'import * as f from "fusionize"; f.task("x", () => 1); f["task"]("y", () => 1);',
      'import * as f from "fusionize"; f.task("x"); f["task"]("y");',
    ],
    [
      'const { task } = require("fusionize"); exports.x = task("x", () => 1);',
      'const { task } = require("fusionize"); exports.x = task("x");',
    ],
    [
      `${IMPORT} { const task = (a, b) => b; task("x", () => 1); }`,
      `${IMPORT} { const task = (a, b) => b; task("x", () => 1); }`,
    ],
    [`${IMPORT} function f(task) { task("x", () => 1); }`, `${IMPORT} function f(task) { task("x", () => 1); }`],
    [
      'import { task } from "other"; task("x", () => "fusionize");',
      'import { task } from "other"; task("x", () => "fusionize");',
    ],
    [`${IMPORT} task("x");`, `${IMPORT} task("x");`],
    [`${IMPORT} task(name, () => 1);`, `${IMPORT} task(name, () => 1);`],
    [`${IMPORT} export default task("x", () => 1)`, `${IMPORT} export default task("x")`],
    [`${IMPORT} task("x", () => 1, more);`, `${IMPORT} task("x");`],
    [`${IMPORT} task("x", () => { broken`, `${IMPORT} task("x", () => { broken`],
  ])("%s", (text, expected) => {
    expect(short(strip(text))).toBe(expected);
  });

  it("keeps the tasks that it is told to keep", () => {
    const text = `${IMPORT}\ntask("x", () => 1);\ntask("y", () => 2);\n`;
    expect(strip(text, ["x", "y"])).toBe(text);
    expect(short(strip(text, ["x"]))).toBe(`${IMPORT}\ntask("x", () => 1);\ntask("y");\n`);
  });

  it("takes what is defined inside a handler away with it, and keeps it with it", () => {
    const text = `${IMPORT} task("x", () => { task("y", () => 1); });`;
    expect(short(strip(text))).toBe(`${IMPORT} task("x");`);
    expect(short(strip(text, ["x"]))).toBe(`${IMPORT} task("x", () => { task("y"); });`);
  });

  it("leaves every other character at its line and column", () => {
    const text = `${IMPORT}\r\nexport const x = task("x", async () => {\r\n  const s = "🙂é";\n  return s;\n}); export const y = task("y", async () => 1);\n`;
    const stripped = strip(text, ["y"]);
    expect(stripped).toHaveLength(text.length);
    expect(stripped.split("\n").map((l) => l.trimEnd())).toEqual([
      IMPORT,
      'export const x = task("x"',
      "",
      "",
      ' ); export const y = task("y", async () => 1);',
      "",
    ]);
  });
});

describe("taskDefinitions", () => {
  it("says where calls, names and handlers stand", () => {
    const text = `${IMPORT}\nexport const x = task<string>("x", async (s) => s);\ntask("ref");\ntask(name, f);`;
    const parts = taskDefinitions("src/x.ts", text).map((d) => ({
      name: d.name,
      call: text.slice(d.start, d.end),
      literal: text.slice(d.nameStart, d.nameEnd),
      handler: d.handlerStart === undefined ? undefined : text.slice(d.handlerStart, d.handlerEnd),
    }));
    expect(parts).toEqual([
      { name: "x", call: 'task<string>("x", async (s) => s)', literal: '"x"', handler: "async (s) => s" },
      { name: "ref", call: 'task("ref")', literal: '"ref"', handler: undefined },
      { name: undefined, call: "task(name, f)", literal: "name", handler: "f" },
    ]);
  });
});

describe("any module of tasks", () => {
  const handler = fc.constantFrom(
    "async (n: number) => n",
    "function (this: void) { return [1, (2)]; }",
    "async () => {\n  // )\n  await x(1);\n}",
    "handler",
    "(() => f)()",
  );
  const space = fc.constantFrom("", " ", "\n", " /* , ) */ ", " // )\n");
  const definition = fc.tuple(
    fc.constantFrom("a", "b", "c", "d"),
    handler,
    fc.array(space, { minLength: 6, maxLength: 6 }),
    fc.constantFrom("", "<number, Map<string, A[]>>"),
    fc.constantFrom("", ","),
  );
  it("still parses after stripping, and has only the handlers that were kept", () => {
    fc.assert(
      fc.property(fc.array(definition, { maxLength: 6 }), fc.subarray(["a", "b", "c", "d"]), (definitions, keep) => {
        const text = `${IMPORT}\n${definitions.map(([name, h, [s1, s2, s3, s4, s5, s6], generics, comma]) => `task${generics}${s1}(${s2}"${name}"${s3},${s4}${h}${s5}${comma}${s6});`).join("\n")}\n`;
        const stripped = strip(text, keep);
        expect(stripped).toHaveLength(text.length);
        expect(stripped.split("\n")).toHaveLength(text.split("\n").length);
        transformSync(stripped, { loader: "ts" });
        expect(taskDefinitions("src/x.ts", stripped).map((d) => [d.name, d.handlerStart !== undefined])).toEqual(
          definitions.map(([name]) => [name, keep.includes(name)]),
        );
      }),
      { numRuns: 300 },
    );
  });
});
