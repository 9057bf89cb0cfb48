import { describe, expect, it } from "vitest";
import { brief, TASKS } from "./workspace.ts";

/** Body of a task `main` that has imported a, b and c by the line `imports`. */
const inMain = (body: string, imports = 'import { a, b, c } from "./tasks";') =>
  brief(
    `${TASKS}=== src/main.ts\nimport { task } from "fusionize"; ${imports}\nexport const main = task("main", async (n: number, context) => {\n${body}\n});\n`,
  );

describe("calls inside a handler", () => {
  it.each([
    ["a plain call", "return await a(n);", "main -> a"],
    ["an asynchronous call", "await a.async(n);", "main ~> a"],
    ["both kinds", "await a(n); await a.async(n);", "main -> a, main ~> a"],
    ["an alias", "const x = a; const y = x; await y(n);", "main -> a"],
    ["an alias of async", "const later = a.async; await later(n);", "main ~> a"],
    ["destructured async", "const { async: later } = a; await later(n);", "main ~> a"],
    ["optional calls", "await a?.(n); await b?.async(n);", "main -> a, main ~> b"],
    ["casts and brackets", "await (a as any)(n); await (b!)(n); await (<any>c)(n);", "main -> a, main -> b, main -> c"],
    ["explicit types", "await (a satisfies Function)(n);", "main -> a"],
    ["Promise.all of calls", "await Promise.all([a(n), b.async(n), c(n)]);", "main -> a, main ~> b, main -> c"],
    ["map with the task itself", "await Promise.all([1, 2].map(a));", "main -> a"],
    ["map with async itself", "await Promise.all([1, 2].map(a.async));", "main ~> a"],
    ["map with a callback", "await Promise.all([1, 2].map((i) => a(i)));", "main -> a"],
    ["map over tasks", "await Promise.all([a, b].map((t) => t(n)));", "main -> a, main -> b"],
    ["a loop over tasks", "for (const t of [a, b]) await t(n);", "main -> a, main -> b"],
    ["a loop", "for (let i = 0; i < n; i++) { if (i % 2) await a(i); else await b(i); }", "main -> a, main -> b"],
    ["while and do", "while (await a(n)) { do { await b(n); } while (n); }", "main -> a, main -> b"],
    ["a choice", "await (n > 1 ? a : b)(n); await (c ?? a)(n);", "main -> a, main -> b, main -> c"],
    [
      "try, switch, labels",
      "try { await a(n); } catch (e) { await b(n); } finally { l: switch (n) { case 1: await c(n); break l; } }",
      "main -> a, main -> b, main -> c",
    ],
    ["an object", "const tasks = { a, later: b }; await tasks.a(n); await tasks['later'](n);", "main -> a, main -> b"],
    ["a nested object", "const t = { x: { y: a } }; const { x: { y } } = t; await y(n);", "main -> a"],
    ["spread objects", "const t = { ...{ a }, ...{ b } }; await t.a(n); await t.b(n);", "main -> a, main -> b"],
    [
      "rest and arrays",
      "const [x, ...more] = [a, b, c]; await x(n); for (const m of more) await m(n);",
      "main -> a, main -> b, main -> c",
    ],
    ["default values", "const { x = a } = {} as any; await x(n);", "main -> a"],
    ["reassigned variables", "let x = a; if (n) x = b; await x(n);", "main -> a, main -> b"],
    ["hoisted var", "if (n) { var x = a; } await x(n);", "main -> a"],
    ["a pushed list", "const list: any[] = []; list.push(a, b); await list[0](n);", "main -> a, main -> b"],
    ["a map", "const m = new Map([['a', a]]); m.set('b', b); await m.get('a')!(n);", "main -> a, main -> b"],
    ["Object.values", "for (const t of Object.values({ a, b })) await t(n);", "main -> a, main -> b"],
    ["Object.entries", "for (const [, t] of Object.entries({ a, b })) await t(n);", "main -> a, main -> b"],
    ["then and catch", "return await a(n).then((r) => b(r)).catch(c);", "main -> a, main -> b, main -> c"],
    ["then with a task", "return await a(n).then(b);", "main -> a, main -> b"],
    ["reduce", "return await [1].reduce(async (p, i) => { await p; return a(i); }, Promise.resolve(0));", "main -> a"],
    [
      "call, apply, bind",
      "await a.call(null, n); await b.apply(null, [n]); const x = c.bind(null, n); await x();",
      "main -> a, main -> b, main -> c",
    ],
    ["a local function, called before it is written", "await help(); async function help() { await a(n); }", "main -> a"],
    ["a local function that gets the task", "const run = async (t: any) => await t(n); await run(a);", "main -> a"],
    ["a local function that gives the task", "const pick = () => n ? a : b; await pick()(n);", "main -> a, main -> b"],
    ["a class", "class R { constructor(private t: any) {} async run() { await this.t(n); } } await new R(a).run();", "main -> a"],
    ["inherited methods", "class P { async run() { await a(n); } } class Q extends P {} await new Q().run();", "main -> a"],
    [
      "class fields and statics",
      "class R { f = a; static g = b; #h = c; async run() { await this.f(n); await R.g(n); await this.#h(n); } } await new R().run();",
      "main -> a, main -> b, main -> c",
    ],
    ["object methods with this", "const o = { t: a, async run() { await this.t(n); } }; await o.run();", "main -> a"],
    ["getters", "const o = { get t() { return a; } }; await o.t(n);", "main -> a"],
    ["generators", "function* g() { yield a; } for (const t of g()) await t(n);", "main -> a"],
    ["template literals and arguments", "return `${await a(n)} ${await b(await c(n))}`;", "main -> a, main -> b, main -> c"],
    [
      "callbacks of unknown functions",
      "await context.retry(() => a(n)); await context.with({ run: async () => { await b(n); } });",
      "main -> a, main -> b",
    ],
    ["constant keys", "const key = 'a'; const tasks = { a, b }; await tasks[key](n);", "main -> a"],
    ["a shadowed name is another", "{ const a = async (x: number) => x; await a(n); } await b(n);", "main -> b"],
    ["comma, void results used", "const r = (0, a)(n); return r;", "main -> a"],
    ["recursion", "if (n) await main(n - 1);", "main -> main"],
  ])("%s", (_, body, expected) => {
    expect(inMain(body)).toBe(expected);
  });
});

