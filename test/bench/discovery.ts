import { parse } from "@babel/parser";
import { type SourceFile, createDiscovery } from "../../extension/discovery/index.ts";
import { type Peer, defineBench } from "./bench.ts";

const SIZES = [10, 100, 1000, 3000] as const;

/**
 * An app of `tasks` tasks, a file each, and a helper every ten: every task calls up to three others by import, by a helper
 * that takes the task as an argument, inside Promise.all and asynchronously, as apps do.
 */
function workspace(tasks: number): SourceFile[] {
  const name = (index: number) => `task${index}`;
  const files: SourceFile[] = [];
  for (let index = 0; index < tasks; index++) {
    const callees = [index * 3 + 1, index * 3 + 2, index * 3 + 3].filter((callee) => callee < tasks);
    const imports = callees.map((callee) => `import { ${name(callee)} } from "./${name(callee)}.ts";`);
    const [first, second, third] = callees.map(name);
    const calls = [
      first && `  const checked = await ${first}({ id: event.id, readings: event.readings.slice(0, 10) });`,
      second &&
        `  await Promise.all(event.readings.map(async (reading) => await ${second}({ id: event.id, readings: [reading] })));`,
      third && `  await ${third}.async({ id: event.id, readings: [] });`,
    ].filter(Boolean);
    const filler = Array.from(
      { length: 20 },
      (_, line) => `  const value${line} = event.readings.reduce((sum, reading) => sum + reading * ${line}, ${index});`,
    );
    const text = `import { task } from "fusionize";
${imports.join("\n")}
import { round } from "./helper${Math.floor(index / 10)}.ts";

export interface Event {
  readonly id: string;
  readonly readings: readonly number[];
}

/** Task ${index} of a generated app. */
export const ${name(index)} = task("${name(index)}", async (event: Event) => {
${calls.join("\n")}
${filler.join("\n")}
  return { id: event.id, total: round(value0 + value19)${first ? ", checked" : ""} };
});
`;
    files.push({ file: `src/${name(index)}.ts`, text });
    if (index % 10 === 0) {
      const helper = "export const round = (value: number): number => Math.round(value * 100) / 100;\n";
      files.push({ file: `src/helper${index / 10}.ts`, text: helper });
    }
  }
  return files;
}

const workspaces = new Map<number, SourceFile[]>();
function filesOf(size: number): SourceFile[] {
  let files = workspaces.get(size);
  if (!files) workspaces.set(size, (files = workspace(size)));
  return files;
}

const sizes = (scale: number) => SIZES.filter((size) => size <= Math.max(10, 3000 * scale));

function discoveryPeer(): Peer {
  return {
    name: "discovery",
    async run({ scale }, round) {
      const values: Record<string, number> = {};
      for (const size of sizes(scale)) {
        const files = filesOf(size);
        const discovery = createDiscovery();
        let start = performance.now();
        for (const { file, text } of files) discovery.update(file, text);
        const graph = discovery.graph();
        values[`cold, ${size} tasks`] = performance.now() - start;
        const expected = files.filter(({ file }) => file.startsWith("src/task")).length;
        if (graph.tasks.length !== expected || graph.calls.length !== expected - 1)
          throw new Error(`the graph of ${size} tasks is wrong`);
        const edited = files[Math.floor(files.length / 2)] as SourceFile;
        start = performance.now();
        discovery.update(edited.file, `${edited.text}// edit ${round}\n`);
        discovery.graph();
        values[`edit, ${size} tasks`] = performance.now() - start;
      }
      return values;
    },
  };
}

/** What any tool that reads the sources with this parser pays at least. */
function parserPeer(): Peer {
  return {
    name: "parsing alone",
    async run({ scale }) {
      const values: Record<string, number> = {};
      for (const size of sizes(scale)) {
        const files = filesOf(size);
        const start = performance.now();
        for (const { text } of files) parse(text, { sourceType: "module", plugins: ["typescript"] });
        values[`cold, ${size} tasks`] = performance.now() - start;
      }
      return values;
    },
  };
}

export const bench = defineBench({
  name: "discovery",
  description:
    "Tasks and calls of generated apps, one file of 35 lines a task: all files new, and again after an edit of one file. " +
    "`parsing alone` runs the parser over the same files and is a floor.",
  metrics: SIZES.flatMap((size) => [
    { name: `cold, ${size} tasks`, unit: "ms", better: "lower" as const },
    { name: `edit, ${size} tasks`, unit: "ms", better: "lower" as const },
  ]),
  rounds: 5,
  peers: [parserPeer(), discoveryPeer()],
});
