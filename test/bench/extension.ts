import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { suite } from "../e2e/suite.ts";
import { repository } from "../e2e/vscode/setup.ts";
import { defineBench, type Peer } from "./bench.ts";

/** A workspace, made in a folder, that the extension is measured in. */
function editorIn(name: string, make: (folder: string, scale: number) => Promise<void>): Peer {
  return {
    name,
    setup: ({ folder, scale }) => make(join(folder, "workspace"), scale),
    async run({ folder }) {
      const measured = join(folder, "measured.json");
      const artifacts = join(folder, "artifacts");
      await mkdir(artifacts, { recursive: true });
      process.env["FUSIONIZE_MEASURED"] = measured;
      const outcomes = await suite(artifacts, { part: "measured", workspace: join(folder, "workspace") });
      const failed = outcomes.find(({ state }) => state === "failed");
      if (failed) throw new Error(`${failed.title}: ${failed.error}`);
      return JSON.parse(await readFile(measured, "utf8")) as Record<string, number>;
    },
  };
}

/** Without its table: the task that is changed needs none. */
async function iot(folder: string): Promise<void> {
  await cp(join(repository, "test/apps/iot"), folder, { recursive: true });
  await writeFile(join(folder, "fusionize.json"), JSON.stringify({ app: "iot", tasks: ["src/**/*.ts"] }));
  await symlink(join(repository, "node_modules"), join(folder, "node_modules"));
}

/** Half of the files hold a task that calls up to two others; the other half hold none. */
async function large(folder: string, scale: number): Promise<void> {
  const count = Math.max(10, Math.round(1_000 * scale));
  const files = new Map<string, string>([["fusionize.json", JSON.stringify({ app: "large", tasks: ["src/**/*.ts"] })]]);
  for (let index = 0; index < count; index += 1) {
    const callees = [index * 2 + 1, index * 2 + 2].filter((callee) => callee < count);
    const path = (at: number) => `part${at % 20}/task${at}.ts`;
    const imports = callees.map((callee) => `import { task${callee} } from "../${path(callee)}";`);
    const body = Array.from({ length: 20 }, (_, line) => `  const value${line} = event.readings.length * ${line + index};`);
    const calls = callees.map((callee) => `  await task${callee}({ readings: [value${callee % 20}] });`);
    files.set(
      `src/${path(index)}`,
      `import { task } from "fusionize";\n${imports.join("\n")}\n\nexport const task${index} = task("task${index}", async (event: { readings: number[] }) => {\n${[...body, ...calls].join("\n")}\n  return { total: value0 };\n});\n`,
    );
    files.set(`src/part${index % 20}/other${index}.ts`, plain(index));
  }
  await write(folder, files);
}

/** A workspace of another kind. */
async function foreign(folder: string, scale: number): Promise<void> {
  const count = Math.max(10, Math.round(2_000 * scale));
  const files = Array.from({ length: count }, (_, index): [string, string] => [
    `src/part${index % 20}/other${index}.ts`,
    plain(index),
  ]);
  await write(folder, new Map(files));
}

const plain = (index: number): string =>
  Array.from({ length: 20 }, (_, line) => `export const value${line} = (by: number) => by * ${index + line};\n`).join("");

async function write(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [file, text] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
}

export const bench = defineBench({
  name: "extension",
  description:
    "The extension in VS Code's server: `iot`, a generated app of 1,000 tasks in 2,000 files, and 2,000 files without a task. What activation takes; reading all sources when the window opens, and again after one unsaved edit; from the command to the call graph on the screen; in `iot`, run with `--fidelity fast`, from saving a changed task to the first answer of the new code.",
  metrics: [
    { name: "activation", unit: "ms", better: "lower" },
    { name: "first reading", unit: "ms", better: "lower" },
    { name: "reading after an edit", unit: "ms", better: "lower" },
    { name: "call graph on the screen", unit: "ms", better: "lower" },
    { name: "save to first answer", unit: "ms", better: "lower" },
  ],
  rounds: 3,
  peers: [editorIn("iot", iot), editorIn("1000 tasks in 2000 files", large), editorIn("2000 files without a task", foreign)],
  goals: [
    { peer: "iot", metric: "activation", atMost: 50 },
    { peer: "2000 files without a task", metric: "activation", atMost: 50 },
    { peer: "1000 tasks in 2000 files", metric: "first reading", atMost: 1_500 },
    { peer: "1000 tasks in 2000 files", metric: "reading after an edit", atMost: 50 },
    { peer: "iot", metric: "save to first answer", atMost: 300 },
  ],
});