describe("calls over modules", () => {
  it.each([
    ["renamed", 'import { a as x } from "./tasks";', "await x(n);", ""],
    ["a namespace", 'import * as tasks from "./tasks";', "await tasks.a(n);", ""],
    ["destructured namespace", 'import * as tasks from "./tasks"; const { a } = tasks;', "await a(n);", ""],
    [".js meaning .ts", 'import { a } from "./tasks.js";', "await a(n);", ""],
    [".ts", 'import { a } from "./tasks.ts";', "await a(n);", ""],
    ["an index file", 'import { a } from "./all";', "await a(n);", '=== src/all/index.ts\nexport * from "../tasks";\n'],
    [
      "export star of star",
      'import { a } from "./x";',
      "await a(n);",
      '=== src/x.ts\nexport * from "./y.js";\n=== src/y.ts\nexport * from "./tasks";\n',
    ],
    [
      "circular stars",
      'import { a } from "./x";',
      "await a(n);",
      '=== src/x.ts\nexport * from "./y";\nexport * from "./tasks";\n=== src/y.ts\nexport * from "./x";\n',
    ],
    ["renamed re-export", 'import { z } from "./x";', "await z(n);", '=== src/x.ts\nexport { a as z } from "./tasks";\n'],
    [
      "re-export of an import",
      'import { z } from "./x";',
      "await z(n);",
      '=== src/x.ts\nimport { a } from "./tasks";\nexport { a as z };\n',
    ],
    ["export star as", 'import { all } from "./x";', "await all.a(n);", '=== src/x.ts\nexport * as all from "./tasks";\n'],
    [
      "a default export",
      'import x from "./x";',
      "await x(n);",
      '=== src/x.ts\nimport { a } from "./tasks";\nexport default a;\n',
    ],
    [
      "default as named",
      'import { default as x } from "./x";',
      "await x(n);",
      '=== src/x.ts\nexport { a as default } from "./tasks";\n',
    ],
    [
      "an object of tasks",
      'import { tasks } from "./x";',
      "await tasks.a(n);",
      '=== src/x.ts\nimport * as all from "./tasks";\nexport const tasks = { ...all };\n',
    ],
    ["a dynamic import", "", 'const { a } = await import("./tasks"); await a(n);', ""],
    ["require", "", 'const { a } = require("./tasks"); await a(n);', ""],
    ["import = require", 'import t = require("./tasks");', "await t.a(n);", ""],
    ["CommonJS exports", 'import { x } from "./x.cjs";', "await x(n);", '=== src/x.cjs\nexports.x = require("./tasks").a;\n'],
    [
      "module.exports",
      'import x from "./x.cjs";',
      "await x.y(n);",
      '=== src/x.cjs\nconst { a } = require("./tasks");\nmodule.exports = { y: a };\n',
    ],
    [
      "a helper in another module",
      'import { help } from "./x";',
      "await help(n);",
      '=== src/x.ts\nimport { a } from "./tasks";\nexport async function help(n: number) { return deep(n); }\nconst deep = (n: number) => a(n);\n',
    ],
    [
      "a namespace of TypeScript",
      'import { N } from "./x";',
      "await N.t(n);",
      '=== src/x.ts\nimport { a } from "./tasks";\nexport namespace N { export const t = a; }\n',
    ],
  ])("%s", (_, imports, body, more) => {
    expect(
      brief(
        `${TASKS}${more}=== src/main.ts\nimport { task } from "fusionize"; ${imports}\ntask("main", async (n) => { ${body} });\n`,
      ),
    ).toBe("main -> a");
  });

  it("finds modules by the paths of tsconfig.json", () => {
    const text = `${TASKS}=== src/main.ts\nimport { task } from "fusionize"; import { a } from "@app/tasks"; import { b } from "src/tasks";\ntask("main", async (n) => { await a(n); await b(n); });\n`;
    expect(brief(text, { baseUrl: "", paths: { "@app/*": ["lib/*", "src/*"] } })).toBe("main -> a, main -> b");
  });
});

