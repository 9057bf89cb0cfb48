import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadApp } from "../../../extension/application/app.ts";
import { createDiscovery } from "../../../extension/discovery/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fusionize-load-"));
  await mkdir(join(folder, "src"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => writeFile(join(folder, file), text);
const task = (name: string) => `import { task } from "fusionize";\nexport const ${name} = task("${name}", () => 1);\n`;

it("looks only at the files that were edited, where it is told which", async () => {
  for (const name of ["a", "b"]) await write(`src/${name}.ts`, task(name));
  const discovery = createDiscovery();
  const names = async (edited?: string[]) => {
    const files = edited && new Set(edited.map((file) => join(folder, file)));
    const { graph } = await loadApp(folder, { discovery, ...(files && { edited: files }) });
    return graph.tasks.map(({ name }) => name);
  };
  // Nothing is known yet: all is read, whatever was edited.
  expect(await names(["src/b.ts"])).toEqual(["a", "b"]);
  await write("src/a.ts", task("first"));
  await write("src/b.ts", task("second"));
  expect(await names(["src/b.ts"])).toEqual(["a", "second"]);
  expect(await names()).toEqual(["first", "second"]);
  // The setup file decides which files are sources.
  await write("fusionize.json", JSON.stringify({ app: "x", tasks: ["src/a.ts"] }));
  expect(await names(["fusionize.json"])).toEqual(["first"]);
});
