import { checkSetup } from "../../../../extension/core/check-setup.ts";
import { applyEdits, editSetup } from "../../../../extension/core/config-edit.ts";
import { parseConfig } from "../../../../extension/core/config.ts";
import { renameInConfig } from "../../../../extension/core/rename-task.ts";
import { discover } from "../../../../extension/discovery/index.ts";
import { assert, type FuzzTarget } from "../target.ts";

const graph = discover([
  {
    file: "src/tasks.ts",
    text: `import { task } from "fusionize";
export const a = task("a", async () => { await b(); c.async(1); });
export const b = task("b", async () => c());
export const c = task("c", async () => 1);`,
  },
]);

const target: FuzzTarget = {
  tokens: [
    '"functions"',
    '"inline"',
    '"inlineAsync"',
    '"memory"',
    '"__proto__"',
    '"constructor"',
    "1e999",
    "-0",
    "/*",
    "*/",
    "//",
    '"\\ud800"',
    '"toString"',
    '"constraints"',
    '"version"',
    "\uFEFF",
    "\r\n",
  ],
  check(input) {
    const text = input.toString();
    const { config, diagnostics } = parseConfig(text, "app");
    for (const { line, column } of diagnostics)
      assert(line >= 1 && column >= 1 && line <= text.split(/\r\n|\r|\n/).length, `a finding at ${line}:${column}`);
    if (!config) return;
    checkSetup(graph, config.functions, config.constraints);
    if (diagnostics.some(({ severity }) => severity === "error")) return;
    const edited = applyEdits(text, editSetup(text, config.functions, { a: { memory: 1769, inline: ["b", "c"] } }));
    const again = parseConfig(edited, "app");
    assert(
      again.config !== undefined && !again.diagnostics.some(({ severity }) => severity === "error"),
      `after an edit: ${edited.slice(0, 300)}`,
    );
    const renamed = parseConfig(applyEdits(text, renameInConfig(text, "a", "z")), "app");
    assert(
      !renamed.diagnostics.some(({ severity, code }) => severity === "error" && code === "setup-file-syntax"),
      "after renaming it does not parse",
    );
  },
};
export default target;