describe("handlers", () => {
  const withHandler = (definition: string) =>
    brief(`${TASKS}=== src/main.ts\nimport { task } from "fusionize"; import { a } from "./tasks";\n${definition}\n`);
  it.each([
    ["a function declared later", 'task("main", handler); async function handler(n: number) { await a(n); }'],
    ["a constant", 'const handler = async (n: number) => { await a(n); }; task("main", handler);'],
    ["made by a function", 'const wrap = (f: any) => async (n: number) => f(n); task("main", wrap((n: number) => a(n)));'],
    ["a method", 'const handlers = { async main(n: number) { await a(n); } }; task("main", handlers.main);'],
    ["explicit types", 'task<number, number>("main", async function main(n) { return await a(n); });'],
    ["a template literal as the name", "task(`main`, async (n: number) => { await a(n); });"],
  ])("%s", (_, definition) => {
    expect(withHandler(definition)).toBe("main -> a");
  });

  it("in another module", () => {
    expect(
      brief(
        `${TASKS}=== src/main.ts\nimport { task } from "fusionize"; import { handler } from "./handler";\ntask("main", handler);\n=== src/handler.ts\nimport { a } from "./tasks";\nexport const handler = async (n: number) => { await a(n); };\n`,
      ),
    ).toBe("main -> a");
  });

  it("says so when it cannot be followed", () => {
    expect(withHandler('import { handler } from "some-package"; task("main", handler);')).toBe("task-handler-unknown@2");
  });

  it("belongs to its own task, where tasks are written inside each other's modules", () => {
    expect(
      brief(
        'import { task } from "fusionize";\nconst a = task("a", async () => { await b(1); });\nconst b = task("b", async () => { await c(1); });\nconst c = task("c", async () => 1);\n',
      ),
    ).toBe("a -> b, b -> c");
  });
});

describe("ways to get the library", () => {
  it.each([
    ['import { task as t } from "fusionize";', "t"],
    ['import * as f from "fusionize";', "f.task"],
    ['import f from "fusionize";', "f.task"],
    ['import { task } from "fusionize"; const define = task;', "define"],
    ['const { task } = require("fusionize");', "task"],
    ['const { task: t } = require("fusionize");', "t"],
    ['const f = require("fusionize");', "f.task"],
    ['const t = require("fusionize").task;', "t"],
    ['import f = require("fusionize");', "f.task"],
    ['const { task } = await import("fusionize");', "task"],
  ])("%s", (imports, task) => {
    const text = `${imports}\nconst x = ${task}("x", async () => { await y(1); });\nconst y = ${task}("y", async () => 1);\n`;
    expect(brief(text)).toBe("x -> y");
  });

  it("takes no other function of that name for it", () => {
    expect(
      brief(
        'const task = (name: string, f: any) => f;\ntask("x", async () => 1);\n=== src/b.ts\nimport { task } from "other";\ntask("y", async () => 1);\n',
      ),
    ).toBe("");
    expect(brief('import { task } from "fusionize";\nfunction f(task: any) { task("x", 1); }\nf(1);\n')).toBe("");
  });
});
