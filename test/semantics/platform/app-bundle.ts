/** One module with all tasks of an app and the fusion handler, for the platform inside the test's own process. */
import { build as bundle, type Plugin } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { App } from "../../../extension/application/types.ts";

const runtime = resolve(import.meta.dirname, "../../../extension/runtime");
/** Inside the repository, so that packages which stay outside the bundle are found from there. */
const output = resolve(import.meta.dirname, "../../artifacts/semantics");

/** A small change of the fusion handler's source: in each file every text is replaced by another. */
export type Mutation = Record<string, [from: string, to: string][]>;

/** @returns URL of the module. Each import of it with another query is a function instance of its own. */
export async function bundleApp(app: App, label: string, mutation: Mutation = {}): Promise<string> {
  const modules = [...new Set(app.graph.tasks.map(({ file }) => join(app.folder, file)))].sort();
  const entry = [
    `export { serve } from ${JSON.stringify(join(runtime, "handler.ts"))};`,
    ...modules.map((module) => `import ${JSON.stringify(module)};`),
  ];
  const { outputFiles } = await bundle({
    stdin: { contents: entry.join("\n"), resolveDir: app.folder, loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    keepNames: true,
    packages: "external",
    logLevel: "silent",
    plugins: [runtimeWith(mutation)],
  });
  await mkdir(output, { recursive: true });
  const file = join(output, `${app.config?.app ?? "app"}-${label}-${process.pid}.mjs`);
  await writeFile(file, outputFiles[0]!.contents);
  return new URL(`file://${file}`).href;
}

/** The runtime from source, mutated; its Lambda client is replaced by one that speaks to the platform in this process. */
function runtimeWith(mutation: Mutation): Plugin {
  return {
    name: "runtime",
    setup(build) {
      build.onResolve({ filter: /^fusionize$/ }, () => ({ path: join(runtime, "index.ts") }));
      build.onResolve({ filter: /^\.\/lambda\.ts$/ }, () => ({ path: join(import.meta.dirname, "invoker.ts") }));
      build.onLoad({ filter: /[\\/]extension[\\/]runtime[\\/][\w-]+\.ts$/ }, async ({ path }) => ({
        contents: mutate(basename(path), await readFile(path, "utf8"), mutation[basename(path)] ?? []),
        loader: "ts",
      }));
    },
  };
}

/** @throws Error when a text to replace does not stand in the source exactly once: the mutation is out of date. */
export function mutate(file: string, source: string, replacements: readonly [string, string][]): string {
  for (const [from, to] of replacements) {
    const count = source.split(from).length - 1;
    if (count !== 1) throw new Error(`${file} has ${count} places with the text to mutate: ${from}`);
    source = source.replace(from, () => to);
  }
  return source;
}
