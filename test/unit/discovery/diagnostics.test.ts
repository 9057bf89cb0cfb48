import { describe, expect, it } from "vitest";
import { discover } from "../../../extension/discovery/index.ts";
import { files, TASKS } from "./workspace.ts";

/** Findings as `severity code file:line:column-line:column`, and their messages. */
function findings(text: string): { at: string; message: string }[] {
  return discover(files(text)).diagnostics.map((d) => ({
    at: `${d.severity} ${d.code} ${d.file}:${d.line}:${d.column}-${d.endLine}:${d.endColumn}`,
    message: d.message,
  }));
}
const IMPORT = 'import { task } from "fusionize";\n';
const main = (body: string, imports = 'import { a, b, c } from "./tasks";') =>
  `${TASKS}=== src/main.ts\nimport { task } from "fusionize"; ${imports}\ntask("main", async (n: number, context: any) => {\n${body}\n});\n`;
const only = (text: string) => {
  const all = findings(text);
  expect(all.map((f) => f.at)).toHaveLength(1);
  return `${all[0]!.at} ${all[0]!.message}`;
};

describe("definitions", () => {
  it("must have a literal name", () => {
    expect(only(`${IMPORT}const name = "x";\ntask(name, async () => 1);`)).toBe(
      'error task-name-not-literal src/tasks.ts:3:6-3:10 A task\'s name must be written as a string literal: task("x", …).',
    );
    expect(only(`${IMPORT}task(\`x\${1}\`, async () => 1);`)).toContain("error task-name-not-literal src/tasks.ts:2:6-2:13");
    expect(only(`${IMPORT}task();`)).toContain("error task-name-missing");
  });

  it("must have a name that Lambda takes", () => {
    for (const name of ["a b", "", "1a", "__proto__", "x".repeat(65), "naïve"])
      expect(only(`${IMPORT}task("${name}", async () => 1);`)).toContain("error task-name-invalid src/tasks.ts:2:6");
    expect(findings(`${IMPORT}task("constructor", async () => 1); task("a-b_1", async () => 1);`)).toEqual([]);
  });

  it("have unique names: both places are named", () => {
    const all = findings(`${IMPORT}task("x", async () => 1);\n=== src/b.ts\n${IMPORT}\ntask("x", async () => 2);\n`);
    expect(all.map((f) => f.at)).toEqual(["error task-duplicate src/b.ts:3:1-3:9", "error task-duplicate src/tasks.ts:2:1-2:9"]);
    expect(all[0]!.message).toContain("src/tasks.ts:2");
    expect(all[1]!.message).toContain("src/b.ts:3");
  });

  it("stand at the top level", () => {
    expect(only(`${IMPORT}export function make() { return task("x", async () => 1); }`)).toContain(
      "error task-in-function src/tasks.ts:2:38-2:41",
    );
  });

  it("use the library's task function of the same file, so that the bundler sees them", () => {
    expect(
      only(
        `=== src/lib.ts\nexport { task as define } from "fusionize";\n=== src/x.ts\nimport { define } from "./lib";\ndefine("x", async () => 1);\n`,
      ),
    ).toContain("error task-not-imported src/x.ts:2:1");
  });

  it("may be referred to by name where they exist", () => {
    const text = `=== src/a.ts\n${IMPORT}const b = task("b");\nexport const a = task("a", async () => { await b(1); });\n=== src/b.ts\n${IMPORT}task("b", async () => 1);\n`;
    expect(findings(text)).toEqual([]);
    expect(discover(files(text)).calls).toMatchObject([{ from: "a", to: "b", kind: "sync" }]);
    expect(only(text.replace('task("b", async', 'task("bee", async'))).toBe(
      'error task-unknown src/a.ts:2:11-2:19 No task of this app is named "b". Define it: task("name", handler).',
    );
    expect(only(text.replaceAll("b", "beta").replace('beta", async', 'betta", async'))).toContain('Did you mean "betta"?');
  });
});

