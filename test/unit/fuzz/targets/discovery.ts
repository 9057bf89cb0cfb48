import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { discover, stripTasks, taskDefinitions } from "../../../../extension/discovery/index.ts";
import { assert, type FuzzTarget } from "../target.ts";

const APPS = join(import.meta.dirname, "../../../apps");

const target: FuzzTarget = {
  seeds: () =>
    readdirSync(APPS, { recursive: true, encoding: "utf8" })
      .filter((file) => /^(?:iot|web|tree)\/src\/[^/]+\.ts$/.test(file.replaceAll("\\", "/")))
      .sort()
      .map((file) => readFileSync(join(APPS, file))),
  tokens: [
    "task(",
    '"fusionize"',
    ".async(",
    "import ",
    "export * from './x'",
    "await ",
    "async ",
    "=> ",
    "class A extends a ",
    "`${",
    "/*",
    "<T,>(",
    "satisfies ",
    "#!/",
    "__proto__",
    "constructor",
    "eval(",
    "import(",
    "yield* ",
    "?.[",
    "\\u{110000}",
  ],
  check(input) {
    const text = input.toString();
    const graph = discover([
      { file: "src/x.ts", text },
      { file: "src/y.ts", text: 'import { task } from "fusionize"; export const y = task("y", async () => 1);' },
    ]);
    assert(graph.tasks.some(({ name }) => name === "y") || graph.diagnostics.length > 0, "another file's task has gone");
    const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).length;
    for (const { file, line, column } of [...graph.diagnostics, ...graph.tasks, ...graph.calls])
      assert(
        file !== "src/x.ts" || (line >= 1 && line <= lines && column >= 1),
        `a place at ${line}:${column} of ${lines} lines`,
      );
    taskDefinitions("src/x.ts", text);
    const fine = !graph.diagnostics.some(({ code }) => code === "source-syntax" || code.startsWith("source-too"));
    const stripped = stripTasks("src/x.ts", text, new Set());
    if (!fine) return;
    const again = discover([{ file: "src/x.ts", text: stripped }]);
    const broken = again.diagnostics.find(({ code }) => code === "source-syntax");
    assert(broken === undefined, `stripped, it does not parse: ${broken?.message}\n${stripped.slice(0, 300)}`);
  },
};
export default target;
