import { expect, it } from "vitest";
import { createDiscovery, discover } from "../../../extension/discovery/index.ts";

const task = {
  file: "src/a.ts",
  text: `import { task } from "fusionize";\nimport { f } from "./f.ts";\nexport const a = task("a", () => f());\n`,
};
const between = { file: "src/f.ts", text: `import { b } from "./b.ts";\nexport const f = () => b();\n` };
const callee = { file: "src/b.ts", text: `import { task } from "fusionize";\nexport const b = task("b", () => 1);\n` };
const other = { file: "src/x.ts", text: `import { missing } from "./y.ts";\nmissing();\n` };
const others = { file: "src/y.ts", text: `export const present = 1;\n` };

it("judges only files that are connected with tasks by imports, over any number of steps", () => {
  const alone = discover([task, between, callee]);
  expect(alone.calls.map(({ from, to }) => `${from} ${to}`)).toEqual(["a b"]);
  expect(discover([other, task, others, between, callee])).toEqual(alone);
  const connected = { ...other, text: `import "./a.ts";\n${other.text}` };
  expect(discover([connected, task, others, between, callee]).diagnostics.map(({ code }) => code)).toEqual(["export-unknown"]);
});

it("still says what cannot be read, wherever it is: it may hold a task", () => {
  expect(discover([task, between, callee, { file: "src/z.ts", text: "export const = 1;" }]).diagnostics).toHaveLength(1);
});

it("sees a connection that comes with an edit, and one that goes", () => {
  const discovery = createDiscovery();
  for (const { file, text } of [{ ...task, text: task.text.replace("f()", "1").replace(/import \{ f.*\n/, "") }, between, callee])
    discovery.update(file, text);
  expect(discovery.graph().calls).toEqual([]);
  discovery.update(task.file, task.text);
  expect(discovery.graph().calls).toHaveLength(1);
  discovery.update(between.file, undefined);
  expect(discovery.graph().calls).toEqual([]);
});