describe("calls", () => {
  it("whose callee is chosen at run time are drawn as calls of each task that it may be, and named", () => {
    const text = main("const tasks = { a, b };\nawait tasks[context.name](n);\nawait tasks[context.name].async(n);");
    const graph = discover(files(text));
    expect(graph.calls.map((c) => `${c.kind} ${c.to}`)).toEqual(["sync a", "sync b", "async a", "async b"]);
    expect(graph.diagnostics.map((d) => `${d.severity} ${d.code} ${d.line}`)).toEqual([
      "warning callee-not-static 4",
      "warning callee-not-static 5",
    ]);
    expect(graph.diagnostics[0]!.message).toContain("tasks[context.name]");
    expect(graph.diagnostics[0]!.message).toContain("(a, b)");
    expect(only(main("await tasks[context.name](n);", 'import * as tasks from "./tasks";'))).toContain("(a, b, c)");
  });

  it.each([
    ["a(n);"],
    ["void a(n);"],
    ["a.async(n);"],
    ["a?.(n);"],
    ["n && a(n);"],
    ["n ? a(n) : undefined;"],
    ["const p = a(n);"],
    ["a(n).catch(() => {});"],
    ["a(n).then(() => 1, () => 2).finally(() => {});"],
    ["[1].forEach(a);"],
    ["[1].forEach((i) => a(i));"],
    ["[1].forEach(async (i) => { await a(i); });"],
    ["[1].map((i) => a(i));"],
    ["[1].map(a.async);"],
  ])("that nobody waits for are warned of: %s", (body) => {
    expect(only(main(body))).toMatch(/^warning call-not-awaited src\/main.ts:3:/);
  });

  it.each([
    ["await a(n);"],
    ["return a(n);"],
    ["const p = a(n); await p;"],
    ["const p = [a(n)]; await Promise.all(p);"],
    ["await Promise.all([1].map((i) => a(i)));"],
    ["await a(n).catch(() => {});"],
    ["const f = () => a(n); await f();"],
    ["const list = []; list.push(a(n)); await Promise.all(list);"],
    ["await [1].reduce((p, i) => p.then(() => a(i)), Promise.resolve());"],
    ["[1].forEach((i) => { list.push(a(i)); }); const list: any[] = []; await Promise.all(list);"],
    ["try { return await a(n); } catch { return 1; }"],
    ["const { x } = await a(n); return x;"],
  ])("that somebody waits for are not: %s", (body) => {
    expect(findings(main(body))).toEqual([]);
  });

  it("that no task reaches are mentioned", () => {
    expect(only(`${TASKS}=== src/script.ts\nimport { a } from "./tasks";\nawait a(1);\n`)).toBe(
      "information call-outside-task src/script.ts:2:7-2:11 No task reaches this call of a, so it is not part of the call graph.",
    );
  });

  it("of names that a module does not export are errors", () => {
    expect(only(main("await aa(n);", 'import { aa } from "./tasks";'))).toBe(
      'error export-unknown src/main.ts:1:44-1:46 src/tasks.ts exports no "aa". Did you mean "a"?',
    );
    expect(only(main("await t.zebra(n);", 'import * as t from "./tasks";'))).toContain(
      'error export-unknown src/main.ts:3:7-3:17 src/tasks.ts exports no "zebra".',
    );
    expect(only(main("await x(n);", 'import x from "./tasks";'))).toContain("exports no default");
    expect(findings(main("const x: T = n; await a(x);", 'import { a, T } from "./tasks";'))).toEqual([]);
  });
});

describe("tasks that escape", () => {
  it.each([
    ["context.register(a);"],
    ["context.register({ a });"],
    ["context.register([a]);"],
    ["new context.Queue(a);"],
    ["setTimeout(a, 10);"],
    ["setTimeout(a.async, 10);"],
    ["context.task = a;"],
    ["globalThis.task = a;"],
  ])("%s", (body) => {
    expect(only(main(body))).toMatch(
      /^information task-escapes src\/main.ts:3:\d+-\S+ a is handed to (a function|an object) that cannot be followed/,
    );
    expect(
      discover(files(main(body)))
        .tasks.filter((t) => t.escapes)
        .map((t) => t.name),
    ).toEqual(["a"]);
  });

  it.each([
    ["console.log(a);"],
    ["JSON.stringify({ a });"],
    ["const o: any = {}; o.x = a; await o.x(n);"],
    ["const list = [a]; list.includes(b);"],
    ["(function (t: any) { return 1; })(a);"],
  ])("but not with %s", (body) => {
    expect(findings(main(body))).toEqual([]);
  });
});

describe("files", () => {
  it("that do not parse are one error, and the others go on", () => {
    const graph = discover(
      files(
        `${TASKS}=== src/broken.ts\n${IMPORT}task("x", async (n) => {\n  const = 1;\n});\n=== src/main.ts\n${IMPORT}import { x } from "./broken"; import { a } from "./tasks";\ntask("main", async (n) => { await a(n); await x(n); });\n`,
      ),
    );
    expect(graph.diagnostics.map((d) => `${d.severity} ${d.code} ${d.file}:${d.line}:${d.column}`)).toEqual([
      "error source-syntax src/broken.ts:3:9",
    ]);
    expect(graph.diagnostics[0]!.message).toMatch(/^The file does not parse: .*[^.]\.$/);
    expect(graph.calls.map((c) => c.to)).toContain("a");
  });

  it("that are imported and missing are mentioned, others than code are not", () => {
    expect(
      only(
        main(
          "help(); await a(n);",
          'import { help } from "../lib/help.js"; import "./style.css"; import data from "./data.json"; import { a } from "./tasks";',
        ),
      ),
    ).toContain("information import-not-found src/main.ts:1:44-1:48 ../lib/help.js is not among the files");
    expect(
      findings(main("await a(n);", 'import type { T } from "./gone"; import { a } from "./tasks"; import { Z } from "./gone";')),
    ).toEqual([]);
  });
});

describe("entries", () => {
  const entries = (text: string) => {
    const graph = discover(files(IMPORT + text));
    return [
      ...graph.tasks.filter((t) => t.entry).map((t) => t.name),
      ...graph.diagnostics.map((d) => `${d.code}@${d.line}`),
    ].join(" ");
  };
  it("are the tasks that no other task calls", () => {
    expect(
      entries(
        'const x = task("x", async () => { await y(1); });\nconst y = task("y", async () => 1);\nconst z = task("z", async () => 1);',
      ),
    ).toBe("x z");
  });
  it("may call themselves", () => {
    expect(entries('const x = task("x", async () => { await x(1); });')).toBe("x");
  });
  it("are the first task of a circle that nothing calls into", () => {
    const cycle = 'const y = task("y", async () => { await x(1); });\nconst x = task("x", async () => { await y(1); });\n';
    expect(entries(cycle)).toBe("y cycle-entry@2");
    expect(entries(`${cycle}task("z", async () => { await x(1); });`)).toBe("z");
    // A circle that leads into another: only the first is called from outside.
    expect(
      entries(
        `const p = task("p", async () => { await q(1); });\nconst q = task("q", async () => { await p(1); });\nconst y = task("y", async () => { await x(1); await p(1); });\nconst x = task("x", async () => { await y(1); });\n`,
      ),
    ).toBe("y cycle-entry@4");
  });
});
